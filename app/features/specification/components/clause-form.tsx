import type { ActionResult } from "#app/request/page.server.ts";
import { type Refused, typed } from "#app/request/refused.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { Checkbox, CheckboxGroup } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { type Choice, Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import type { SectorDraftView, TagChoices } from "../draft.view.server.ts";

export const summaryOf = (errors: Record<string, string[] | null>, prefix = "") =>
  Object.entries(errors).flatMap(([field, list]) =>
    (list ?? []).map((message) => ({ message, ...(field ? { field: `${prefix}${field}` } : {}) })),
  );
const asText = (v: unknown, otherwise: string): string => (typeof v === "string" ? v : otherwise);
const asList = (v: unknown, otherwise: string[]): string[] =>
  Array.isArray(v) ? v.filter((x): x is string => typeof x === "string") : typeof v === "string" ? [v] : otherwise;

/** The four tags side by side. */
export function TagFields({
  choices,
  value,
  errors = {},
}: {
  choices: TagChoices;
  value: (tag: keyof TagChoices) => string;
  errors?: Record<string, string[] | null>;
}) {
  const labels = {
    dimension: m.specification_field_dimension(),
    object: m.specification_field_object(),
    lifecycle: m.specification_field_lifecycle(),
    mechanism: m.specification_field_mechanism(),
  };
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
      {(["dimension", "object", "lifecycle", "mechanism"] as const).map((tag) => (
        <Select
          key={tag}
          id={tag}
          name={tag}
          label={labels[tag]}
          empty={m.specification_choose()}
          choices={choices[tag] as Choice[]}
          defaultValue={value(tag)}
          errors={errors[tag]}
        />
      ))}
    </div>
  );
}

/** Somebody was quicker: their text beside the form, which keeps what was typed. */
export function Stale({
  result,
  text,
}: {
  result: ActionResult | undefined;
  text: (theirs: Record<string, unknown>) => string;
}) {
  if (!result || result.ok || result.error?.code !== "stale_revision") return null;
  const theirs = result.error.extra["theirs"];
  return (
    <Notice tone="due" title={result.error.message} live>
      {m.specification_conflict_text()}
      {theirs && typeof theirs === "object" ? (
        <p className="mt-2 text-ink">{text(theirs as Record<string, unknown>)}</p>
      ) : null}
    </Notice>
  );
}

/** What a clause rests on: what there is to choose from, and what the clause already names. */
function EvidenceFields({ view, values, errors }: { view: SectorDraftView } & Refused) {
  const c = view.chosen;
  const chosen = c?.evidence.map((e) => `${e.kind}:${e.ref}`) ?? [];
  const known = new Set(view.sources.map((s) => s.id));
  const sources = [
    ...view.sources,
    ...(c?.evidence ?? [])
      .filter((e) => !known.has(`${e.kind}:${e.ref}`))
      .map((e) => ({ id: `${e.kind}:${e.ref}`, label: `${e.ref} · ${e.statement}` })),
  ];
  const list = sources.map((s) => ({ value: s.id, label: s.label }));
  return (
    <>
      {list.length === 0 ? (
        <p className="ui-hint">{m.specification_evidence_sources_none()}</p>
      ) : (
        <CheckboxGroup
          id="evidence"
          name="evidence"
          legend={m.specification_field_evidence()}
          choices={list}
          defaultValues={asList(values["evidence"], chosen)}
          errors={errors["evidence"]}
        />
      )}
      {chosen.length > 0 ? (
        <CheckboxGroup
          id="dissent"
          name="dissent"
          legend={m.specification_field_dissent()}
          optional
          choices={list.filter((s) => chosen.includes(s.value)).map((s) => ({ value: s.value, label: s.value }))}
          defaultValues={asList(
            values["dissent"],
            c?.evidence.filter((e) => e.dissent).map((e) => `${e.kind}:${e.ref}`) ?? [],
          )}
          inline
        />
      ) : null}
      <Checkbox
        id="evidenceNone"
        name="evidenceNone"
        label={m.specification_field_evidence_none()}
        defaultChecked={values["evidenceNone"] === "on" || (c?.evidenceNone ?? false)}
        errors={errors["evidenceNone"]}
      />
    </>
  );
}

/** One clause of a sector's draft: text in both languages, tags, evidence. */
export function ClauseForm({ view, result }: { view: SectorDraftView; result: ActionResult | undefined }) {
  const c = view.chosen;
  const { values, errors } = typed(result, "saveClause");
  const stale =
    result && !result.ok && result.error?.code === "stale_revision"
      ? Number(result.error.extra["rev"] ?? view.rev)
      : view.rev;
  return (
    <PostForm className="ui-form" key={c?.key ?? "new"}>
      <Stale result={result} text={(t) => asText(t["text"], "")} />
      <FormErrorSummary errors={summaryOf(errors)} />
      <input type="hidden" name="rev" value={stale} />
      <input type="hidden" name="key" value={c?.key ?? ""} />
      <Select
        id="chapter"
        name="chapter"
        label={m.specification_field_chapter()}
        choices={view.chapters.map(({ value, label }) => ({ value, label }))}
        defaultValue={asText(values["chapter"], c?.chapter ?? "general")}
        errors={errors["chapter"]}
      />
      <TextInput
        id="title"
        name="title"
        label={m.specification_field_title()}
        maxLength={100}
        defaultValue={asText(values["title"], c?.title ?? "")}
        errors={errors["title"]}
      />
      <TextArea
        id="text"
        name="text"
        label={m.specification_field_text()}
        hint={m.specification_field_text_hint()}
        rows={4}
        required
        maxLength={2000}
        defaultValue={asText(values["text"], c?.text ?? "")}
        errors={errors["text"]}
      />
      {c && c.reasons.length > 0 ? (
        <ul className="ui-list">
          {c.reasons.map((r) => (
            <li key={r.text} className={r.blocking ? "text-late" : "text-due"}>
              {r.text}
            </li>
          ))}
        </ul>
      ) : null}
      <TextInput
        id="titleEn"
        name="titleEn"
        label={m.specification_field_title_en()}
        optional
        maxLength={200}
        defaultValue={asText(values["titleEn"], c?.titleEn ?? "")}
        errors={errors["titleEn"]}
      />
      <TextArea
        id="textEn"
        name="textEn"
        label={m.specification_field_text_en()}
        optional
        rows={3}
        maxLength={2000}
        defaultValue={asText(values["textEn"], c?.textEn ?? "")}
        errors={errors["textEn"]}
      />
      <TagFields choices={view.tags} value={(tag) => asText(values[tag], c?.tags[tag] ?? "")} errors={errors} />
      <EvidenceFields view={view} values={values} errors={errors} />
      <div className="ui-form-acts">
        <SubmitButton kind="main" name="intent" value="saveClause">
          {m.specification_save_clause()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

/** Takes the chosen clause out, after asking. */
export function RemoveClause({ view }: { view: SectorDraftView }) {
  if (!view.chosen) return null;
  return (
    <ConfirmDialog
      kind="danger"
      size="s"
      label={m.specification_remove_clause()}
      title={m.specification_remove_clause_title()}
      fields={{ intent: "removeClause", rev: view.rev, key: view.chosen.key }}
    />
  );
}
