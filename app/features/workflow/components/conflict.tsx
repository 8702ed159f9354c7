import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";

interface Since {
  actorName: string;
  label: string;
  toLabel: string;
  at: string | Date;
  reason: string;
}
const isSince = (value: unknown): value is Since =>
  typeof value === "object" && value !== null && "actorName" in value && "toLabel" in value;

/** The answer to an act: done, refused with its reasons, or too late, and then what happened meanwhile. */
export function EventOutcome({ result, intent = "act" }: { result: ActionResult | undefined; intent?: string }) {
  if (!result || result.intent !== intent) return null;
  if (result.ok) return result.notice ? <Notice tone="done" title={result.notice} live /> : null;
  if (!result.error) {
    const words = Object.values(result.lastResult.error ?? {}).flatMap((texts) => texts ?? []);
    return (
      <Notice tone="late" title={m.workflow_ui_refused_title()} live>
        {words.join(" ")}
      </Notice>
    );
  }
  if (result.error.code !== "stale_version") {
    return (
      <Notice tone="late" title={m.workflow_ui_refused_title()} live>
        {result.error.message}
      </Notice>
    );
  }
  const since = Array.isArray(result.error.extra["since"]) ? result.error.extra["since"].filter(isSince) : [];
  return (
    <Notice
      tone="due"
      title={m.workflow_ui_conflict_title()}
      act={<Link to=".">{m.workflow_ui_conflict_reload()}</Link>}
      live
    >
      <p>{m.workflow_ui_conflict_now({ state: since.at(-1)?.toLabel ?? "" })}</p>
      <ul>
        {since.map((e) => (
          <li key={`${String(e.at)}${e.label}`}>
            {m.workflow_ui_conflict_line({ name: e.actorName, act: e.label, state: e.toLabel })}{" "}
            <span className="ui-hint">{formatDateTime(e.at)}</span>
            {e.reason ? <div className="ui-hint">{e.reason}</div> : null}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
