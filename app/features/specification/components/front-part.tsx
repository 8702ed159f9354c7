import type { ActionResult } from "#app/request/page.server.ts";
import { typed, typedText } from "#app/request/refused.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextArea, TextInput } from "#app/ui/inputs.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";
import type { EditingView } from "../editing.view.server.ts";
import { Stale, summaryOf } from "./clause-form.tsx";

type Body = EditingView["body"];
const abbreviationLines = (list: Body["abbreviations"]): string => list.map((a) => `${a.short} ${a.full}`).join("\n");
/** Empty rows under the terms there are: one more is added by saving. */
const SPARE = 2;

/** Terms with their definitions; a row that is emptied is removed. */
function TermFields({ terms, result }: { terms: Body["terms"]; result: ActionResult | undefined }) {
  const { errors, values } = typed(result, "frontMatter");
  const again = Array.isArray(values["terms"]) ? values["terms"].length : 0;
  const rows = Math.max(terms.length + SPARE, again);
  return (
    <fieldset className="ui-stack">
      <legend className="font-semibold">{m.specification_terms()}</legend>
      <p className="ui-hint">{m.specification_front_terms()}</p>
      {Array.from({ length: rows }, (_, i) => {
        const field = (name: "term" | "termEn" | "definition") => ({
          id: `terms-${i}-${name}`,
          name: `terms[${i}].${name}`,
          optional: true,
          defaultValue: typedText(result, "frontMatter", `terms.${i}.${name}`) ?? terms[i]?.[name] ?? "",
          errors: errors[`terms[${i}].${name}`],
        });
        return (
          // oxlint-disable-next-line react/no-array-index-key -- a row is its place in the form
          <div key={i} className="grid gap-3 border-t border-line pt-3 sm:grid-cols-2">
            <TextInput {...field("term")} label={m.specification_term_n({ n: i + 1 })} maxLength={100} />
            <TextInput {...field("termEn")} label={m.specification_term_en_n({ n: i + 1 })} maxLength={200} />
            <div className="sm:col-span-2">
              <TextArea
                {...field("definition")}
                label={m.specification_definition_n({ n: i + 1 })}
                hint={i === 0 ? m.specification_front_break() : undefined}
                rows={3}
                maxLength={2000}
              />
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}

/** The same to read, when it can no longer be changed. */
function FrontAsItStands({ view }: { view: EditingView }) {
  const { body } = view;
  const text = (value: string) =>
    value.trim() === "" ? <None /> : <span className="whitespace-pre-line">{value}</span>;
  return (
    <Section title={m.specification_edit_view_front()} note={m.specification_sealed_now()}>
      <KeyValue
        single
        items={[
          { key: m.specification_title_zh(), value: view.titleZh },
          { key: m.specification_title_en(), value: view.titleEn },
          { key: m.specification_foreword(), value: text(body.foreword) },
          { key: m.specification_introduction(), value: text(body.introduction) },
          { key: m.specification_scope(), value: text(body.scope) },
          {
            key: m.specification_terms(),
            value: text(body.terms.map((t) => `${t.term} ${t.termEn}\n${t.definition}`).join("\n\n")),
          },
          { key: m.specification_abbreviations(), value: text(abbreviationLines(body.abbreviations)) },
          { key: m.specification_references(), value: text(body.references.join("\n")) },
          { key: m.specification_bibliography(), value: text(body.bibliography.join("\n")) },
          { key: m.specification_issuer(), value: body.issuedBy },
          { key: m.specification_ics(), value: text(body.ics) },
          { key: m.specification_ccs(), value: text(body.ccs) },
        ]}
      />
    </Section>
  );
}

/** Title, foreword, scope and what stands around the clauses. */
export function FrontPart({ view, result }: { view: EditingView; result: ActionResult | undefined }) {
  const { values, errors } = typed(result, "frontMatter");
  const stale =
    result && !result.ok && result.error?.code === "stale_revision"
      ? Number(result.error.extra["rev"] ?? view.rev)
      : view.rev;
  const { body } = view;
  if (!view.editable) return <FrontAsItStands view={view} />;
  const field = (name: string, otherwise: string) => ({
    id: name,
    name,
    defaultValue: typeof values[name] === "string" ? values[name] : otherwise,
    errors: errors[name],
  });
  const both = (name: "foreword" | "introduction" | "scope", label: string, rows: number) => (
    <TextArea
      {...field(name, body[name])}
      label={label}
      hint={m.specification_front_break()}
      rows={rows}
      maxLength={8000}
    />
  );
  const lines = (name: string, label: string, hint: string, text: string) => (
    <TextArea {...field(name, text)} label={label} hint={hint} rows={5} optional />
  );
  return (
    <PostForm className="ui-form mt-4" key={view.rev}>
      <Stale result={result} text={(t) => String(t["scope"] ?? "")} />
      <FormErrorSummary errors={summaryOf(errors)} />
      <input type="hidden" name="rev" value={stale} />
      <input type="hidden" name="lists" value="on" />
      <TextInput {...field("titleZh", view.titleZh)} label={m.specification_title_zh()} required maxLength={200} />
      <TextInput {...field("titleEn", view.titleEn)} label={m.specification_title_en()} required maxLength={200} />
      {both("foreword", m.specification_foreword(), 8)}
      {both("introduction", m.specification_introduction(), 6)}
      {both("scope", m.specification_scope(), 6)}
      <TermFields terms={body.terms} result={result} />
      {lines(
        "abbreviations",
        m.specification_abbreviations(),
        m.specification_front_abbreviations(),
        abbreviationLines(body.abbreviations),
      )}
      {lines("references", m.specification_references(), m.specification_front_lines(), body.references.join("\n"))}
      {lines(
        "bibliography",
        m.specification_bibliography(),
        m.specification_front_lines(),
        body.bibliography.join("\n"),
      )}
      <TextInput {...field("issuedBy", body.issuedBy)} label={m.specification_issuer()} required maxLength={200} />
      <TextInput
        {...field("ics", body.ics)}
        label={m.specification_ics()}
        hint={m.specification_ics_hint()}
        optional
        maxLength={60}
      />
      <TextInput
        {...field("ccs", body.ccs)}
        label={m.specification_ccs()}
        hint={m.specification_ccs_hint()}
        optional
        maxLength={10}
      />
      <div className="ui-form-acts">
        <SubmitButton kind="main" name="intent" value="frontMatter">
          {m.specification_front_save()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}
