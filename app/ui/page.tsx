import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Act, ActMenu } from "./act.tsx";
import { cx } from "./cx.ts";

interface Crumb {
  label: string;
  to: string;
}

export interface PageHeaderProps {
  /** What the page is. */
  title: string;
  /** Of whom: sector, site, system. */
  of?: ReactNode;
  /** The state in words: a StatusMark or Badge. */
  state?: ReactNode;
  /** «第 3 版» or a date of saving. */
  version?: ReactNode;
  /** More short facts after those. */
  meta?: ReactNode;
  main?: Act | null | undefined;
  rest?: readonly Act[] | undefined;
  crumbs?: readonly Crumb[] | undefined;
  /** Acts that fit neither: a form with its own fields. */
  children?: ReactNode;
}

/** Head of every page: what it is and of whom, its state and version, the one main act; the rest behind «…». */
export function PageHeader({ title, of, state, version, meta, main, rest, crumbs = [], children }: PageHeaderProps) {
  return (
    <header className="ui-head">
      {crumbs.length > 0 ? (
        <nav aria-label={m.ui_crumbs()} className="ui-head-crumbs">
          <ol className="ui-head-crumbs">
            {crumbs.map((crumb) => (
              <li key={crumb.to}>
                <Link to={crumb.to}>{crumb.label}</Link>
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <h1>
        {title}
        {of ? <span className="ui-head-of">{of}</span> : null}
      </h1>
      <div className="ui-head-acts ui-acts">
        {children}
        <ActMenu main={main} rest={rest} />
      </div>
      {state || version || meta ? (
        <div className="ui-head-meta">
          {state}
          {version ? <span>{version}</span> : null}
          {meta}
        </div>
      ) : null}
    </header>
  );
}

export interface SectionProps {
  title: string;
  /** For links to this place. */
  id?: string | undefined;
  /** A short line under the title. */
  note?: ReactNode;
  /** Links and small buttons at the right of the title. */
  acts?: ReactNode;
  /** 3 inside another section. */
  level?: 2 | 3 | undefined;
  children: ReactNode;
}

/** A part of a page under its own heading. Found by the heading: a landmark each would bury the few that matter. */
export function Section({ title, id, note, acts, level = 2, children }: SectionProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section className="ui-section" {...(id ? { id } : {})}>
      <div className="ui-section-head">
        <div>
          <Heading>{title}</Heading>
          {note ? <p className="ui-hint">{note}</p> : null}
        </div>
        {acts ? <div className="ui-acts">{acts}</div> : null}
      </div>
      {children}
    </section>
  );
}

/** Main column and a narrower one (`even`: two equal ones); one below the other on narrow screens. */
export function Split({ children, side, even = false }: { children: ReactNode; side: ReactNode; even?: boolean }) {
  return (
    <div className={cx("ui-split", even && "ui-split-even")}>
      <div>{children}</div>
      <div>{side}</div>
    </div>
  );
}

export interface TabItem {
  to: string;
  label: string;
  count?: number | undefined;
  current: boolean;
}

/** On a phone the tabs scroll: the one we are on is brought into sight, without moving the page. */
function intoSight(tab: HTMLElement | null): void {
  const row = tab?.parentElement;
  if (!row) return;
  const [place, seen] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  if (place.right > seen.right) row.scrollLeft += place.right - seen.right;
  else if (place.left < seen.left) row.scrollLeft -= seen.left - place.left;
}

/** Views of one thing, as links: each has its own address. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly TabItem[] }) {
  return (
    <nav className="ui-tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          {...(tab.current ? { "aria-current": "page" as const, ref: intoSight } : {})}
          preventScrollReset
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="ui-count">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

export interface KeyValueItem {
  key: string;
  value: ReactNode;
}

/** Facts as pairs; an absent one shows «—». */
export function KeyValue({ items, single = false }: { items: readonly KeyValueItem[]; single?: boolean }) {
  return (
    <dl className={cx("ui-kv", single && "ui-kv-1")}>
      {items.map((item) => (
        <div key={item.key}>
          <dt>{item.key}</dt>
          <dd>{item.value === null || item.value === undefined || item.value === "" ? <None /> : item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** No value: a dash for the eye, a word for the ear. */
export function None() {
  return (
    <span className="ui-none">
      <span aria-hidden="true">—</span>
      <span className="ui-sr">{m.ui_none()}</span>
    </span>
  );
}
