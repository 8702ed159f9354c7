import { documentStatus } from "#app/features/document/components/status.ts";
import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { batchView } from "../batch.view.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { Slope } from "#app/ui/charts/slope.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { HealthMark, stageStatus, wordIn } from "./marks.tsx";
import { fieldOf } from "./pilot-scoring.tsx";
import type { PilotWords } from "./pilot-table.tsx";
import { stageIs } from "#workflows/pilot/stages.ts";

type View = Jsonify<Awaited<ReturnType<typeof batchView>>>;
type Sector = NonNullable<View["sector"]>;

/** The national window, the places and what is taken of them. */
export function Frame({ view }: { view: View }) {
  const words = {
    planned: m.pilots_window_planned(),
    ahead: m.pilots_window_ahead({ day: view.window?.opensOn ?? "" }),
    open: m.pilots_window_open(),
    closed: m.pilots_window_closed(),
  };
  const selected = view.sector?.stages.filter((s) => stageIs(s.stage, "takesPlace")).reduce((n, s) => n + s.n, 0);
  return (
    <KeyValue
      items={[
        {
          key: m.pilots_batch_window(),
          value: view.window
            ? `${m.pilots_range({ from: view.window.opensOn, to: view.window.closesOn })} · ${words[view.window.status]}`
            : m.pilots_window_none(),
        },
        { key: m.pilots_batch_quota(), value: view.quota === 0 ? m.pilots_quota_none() : view.quota },
        ...(selected === undefined ? [] : [{ key: m.pilots_batch_selected(), value: `${selected} / ${view.quota}` }]),
        { key: m.pilots_batch_state(), value: view.state },
      ]}
    />
  );
}

/** Why no pilot stands in the batch, by how far it is. */
function noPilots({ step, state }: View): string {
  if (step === "ahead" || step === "learning") return m.pilots_batch_empty_ahead({ state });
  return step === "selecting" ? m.pilots_batch_empty_selecting() : m.pilots_batch_empty_none();
}

/** Who sees nothing of the batch's course is told so, and where their own part of it stands. */
export function Elsewhere({ level }: { level: string }) {
  return (
    <p className="ui-hint">
      {level === "national" ? m.pilots_batch_national() : m.pilots_batch_site()}{" "}
      {level === "national" ? (
        <Link to="/national">{m.pilots_batch_national_link()}</Link>
      ) : (
        <Link to="/pilots">{m.pilots_batch_site_link()}</Link>
      )}
    </p>
  );
}

/** The pilots of the batch by rank, with where they stand. */
export function Ranking({ view, sector, words }: { view: View; sector: Sector; words: PilotWords }) {
  const selecting = view.step === "selecting";
  return (
    <Section
      title={m.pilots_ranking()}
      note={selecting && view.nominates && sector.barred ? sector.barred : undefined}
      acts={
        <>
          {selecting && view.nominates && !sector.barred ? (
            <PostForm>
              <SubmitButton name="intent" value="nominate" size="s">
                {m.pilots_nominate()}
              </SubmitButton>
            </PostForm>
          ) : null}
          <Link to={`/pilots?batch=${view.batchNo}`}>{m.pilots_all_of_batch()}</Link>
        </>
      }
    >
      <DataTable
        caption={m.pilots_ranking()}
        rows={sector.ranking}
        rowKey={(r) => r.id}
        empty={noPilots(view)}
        columns={[
          { key: "rank", head: m.pilots_rank(), numeric: true, cell: (r) => r.rank ?? <None /> },
          { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.code },
          {
            key: "name",
            head: m.pilots_name(),
            rowHead: true,
            cell: (r) => <Link to={`/pilots/${r.id}`}>{r.name}</Link>,
            text: (r) => r.name,
          },
          {
            key: "score",
            head: m.pilots_score(),
            numeric: true,
            cell: (r) => (r.scoreCenti === null ? <None /> : (r.scoreCenti / 100).toFixed(2)),
          },
          {
            key: "stage",
            head: m.pilots_stage(),
            cell: (r) => <StatusMark status={stageStatus(r.stage)}>{r.stageLabel}</StatusMark>,
            text: (r) => r.stageLabel,
          },
          {
            key: "notice",
            head: m.pilots_notice_days(),
            cell: (r) => (r.stage === "publicNotice" ? (r.noticeTo ?? <None />) : <None />),
          },
          {
            key: "health",
            head: m.pilots_health(),
            cell: (r) => <HealthMark health={r.health} words={words.healths} />,
          },
          { key: "direction", head: m.pilots_direction(), cell: (r) => wordIn(words.dimensions, r.direction) },
        ]}
      />
    </Section>
  );
}

