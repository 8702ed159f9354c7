import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { typed } from "#app/request/refused.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ActMenu } from "#app/ui/act.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/choices.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextArea, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import type { EditingView } from "../editing.view.server.ts";
import { clauseAnchor } from "../numbers.ts";
import { Stale, summaryOf, TagFields } from "./clause-form.tsx";

/** Chapters and clauses in order, with what is wrong; the chosen one marked. */
export function Tree({ view }: { view: EditingView }) {
  return (
    <nav aria-label={m.specification_tree()}>
      <ul className="text-13">
        {view.tree.map((c) => (
          <li
            key={c.id}
            className={
              view.chosen?.id === c.id ? "border-l-2 border-accent bg-accent-soft" : "border-l-2 border-transparent"
            }
          >
            <Link
              to={`?clause=${c.id}`}
              preventScrollReset
              className={
                c.depth === 1
                  ? "flex gap-2 px-2 py-1 font-bold text-ink no-underline"
                  : "flex gap-2 py-1 pl-4 pr-2 text-ink-2 no-underline"
              }
              {...(view.chosen?.id === c.id ? { "aria-current": "true" as const } : {})}
            >
              <span className="min-w-8 text-ink-3">{c.no}</span>
              <span className="grow">{c.title || m.specification_no_heading()}</span>
              {c.wrong ? (
                <StatusMark status="late">{m.specification_problems()}</StatusMark>
              ) : c.strength ? (
                <span className="whitespace-nowrap text-12 text-ink-3">{c.strength}</span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

type Chosen = NonNullable<EditingView["chosen"]>;
function Fields({
  view,
  result,
  intent,
  from,
}: {
  view: EditingView;
  result: ActionResult | undefined;
  intent: string;
  from: Chosen | null;
}) {
  const { values, errors } = typed(result, intent);
  const v = (name: string, otherwise: string) => (typeof values[name] === "string" ? values[name] : otherwise);
  const e = (name: string) => errors[name];
  return (
    <>
      <FormErrorSummary errors={summaryOf(errors)} />
      <TextInput
        id="headingZh"
        name="headingZh"
        label={m.specification_field_title()}
        maxLength={100}
        defaultValue={v("headingZh", from?.headingZh ?? "")}
        errors={e("headingZh")}
      />
      <TextArea
        id="textZh"
        name="textZh"
        label={m.specification_field_text()}
        hint={m.specification_field_text_hint()}
        rows={5}
        maxLength={8000}
        defaultValue={v("textZh", from?.textZh ?? "")}
        errors={e("textZh")}
      />
      {from && from.reasons.length > 0 ? (
        <ul className="ui-list">
          {from.reasons.map((r) => (
            <li key={r.text} className={r.blocking ? "text-late" : "text-ink-3"}>
              {r.text}
            </li>
          ))}
        </ul>
      ) : null}
      <TextInput
        id="headingEn"
        name="headingEn"
        label={m.specification_field_title_en()}
        optional
        maxLength={200}
        defaultValue={v("headingEn", from?.headingEn ?? "")}
        errors={e("headingEn")}
      />
      <TextArea
        id="textEn"
        name="textEn"
        label={m.specification_field_text_en()}
        optional
        rows={4}
        maxLength={8000}
        defaultValue={v("textEn", from?.textEn ?? "")}
        errors={e("textEn")}
      />
      <TagFields choices={view.tags} value={(tag) => v(tag, from?.[tag] ?? "")} errors={errors} />
      <Checkbox
        id="evidenceNone"
        name="evidenceNone"
        label={m.specification_field_evidence_none()}
        defaultChecked={from?.evidenceNone ?? false}
      />
    </>
  );
}

function Evidence({ chosen, editable }: { chosen: Chosen; editable: boolean }) {
  if (chosen.evidence.length === 0) return null;
  return (
    <Section level={3} title={m.specification_field_evidence()} note={chosen.strength}>
      <ul className="divide-y divide-line">
        {chosen.evidence.map((e) => (
          <li key={e.id} className="flex flex-wrap items-start gap-x-4 gap-y-1 py-2 text-13">
            <div className="grow basis-80">
              <strong>{`${e.sector} · ${e.batch}`}</strong>
              <p>{e.statement}</p>
              <p className="text-12 text-ink-3">
                {m.specification_prov_pilots({ count: e.pilots })}
                {e.effect === null ? null : ` · ${m.specification_prov_effect({ effect: e.effect })}`}
                {e.dissent ? ` · ${m.specification_dissent()}` : null} ·{" "}
                <CopyId value={e.digest} short={e.digest.slice(0, 8)} label={m.specification_seal_digest()} />
              </p>
            </div>
            {editable ? (
              <ActMenu
                size="s"
                main={{
                  key: "remove",
                  label: m.specification_remove_evidence(),
                  kind: "quiet",
                  post: { intent: "removeEvidence", evidenceId: e.id },
                }}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The chosen clause: text in both languages, tags, place, evidence; below it a new one. */
export function ClausePane({ view, result }: { view: EditingView; result: ActionResult | undefined }) {
  const c = view.chosen;
  if (!c)
    return (
      <EmptyState
        title={view.editable ? m.specification_pick_clause() : m.specification_pick_clause_read()}
        {...(view.editable ? {} : { text: m.specification_sealed_now() })}
      />
    );
  const stale =
    result && !result.ok && result.error?.code === "stale_revision"
      ? Number(result.error.extra["rev"] ?? c.rev)
      : c.rev;
  const acts = [
    { key: "up", label: m.specification_up(), post: { intent: "moveClause", clauseId: c.id, direction: "up" } },
    { key: "down", label: m.specification_down(), post: { intent: "moveClause", clauseId: c.id, direction: "down" } },
    {
      key: "remove",
      label: m.specification_remove_clause(),
      kind: "danger" as const,
      post: { intent: "removeClause", clauseId: c.id },
      confirm: { title: m.specification_remove_clause_title() },
    },
  ];
  if (!view.editable)
    return (
      <Section id={clauseAnchor(c.id)} title={`${c.no} ${c.headingZh}`} note={m.specification_sealed_now()}>
        <p className="text-16">{c.textZh}</p>
        {c.textEn ? <p className="mt-2 text-ink-2">{c.textEn}</p> : null}
        <p className="mt-2 text-12 text-ink-3">{[...c.tags, c.verb].join(" · ")}</p>
        <Evidence chosen={c} editable={false} />
      </Section>
    );
  return (
    <>
      <Section
        id={clauseAnchor(c.id)}
        title={`${c.no} ${c.headingZh || m.specification_no_heading()}`}
        acts={<ActMenu size="s" main={acts[0] ?? null} rest={acts.slice(1)} />}
      >
        <PostForm className="ui-form" key={`${c.id}-${c.rev}`}>
          <Stale result={result} text={(t) => String(t["textZh"] ?? "")} />
          <input type="hidden" name="clauseId" value={c.id} />
          <input type="hidden" name="parentId" value={c.parentId ?? ""} />
          <input type="hidden" name="rev" value={stale} />
          <Fields view={view} result={result} intent="saveClause" from={c} />
          <div className="ui-form-acts">
            <SubmitButton kind="main" name="intent" value="saveClause">
              {m.specification_save_clause()}
            </SubmitButton>
          </div>
        </PostForm>
        <Evidence chosen={c} editable />
      </Section>
      <details>
        <summary>{m.specification_add_to({ title: c.headingZh || c.no })}</summary>
        <PostForm className="ui-form mt-3" key={`new-${c.id}-${view.tree.length}`}>
          <input type="hidden" name="parentId" value={c.kind === "clause" ? (c.parentId ?? "") : c.id} />
          <Fields view={view} result={result} intent="addClause" from={null} />
          <div className="ui-form-acts">
            <SubmitButton name="intent" value="addClause">
              {m.specification_new_clause()}
            </SubmitButton>
          </div>
        </PostForm>
      </details>
    </>
  );
}
