import { m } from "#app/i18n/paraglide/messages.js";
import { Button } from "#app/ui/button.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import type { PublicView } from "../public.view.server.ts";

const shapes: Record<string, "done" | "running" | "off" | "returned"> = {
  published: "done",
  consultation: "running",
  superseded: "off",
  withdrawn: "returned",
};
/** In force, out for comments, superseded, withdrawn: by shape and word. */
export function EditionMark({ state, word }: { state: string; word: string }) {
  return <StatusMark status={shapes[state] ?? "draft"}>{word}</StatusMark>;
}

/** Head of a published specification: number, title, dates, files with their digests. */
export function Cover({ view }: { view: PublicView }) {
  return (
    <header className="ui-cover">
      <p className="ui-cover-no">
        <span>{view.codes}</span>
        <strong>{view.number}</strong>
      </p>
      <h1>{view.title}</h1>
      <p className="ui-cover-other">{view.otherTitle}</p>
      <p className="ui-cover-facts">
        <EditionMark state={view.state} word={view.mark} />
        {view.published ? <span>{m.specification_published_on({ day: view.published })}</span> : null}
        {view.effective ? <span>{m.specification_effective_on({ day: view.effective })}</span> : null}
        <span>{view.issuer}</span>
        <span>
          {m.specification_counts({
            clauses: view.counts.clauses,
            supported: view.counts.supported,
            told: view.counts.told,
          })}
        </span>
      </p>
      {view.state === "withdrawn" ? (
        <Notice tone="late" title={m.specification_withdrawn_title()}>
          {view.withdrawnReason}
        </Notice>
      ) : null}
      {view.state === "superseded" ? <Notice tone="due" title={m.specification_superseded_title()} /> : null}
      {view.consultation ? (
        <Notice
          tone="info"
          title={m.specification_consultation_title({
            from: view.consultation.from ?? "",
            to: view.consultation.to ?? "",
          })}
          act={view.consultation.open ? <a href="#comment">{m.specification_comment_act()}</a> : null}
        >
          {view.consultation.open
            ? m.specification_consultation_left({ days: view.consultation.daysLeft })
            : m.specification_consultation_over()}
        </Notice>
      ) : null}
      {view.files.length > 0 ? (
        <ul className="ui-cover-files">
          {view.files.map((f) => (
            <li key={f.sha256}>
              <a href={f.href} download>
                {f.label}
              </a>{" "}
              {m.specification_file_facts({ size: f.size, pages: f.pages })}
              <br />
              <span>
                SHA-256 <a href={`/verify/${f.sha256}`}>{f.sha256}</a>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {view.editions.length > 0 ? (
        <p className="ui-cover-facts">
          {m.specification_other_editions()}
          {view.editions.map((e) => (
            <a key={e.number} href={e.href}>
              {e.number}（{e.mark}）
            </a>
          ))}
        </p>
      ) : null}
    </header>
  );
}

export interface CommentResult {
  ok: boolean;
  errors: Record<string, string[]>;
  values: Record<string, string>;
}

/** Who sends a comment. */
function AuthorFields({
  values,
  errors,
}: Pick<CommentResult, "errors"> & { values: Partial<CommentResult["values"]> }) {
  return (
    <>
      <TextInput
        id="comment-authorName"
        name="authorName"
        label={m.specification_comment_name()}
        width="m"
        maxLength={100}
        required
        autoComplete="name"
        defaultValue={values["authorName"]}
        errors={errors["authorName"]}
      />
      <TextInput
        id="comment-authorOrganisation"
        name="authorOrganisation"
        label={m.specification_comment_organisation()}
        width="m"
        maxLength={200}
        optional
        autoComplete="organization"
        defaultValue={values["authorOrganisation"]}
        errors={errors["authorOrganisation"]}
      />
    </>
  );
}

/** Comment on a clause or on the whole, while the consultation is open. Posts without script and keeps what was typed. */
export function CommentForm({
  view,
  result,
  clause,
}: {
  view: PublicView;
  result: CommentResult | undefined;
  clause: string;
}) {
  const values = result && !result.ok ? result.values : {};
  const errors = result?.errors ?? {};
  const choices = view.chapters
    .map((c) => ({
      group: `${c.no} ${c.title}`,
      choices: c.clauses.map((x) => ({ value: x.id, label: `${x.no} ${x.title}` })),
    }))
    .filter((g) => g.choices.length > 0);
  return (
    <section id="comment" className="ui-cover-comment">
      <h2>{m.specification_comment_title()}</h2>
      {result?.ok ? (
        <Notice tone="done" title={m.specification_comment_thanks()} live>
          {m.specification_comment_thanks_text()}
        </Notice>
      ) : null}
      <form method="post" action="#comment" className="ui-form">
        <FormErrorSummary
          errors={Object.entries(errors).flatMap(([field, list]) =>
            list.map((message) => ({ message, ...(field ? { field: `comment-${field}` } : {}) })),
          )}
        />
        <Select
          id="comment-clauseId"
          name="clauseId"
          label={m.specification_comment_clause()}
          empty={m.specification_comment_whole()}
          choices={choices}
          defaultValue={values["clauseId"] ?? clause}
          errors={errors["clauseId"]}
        />
        <TextArea
          id="comment-text"
          name="text"
          label={m.specification_comment_text()}
          rows={4}
          maxLength={4000}
          required
          defaultValue={values["text"]}
          errors={errors["text"]}
        />
        <TextArea
          id="comment-proposal"
          name="proposal"
          label={m.specification_comment_proposal()}
          hint={m.specification_comment_proposal_hint()}
          rows={3}
          maxLength={4000}
          optional
          defaultValue={values["proposal"]}
          errors={errors["proposal"]}
        />
        <AuthorFields values={values} errors={errors} />
        <p className="ui-hint">{m.specification_comment_privacy()}</p>
        <div className="ui-form-acts">
          <Button kind="main">{m.specification_comment_send()}</Button>
        </div>
      </form>
    </section>
  );
}