/** What the batch did to the risks so far. */
export function Findings({ sector, words }: { sector: Sector; words: PilotWords }) {
  if (sector.findings.length === 0) return null;
  return (
    <Section title={m.pilots_findings()}>
      <div className="ui-stack">
        <ul className="ui-list">
          {sector.findings.map((f) => (
            <li key={f.dimension}>{f.sentence}</li>
          ))}
        </ul>
        <Slope
          height={200}
          title={m.pilots_effect_title()}
          beforeLabel={m.pilots_before()}
          afterLabel={m.pilots_after()}
          items={sector.findings.map((f) => ({
            label: `${wordIn(words.dimensions, f.dimension)} (n = ${f.n})`,
            before: f.beforeMilli / 1000,
            after: f.afterMilli / 1000,
          }))}
        />
      </div>
    </Section>
  );
}

const written = (text: string) => (text ? <span className="whitespace-pre-wrap">{text}</span> : null);

/** The review of the batch: written by the regulator, approved by the lead, handed on to the national office. */
export function Review({ view, sector, result }: { view: View; sector: Sector; result: ActionResult | undefined }) {
  const { review } = sector;
  if (!review)
    return (
      <Section title={m.pilots_review()}>
        <p className="ui-hint">
          {view.step === "past" || view.step === "skipped"
            ? m.pilots_review_without()
            : view.step === "running" || view.step === "reviewing"
              ? m.pilots_review_none()
              : m.pilots_review_ahead()}
        </p>
        {view.reviews ? (
          <PostForm>
            <SubmitButton name="intent" value="startReview">
              {m.pilots_review_start()}
            </SubmitButton>
          </PostForm>
        ) : null}
      </Section>
    );
  return (
    <Section
      title={m.pilots_review()}
      note={<StatusMark status={documentStatus(review.state)}>{review.stateLabel}</StatusMark>}
      acts={
        <EventButtons
          acts={review.acts}
          version={review.version}
          intent="reviewAct"
          fields={{ documentId: review.documentId }}
          parts={review.parts}
          seals={[m.pilots_review_seals()]}
          size="s"
        />
      }
    >
      <EventOutcome result={result} intent="reviewAct" />
      <Reapproval standing={review.approval} state={review.state} />
      {review.editable ? (
        <PostForm className="ui-form" key={review.rev}>
          <input type="hidden" name="documentId" value={review.documentId} />
          <input type="hidden" name="rev" value={review.rev} />
          <TextArea
            label={m.pilots_review_conclusions()}
            rows={5}
            maxLength={8000}
            {...fieldOf(result, "saveReview", "conclusions", review.body.conclusions)}
          />
          <TextArea
            label={m.pilots_review_problems()}
            optional
            rows={4}
            maxLength={8000}
            {...fieldOf(result, "saveReview", "problems", review.body.problems)}
          />
          <TextArea
            label={m.pilots_review_advice()}
            optional
            rows={4}
            maxLength={8000}
            {...fieldOf(result, "saveReview", "advice", review.body.advice)}
          />
          <div className="ui-form-acts">
            <SubmitButton name="intent" value="saveReview">
              {m.pilots_save()}
            </SubmitButton>
          </div>
        </PostForm>
      ) : (
        <KeyValue
          single
          items={[
            { key: m.pilots_review_conclusions(), value: written(review.body.conclusions) },
            { key: m.pilots_review_problems(), value: written(review.body.problems) },
            { key: m.pilots_review_advice(), value: written(review.body.advice) },
            ...(review.sha256
              ? [{ key: m.pilots_digest(), value: <SealedDigest sha256={review.sha256} label={m.pilots_digest()} /> }]
              : []),
          ]}
        />
      )}
    </Section>
  );
}
