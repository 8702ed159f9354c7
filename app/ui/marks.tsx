import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "./cx.ts";
import { Shape, type ShapeName } from "./icon.tsx";

export type Status = ShapeName;

function statusWord(status: Status): string {
  switch (status) {
    case "late":
      return m.ui_status_late();
    case "due":
      return m.ui_status_due();
    case "done":
      return m.ui_status_done();
    case "returned":
      return m.ui_status_returned();
    case "waiting":
      return m.ui_status_waiting();
    case "running":
      return m.ui_status_running();
    case "draft":
      return m.ui_status_draft();
    case "off":
      return m.ui_status_off();
  }
}

export interface StatusMarkProps {
  status: Status;
  /** More exact words than the state's own: «逾期 3 天». */
  children?: ReactNode;
}

/** A state by shape, colour and word, never by colour alone (WCAG 2.2, 1.4.1). */
export function StatusMark({ status, children }: StatusMarkProps) {
  const tone = status === "late" || status === "due" || status === "done" || status === "returned" ? status : "quiet";
  return (
    <span className={cx("ui-mark", `ui-mark-${tone}`)}>
      <Shape name={status} />
      {children ?? statusWord(status)}
    </span>
  );
}

/** Days to a deadline as late ▲, due soon ◐ (within `soon` days) or still far. `days` from daysBetween(now, due). */
export function DueMark({ days, soon = 7 }: { days: number; soon?: number }) {
  if (days < 0) return <StatusMark status="late">{m.ui_days_late({ days: -days })}</StatusMark>;
  if (days === 0) return <StatusMark status="due">{m.ui_due_today()}</StatusMark>;
  if (days <= soon) return <StatusMark status="due">{m.ui_days_left({ days })}</StatusMark>;
  return <StatusMark status="draft">{m.ui_days_left({ days })}</StatusMark>;
}

/** A short fact in a frame: a version, a kind. */
export function Badge({ children, accent = false }: { children: ReactNode; accent?: boolean }) {
  return <span className={cx("ui-badge", accent && "ui-badge-accent")}>{children}</span>;
}

export type RiskStep = 1 | 2 | 3 | 4 | 5;
/** A level as a number of the database, which holds 1–5 by a check. */
export const riskStep = (level: number): RiskStep =>
  level === 1 || level === 2 || level === 3 || level === 4 ? level : 5;

/** 很低 低 中 高 很高. */
export function riskWord(level: RiskStep): string {
  switch (level) {
    case 1:
      return m.ui_level_1();
    case 2:
      return m.ui_level_2();
    case 3:
      return m.ui_level_3();
    case 4:
      return m.ui_level_4();
    case 5:
      return m.ui_level_5();
  }
}

/** A level of risk: its number on the ramp, and its word. `bare` drops the word where the column is narrow; it stays for readers. */
export function RiskLevel({ level, bare = false }: { level: RiskStep; bare?: boolean }) {
  return (
    <span className={`ui-level ui-level-${level}`} {...(bare ? { title: riskWord(level) } : {})}>
      <b aria-hidden="true">{level}</b>
      <span className={bare ? "ui-sr" : ""}>{riskWord(level)}</span>
    </span>
  );
}
