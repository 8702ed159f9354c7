import { useNavigate } from "@remix-run/react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { buttonClass } from "../button.tsx";
import { Icon } from "../icon.tsx";
import type { Place } from "./types.ts";

/** One thing found: `GET /search.json?q=` answers `{items: SearchItem[]}`, best first, in the reader's language. */
export interface SearchItem {
  to: string;
  label: string;
  /** What kind of thing: «试点», «条款». */
  kind: string;
}

function useFound(query: string, open: boolean): { items: readonly SearchItem[]; state: "idle" | "busy" | "failed" } {
  const [found, set] = useState<{ items: readonly SearchItem[]; state: "idle" | "busy" | "failed" }>({ items: [], state: "idle" });
  useEffect(() => {
    if (!open || query.trim().length === 0) {
      set({ items: [], state: "idle" });
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      set((before) => ({ ...before, state: "busy" }));
      try {
        const answer = await fetch(`/search.json?q=${encodeURIComponent(query.trim())}`, { signal: stop.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const body = (await answer.json()) as { items: SearchItem[] };
        set({ items: body.items, state: "idle" });
      } catch {
        if (!stop.signal.aborted) set({ items: [], state: "failed" });
      }
    }, 120);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [query, open]);
  return found;
}

function note(query: string, count: number, state: "idle" | "busy" | "failed"): string {
  if (state === "failed") return m.ui_search_failed();
  if (query.trim() === "") return m.ui_search_places();
  if (state === "busy" && count === 0) return m.ui_loading();
  return count === 0 ? m.ui_search_nothing({ query: query.trim() }) : m.ui_search_found({ count });
}

/** Where every page, pilot, risk and clause is reached by keyboard. Without script the button leads to the search page. */
export function Palette({ places }: { places: readonly Place[] }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const { items: found, state } = useFound(query, open);
  const here = places.filter((place) => place.label.toLowerCase().includes(query.trim().toLowerCase())).map((place) => ({ to: place.to, label: place.label, kind: m.ui_page() }));
  const items = [...here, ...found];

  const show = () => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
    setOpen(true);
  };
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      show();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const go = (to: string) => {
    dialog.current?.close();
    navigate(to);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setAt((now) => (Math.min(now, items.length - 1) + step + items.length) % items.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const chosen = items[Math.min(at, items.length - 1)];
      go(chosen ? chosen.to : `/search?q=${encodeURIComponent(query)}`);
    }
  };
  return (
    <>
      <a
        className={buttonClass({}, "ui-search-btn")}
        href="/search"
        aria-keyshortcuts="Control+K"
        onClick={(event) => {
          event.preventDefault();
          show();
        }}
      >
        <Icon name="search" />
        <span>{m.ui_search()}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </a>
      <dialog ref={dialog} className="ui-palette" aria-label={m.ui_search()} onClose={() => setOpen(false)}>
        <form method="get" action="/search">
          <input
            name="q"
            type="text"
            role="combobox"
            aria-expanded={items.length > 0}
            aria-controls={`${id}list`}
            aria-autocomplete="list"
            aria-label={m.ui_search()}
            {...(items.length > 0 ? { "aria-activedescendant": `${id}${Math.min(at, items.length - 1)}` } : {})}
            autoComplete="off"
            spellCheck={false}
            placeholder={m.ui_search_hint()}
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKey}
          />
        </form>
        {open ? (
          <>
            <ul role="listbox" id={`${id}list`} aria-label={m.ui_search_results()} hidden={items.length === 0}>
              {items.map((item, index) => (
                <li key={item.to + item.kind} id={`${id}${index}`} role="option" aria-selected={index === Math.min(at, items.length - 1)} onClick={() => go(item.to)} onPointerMove={() => setAt(index)}>
                  <span>{item.label}</span>
                  <small>{item.kind}</small>
                </li>
              ))}
            </ul>
            <p className="ui-palette-note" role="status">
              {note(query, items.length, state)}
            </p>
          </>
        ) : null}
      </dialog>
    </>
  );
}
