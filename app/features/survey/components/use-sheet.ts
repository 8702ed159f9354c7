import { useEffect, useState, useSyncExternalStore } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Cell, type Row, type Sent, type SentCell, type SheetState, SheetStore } from "./sheet-store.ts";

interface Answer {
  ok: boolean;
  data?: Extract<Sent, { ok: true }>;
  lastResult?: { error?: Record<string, string[] | null> | null };
  error?: { message: string } | null;
  message?: string;
}

/** Faults of a form's fields, `cells[3].note`, by the cells that were sent. */
function refusedOf({ lastResult }: Answer, cells: readonly SentCell[]) {
  const refused = new Map<string, Record<string, string[]>>();
  for (const [name, texts] of Object.entries(lastResult?.error ?? {})) {
    const [, at, field = ""] = /^cells\[([0-9]+)\]\.?(.*)$/.exec(name) ?? [];
    const cell = at === undefined ? undefined : cells[Number(at)];
    if (cell && texts) refused.set(cell.controlCode, { ...refused.get(cell.controlCode), [field]: texts });
  }
  return [...refused].map(([controlCode, errors]) => ({ controlCode, errors }));
}

/** Posts cells as the form of the page would, to the address that renders nothing. */
async function post(action: string, cells: readonly SentCell[]): Promise<Sent> {
  const form = new FormData();
  form.set("intent", "cells");
  cells.forEach((cell, n) => {
    for (const [name, value] of Object.entries(cell))
      if (value !== null) form.set(`cells[${n}].${name}`, String(value));
  });
  let response: Response;
  try {
    response = await fetch(action, {
      method: "POST",
      body: form,
      redirect: "manual",
      headers: { Accept: "application/json" },
    });
  } catch {
    return { ok: false, offline: true, message: "" };
  }
  if (response.type === "opaqueredirect") return { ok: false, offline: false, message: m.survey_signed_out() };
  if (response.status === 502 || response.status === 503 || response.status === 504)
    return { ok: false, offline: true, message: "" };
  const answer = (await response.json().catch(() => ({ ok: false }))) as Answer;
  if (answer.ok && answer.data) {
    const { saved, conflicts, refused } = answer.data;
    return { ok: true, saved, conflicts, refused };
  }
  const refused = refusedOf(answer, cells);
  const message = answer.error?.message ?? answer.message ?? m.survey_save_refused();
  return { ok: false, offline: false, message, ...(refused.length > 0 ? { refused } : {}) };
}

function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** The store of one response for the life of the page; leaves nothing unsaved without asking. */
export function useSheet(
  documentId: string,
  action: string,
  cells: readonly (Cell & { controlCode: string })[],
): SheetStore {
  const [store] = useState(() => {
    const known = new Map(
      cells.map(({ controlCode, value, note, evidenceRef, rev }) => [controlCode, { value, note, evidenceRef, rev }]),
    );
    return new SheetStore({
      key: `anshi-sheet-${documentId}`,
      cells: known,
      storage: typeof window === "undefined" ? null : browserStorage(),
      send: (list) => post(action, list),
    });
  });
  useEffect(() => {
    store.resume();
    const flush = () => void store.flush();
    const hidden = () => {
      if (document.visibilityState === "hidden") flush();
    };
    const leaving = (event: BeforeUnloadEvent) => {
      const { state } = store.status();
      // What was refused lives in this browser alone, as what is not sent yet.
      if (state === "dirty" || state === "saving" || state === "failed") {
        flush();
        event.preventDefault();
      }
    };
    window.addEventListener("online", flush);
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("beforeunload", leaving);
    return () => {
      flush();
      window.removeEventListener("online", flush);
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("beforeunload", leaving);
    };
  }, [store]);
  return store;
}

/** One row; the component is drawn again only when this row changes. */
export const useRow = (store: SheetStore, code: string): Row =>
  useSyncExternalStore(
    store.subscribe,
    () => store.get(code),
    () => store.get(code),
  );
export const useSheetState = (store: SheetStore): SheetState =>
  useSyncExternalStore(store.subscribe, store.status, store.status);
/** How many of these questions are answered. */
export const useAnswered = (store: SheetStore, codes: readonly string[]): number => {
  const count = () => codes.filter((c) => store.get(c).value !== null).length;
  return useSyncExternalStore(store.subscribe, count, count);
};
