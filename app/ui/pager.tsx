import { Link, useLocation } from "@remix-run/react";
import { m } from "#app/i18n/paraglide/messages.js";
import { withParams } from "./address.ts";
import { buttonClass } from "./button.tsx";
import { Icon } from "./icon.tsx";

export interface PagerProps {
  /** Cursor of the next page; null on the last. Opaque, from the loader. */
  next: string | null;
  /** Cursor of the page before; null on the first one, undefined where the loader cannot go back (then «first page» stands). */
  previous?: string | null | undefined;
  /** Parameter that carries it. */
  param?: string | undefined;
}

/** Pages by cursor: the next one, and the way back. Nothing when all fits on one page. */
export function Pager({ next, previous, param = "cursor" }: PagerProps) {
  const { search } = useLocation();
  const here = new URLSearchParams(search).get(param);
  const first = here === null || here === "";
  if (next === null && first) return null;
  const back = previous === undefined ? null : previous;
  return (
    <nav className="ui-pager" aria-label={m.ui_pages()}>
      {first ? null : (
        <Link className={buttonClass({ size: "s" })} to={withParams(search, { [param]: back })} rel="prev">
          <Icon name="left" size={14} />
          {back === null ? m.ui_first_page() : m.ui_previous_page()}
        </Link>
      )}
      {next === null ? (
        <span>{m.ui_last_page()}</span>
      ) : (
        <Link className={buttonClass({ size: "s" })} to={withParams(search, { [param]: next })} rel="next">
          {m.ui_next_page()}
          <Icon name="right" size={14} />
        </Link>
      )}
    </nav>
  );
}
