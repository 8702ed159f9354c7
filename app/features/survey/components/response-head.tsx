import { documentStatus } from "#app/features/document/components/status.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import type { SheetPage } from "../sheet.view.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { type AnswerValue, answerValues } from "#db/vocabulary.ts";
import type { Cell } from "./sheet-store.ts";

/** Whose response, how far, and what may be done with it. Returning has its own place at the foot of the sheet. */
export function ResponseHead({ page }: { page: SheetPage }) {
  return (
    <PageHeader
      title={page.system.name}
      of={page.site.name}
      crumbs={[{ label: m.survey_title(), to: `/projects/${page.document.projectId}/survey` }]}
      state={<StatusMark status={documentStatus(page.document.state)}>{page.standing.stateLabel}</StatusMark>}
      version={page.submission ? m.survey_submission({ seq: page.submission.seq }) : m.survey_never_submitted()}
      meta={
        <>
          <span>{m.survey_grade_of({ grade: page.system.grade })}</span>
          {page.document.dueOn ? <span>{m.survey_due_on({ day: page.document.dueOn })}</span> : null}
        </>
      }
    >
      <EventButtons
        acts={page.standing.acts}
        version={page.standing.version}
        without={["RETURN"]}
        asks={["SUBMIT", "RESUBMIT"]}
        seals={[m.survey_seals_answers(), m.survey_seals_assets()]}
      />
    </PageHeader>
  );
}

function Gaps({ gaps }: { gaps: SheetPage["gaps"] }) {
  const lines = [
    gaps.returned > 0 ? m.survey_gap_returned({ count: gaps.returned }) : null,
    gaps.missing > 0 ? m.survey_gap_missing({ count: gaps.missing }) : null,
    gaps.needsNote > 0 ? m.survey_gap_note({ count: gaps.needsNote }) : null,
    gaps.withoutEvidence > 0 ? m.survey_gap_evidence({ count: gaps.withoutEvidence }) : null,
  ].filter((line) => line !== null);
  return lines.length === 0 ? null : <p className="ui-hint">{lines.join(" · ")}</p>;
}

/** What the reader should know before going on: the seal, what came back, what differs from what was approved. */
export function ResponseNotices({ page }: { page: SheetPage }) {
  const { submission } = page;
  return (
    <div className="grid gap-2">
      {page.mode === "locked" && submission ? (
        <Notice>{m.survey_locked({ name: submission.sealedByName, time: formatDateTime(submission.sealedAt) })}</Notice>
      ) : null}
      {page.mode === "edit" ? <Gaps gaps={page.gaps} /> : null}
      {submission ? (
        <p className="ui-hint">
          {m.survey_sealed_by({ name: submission.sealedByName, time: formatDateTime(submission.sealedAt) })}{" "}
          <SealedDigest sha256={submission.sha256} label={m.survey_digest()} />
        </p>
      ) : null}
      <Reapproval standing={page.standing.approval} state={page.document.state} />
    </div>
  );
}

const isValue = (v: unknown): v is AnswerValue => answerValues.some((one) => one === v);

/** What was typed in a form without script that could not be saved: it stands in its question again, on the present revision. */
export function failedCell(result: ActionResult | undefined): (Cell & { controlCode: string }) | null {
  if (!result || result.ok || result.intent !== "cell") return null;
  const typed = (result.lastResult.initialValue ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof typed[name] === "string" ? typed[name] : "");
  const rev = typeof result.error?.extra["rev"] === "number" ? result.error.extra["rev"] : Number(text("rev"));
  return text("controlCode") === ""
    ? null
    : {
        controlCode: text("controlCode"),
        value: isValue(typed["value"]) ? typed["value"] : null,
        note: text("note"),
        evidenceRef: text("evidenceRef"),
        rev,
      };
}
