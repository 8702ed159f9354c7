import { useNavigate } from "@remix-run/react";
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from "react";
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

type State = "idle" | "busy" | "failed";
interface Found {
  query: string;
  items: readonly SearchItem[];
  state: State;
}

async function ask(query: string, signal: AbortSignal): Promise<Found> {
  try {
    const answer = await fetch(`/search.json?q=${encodeURIComponent(query)}`, {
      signal,
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = (await answer.json()) as { items: SearchItem[] };
    return { query, items: body.items, state: "idle" };
  } catch {
    return { query, items: [], state: "failed" };
  }
}

/** What the server finds, a moment after the last key. Until the answer is there the last one stands, so the list does not jump. */
function useFound(query: string): { items: readonly SearchItem[]; state: State } {
  const [found, set] = useState<Found>({ query: "", items: [], state: "idle" });
  useEffect(() => {
    if (query === "") return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void ask(query, stop.signal).then((answer) => {
        if (!stop.signal.aborted) set(answer);
      });
    }, 120);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [query]);
  if (query === "") return { items: [], state: "idle" };
  return { items: found.items, state: found.query === query ? found.state : "busy" };
}

function note(query: string, count: number, state: State): string {
  if (state === "failed") return m.ui_search_failed();
  if (query.trim() === "") return m.ui_search_places();
  if (state === "busy" && count === 0) return m.ui_loading();
  return count === 0 ? m.ui_search_nothing({ query: query.trim() }) : m.ui_search_found({ count });
}

interface ResultsProps {
  id: string;
  items: readonly SearchItem[];
  at: number;
  setAt: (at: number) => void;
  go: (to: string) => void;
}

/** The list under a combobox: the focus stays in the text, the chosen one is told by `aria-activedescendant` (ARIA APG, combobox). */
function Results({ id, items, at, setAt, go }: ResultsProps) {
  return (
    <div role="listbox" id={`${id}list`} aria-label={m.ui_search_results()} hidden={items.length === 0}>
      {items.map((item, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys are taken by the combobox
        <div
          key={item.to + item.kind}
          id={`${id}${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => go(item.to)}
          onPointerMove={() => setAt(index)}
        >
          <span>{item.label}</span>
          <small>{item.kind}</small>
        </div>
      ))}
    </div>
  );
}

/** Ctrl-K, or ⌘K. */
function useShortcut(show: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      show();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [show]);
}

const takeFocus = (input: HTMLInputElement | null) => input?.focus();

function Search({ id, places, go }: { id: string; places: readonly Place[]; go: (to: string) => void }) {
  const [query, setQuery] = useState("");
  const [marked, setMarked] = useState(0);
  const wanted = query.trim();
  const { items: found, state } = useFound(wanted);
  const here = places
    .filter((place) => place.label.toLowerCase().includes(wanted.toLowerCase()))
    .map((place) => ({ to: place.to, label: place.label, kind: m.ui_page() }));
  const items = [...here, ...found];
  const at = Math.min(marked, items.length - 1);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setMarked((at + step + items.length) % items.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      go(items[at]?.to ?? `/search?q=${encodeURIComponent(wanted)}`);
    }
  };
  return (
    <>
      <input
        ref={takeFocus}
        name="q"
        type="text"
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-label={m.ui_search()}
        {...(at >= 0 ? { "aria-activedescendant": `${id}${at}` } : {})}
        autoComplete="off"
        spellCheck={false}
        placeholder={m.ui_search_hint()}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setMarked(0);
        }}
        onKeyDown={onKey}
      />
      <Results id={id} items={items} at={at} setAt={setMarked} go={go} />
      <p className="ui-palette-note" role="status">
        {note(query, items.length, state)}
      </p>
    </>
  );
}

/** Where every page, pilot, risk and clause is reached by keyboard. Without script the button leads to the search page. */
export function Palette({ places }: { places: readonly Place[] }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const show = useCallback(() => {
    setOpen(true);
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  useShortcut(show);
  const go = (to: string) => {
    dialog.current?.close();
    navigate(to);
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
        {open ? <Search id={id} places={places} go={go} /> : null}
      </dialog>
    </>
  );
}
