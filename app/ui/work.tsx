import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "./cx.ts";
import { Shape } from "./icon.tsx";
import { progressWord } from "./progress-word.ts";
import { StatusMark } from "./marks.tsx";

export interface PhaseItem {
  key: string;
  label: string;
  /** `off`: the way does not lead through it; its note says why. */
  state: "done" | "now" | "ahead" | "off";
  late?: boolean | undefined;
  to?: string | undefined;
  /** Date or short word under the name: «2026-11-22». */
  note?: ReactNode;
}

/** Phases as one line across: done, now, to come; late ones marked. */
export function PhaseLine({ label, phases }: { label: string; phases: readonly PhaseItem[] }) {
  return (
    <ol className="ui-phases" aria-label={label}>
      {phases.map((phase) => {
        const words = (
          <>
            {phase.state === "done" ? <Shape name="done" size={11} /> : null}
            {phase.label}
            {phase.state === "off" ? null : <span className="ui-sr">{progressWord(phase.state)}</span>}
          </>
        );
        return (
          <li
            key={phase.key}
            className={cx("ui-phase", `ui-phase-${phase.state}`, phase.late && "ui-phase-late")}
            {...(phase.state === "now" ? { "aria-current": "step" as const } : {})}
          >
            {phase.to ? <Link to={phase.to}>{words}</Link> : <span>{words}</span>}
            {phase.note ? <small>{phase.note}</small> : null}
            {phase.late ? (
              <small>
                <StatusMark status="late" />
              </small>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

export interface ChecklistItem {
  key: string;
  label: ReactNode;
  done: boolean;
  /** The very place where it is mended. */
  to?: string | undefined;
  /** How far, in short: «34 / 72». */
  count?: string | undefined;
  /** What exactly is missing. */
  note?: ReactNode;
}

/** What is missing to move on. Open items first in the eye, each leads to its place. */
export function Checklist({ label, items }: { label: string; items: readonly ChecklistItem[] }) {
  return (
    <ul className="ui-check" aria-label={label}>
      {items.map((item) => (
        <li key={item.key} className={item.done ? "ui-check-done" : "ui-check-open"}>
          <Shape name={item.done ? "done" : "draft"} size={13} />
          <span>
            <span className="ui-sr">{item.done ? m.ui_check_done() : m.ui_check_open()}</span>
            {item.to && !item.done ? <Link to={item.to}>{item.label}</Link> : item.label}
          </span>
          {item.count ? <span className="ui-check-count">{item.count}</span> : <span />}
          {item.note ? <span className="ui-hint">{item.note}</span> : null}
        </li>
      ))}
    </ul>
  );
}

export interface TimelineItem {
  id: string;
  /** What happened, in words. */
  what: ReactNode;
  who?: ReactNode;
  at: Date | string;
  /** What it happened to, where the page does not say so already. */
  about?: string | undefined;
  /** The reason given, as it was written. */
  why?: string | null | undefined;
  tone?: "plain" | "strong" | "late" | "returned" | undefined;
}

/** What happened, newest first: when, who, what, why. */
export function Timeline({ label, items, zone }: { label: string; items: readonly TimelineItem[]; zone?: string }) {
  return (
    <ol className="ui-time" aria-label={label}>
      {items.map((item) => (
        <li key={item.id} className={cx(item.tone && item.tone !== "plain" && `ui-time-${item.tone}`)}>
          <div>{item.what}</div>
          <div className="ui-time-when">
            <time dateTime={new Date(item.at).toISOString()}>{formatDateTime(item.at, zone)}</time>
            {item.who ? <> · {item.who}</> : null}
            {item.about ? <> · {item.about}</> : null}
          </div>
          {item.why ? <div className="ui-time-why">{item.why}</div> : null}
        </li>
      ))}
    </ol>
  );
}
