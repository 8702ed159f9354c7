import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Act, ActButton } from "./act.tsx";
import { CopyId } from "./copy-id.tsx";
import { LinkButton } from "./button.tsx";

export interface EmptyStateProps {
  /** What will stand here. */
  title: string;
  /** How to begin, or why there is nothing. */
  text?: ReactNode;
  act?: Act | undefined;
}

/** Nothing here yet: what will stand here and how to begin. */
export function EmptyState({ title, text, act }: EmptyStateProps) {
  return (
    <div className="ui-empty">
      <p>
        <strong>{title}</strong>
      </p>
      {text ? <p>{text}</p> : null}
      {act ? (
        <div className="ui-acts">
          <ActButton act={act} kind={act.kind ?? "plain"} />
        </div>
      ) : null}
    </div>
  );
}

export interface ErrorStateProps {
  /** HTTP status or stable code, small above the title. */
  code?: string | number | undefined;
  title: string;
  text?: ReactNode;
  /** Under this the log tells more. */
  requestId?: string | undefined;
  children?: ReactNode;
}

/** A whole page that failed: what happened, what to do, under which number it can be asked about. */
export function ErrorState({ code, title, text, requestId, children }: ErrorStateProps) {
  return (
    <div className="ui-state" role="alert">
      {code === undefined ? null : <p className="ui-state-code">{code}</p>}
      <h1>{title}</h1>
      {text ? <p>{text}</p> : null}
      <div className="ui-acts">{children}</div>
      {requestId ? (
        <p className="ui-hint">
          {m.ui_request_id()} <CopyId value={requestId} />
        </p>
      ) : null}
    </div>
  );
}

/** The page that is not there, or not for this reader: the two are not told apart. */
export function NotFound() {
  return (
    <ErrorState code={404} title={m.ui_not_found()} text={m.ui_not_found_text()}>
      <LinkButton to="/" kind="main" reload>
        {m.ui_to_start()}
      </LinkButton>
    </ErrorState>
  );
}

export interface ProgressProps {
  /** What is being done. */
  label: string;
  /** Done so far; undefined while nobody knows. */
  value?: number | undefined;
  max?: number | undefined;
  /** How much is left, in words: «还剩约 20 秒». */
  left?: string | undefined;
}

/** Long work: what is done, how far it is, how much is left. Of spans only, so that it may stand in a paragraph. */
export function Progress({ label, value, max = 100, left }: ProgressProps) {
  const share = value === undefined || max <= 0 ? undefined : Math.max(0, Math.min(1, value / max));
  return (
    <span className="ui-progress">
      <span className="ui-progress-head">
        <span>{label}</span>
        <span>{left ?? (share === undefined ? m.ui_working() : `${Math.floor(share * 100)}%`)}</span>
      </span>
      <span
        className={share === undefined ? "ui-meter ui-meter-moving" : "ui-meter"}
        role="progressbar"
        aria-label={label}
        {...(share === undefined
          ? {}
          : { "aria-valuenow": Math.floor(share * 100), "aria-valuemin": 0, "aria-valuemax": 100 })}
      >
        <span {...(share === undefined ? {} : { style: { width: `${share * 100}%` } })} />
      </span>
    </span>
  );
}
