import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { typed } from "#app/request/refused.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { RadioGroup } from "#app/ui/choices.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { Diff } from "#app/ui/diff.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextArea } from "#app/ui/inputs.tsx";
import { Badge, StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import type { EditingView } from "../editing.view.server.ts";
import { summaryOf } from "./clause-form.tsx";

/** Sealed drafts of the sectors, to choose clauses from. */
export function ImportPart({ view, result }: { view: EditingView; result: ActionResult | undefined }) {
  const { errors } = typed(result, "import");
  if (view.drafts.length === 0)
    return <EmptyState title={m.specification_import_none()} text={m.specification_import_none_text()} />;
  const targets = view.tree
    .filter((c) => c.kind === "clause")
    .map((c) => ({ value: c.id, label: `${c.no} ${c.title}` }));
  return (
    <PostForm className="ui-stack">
      <FormErrorSummary errors={summaryOf(errors)} />
      {view.drafts.map((d) => (
        <Section
          key={d.submissionId}
          level={3}
          title={d.sector}
          note={<CopyId value={d.sha256} short={d.sha256.slice(0, 12)} label={m.specification_seal_digest()} />}
        >
          <ul className="divide-y divide-line">
            {d.clauses.map((c) => (
              <li key={c.pick} className="py-2">
                <label className="flex items-start gap-3">
                  <input
                    type="checkbox"
                    name="picks"
                    value={c.pick}
                    defaultChecked={!c.taken}
                    disabled={!view.editable}
                    className="mt-1"
                  />
                  <span className="grow">
                    <strong>{c.title || m.specification_no_heading()}</strong>{" "}
                    {c.taken ? <StatusMark status="done">{m.specification_import_done()}</StatusMark> : null}
                    <br />
                    {c.text}
                    <br />
                    <span className="text-12 text-ink-3">
                      {[c.chapter, ...c.tags, m.specification_evidence_count({ count: c.evidence })].join(" · ")}
                    </span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </Section>
      ))}
      {view.editable ? (
        <div className="ui-form-acts">
          <Select
            id="intoClauseId"
            name="intoClauseId"
            label={m.specification_import_into()}
            empty={m.specification_import_new()}
            choices={targets}
          />
          <SubmitButton kind="main" name="intent" value="import">
            {m.specification_import()}
          </SubmitButton>
        </div>
      ) : (
        <p className="ui-hint">{m.specification_sealed_now()}</p>
      )}
    </PostForm>
  );
}

const dispositions = () => ({
  open: m.specification_disposition_open(),
  adopted: m.specification_disposition_adopted(),
  partly: m.specification_disposition_partly(),
  refused: m.specification_disposition_refused(),
});

/** Comments, the open ones first; each is settled with a reply. */
export function CommentsPart({ view }: { view: EditingView }) {
  if (view.comments.length === 0)
    return <EmptyState title={m.specification_comments_none()} text={m.specification_comments_none_text()} />;
  const words = dispositions();
  const settling = view.state === "consultation" || view.state === "reviewing";
  return (
    <ul className="divide-y divide-line">
      {view.comments.map((c) => (
        <li key={c.id} className="grid gap-4 py-4 md:grid-cols-2">
          <div>
            <p className="flex flex-wrap gap-3 text-12 text-ink-3">
              <Badge>{c.no ? c.no : m.specification_comment_whole()}</Badge>
              <StatusMark status={c.disposition === "open" ? "due" : c.disposition === "refused" ? "off" : "done"}>
                {words[c.disposition]}
              </StatusMark>
              <span>
                {c.authorOrganisation
                  ? m.specification_comment_of({ name: c.authorName, organisation: c.authorOrganisation })
                  : c.authorName}
              </span>
              <span>{formatDate(c.at)}</span>
            </p>
            <p className="mt-1 whitespace-pre-line">{c.text}</p>
            {c.proposal ? (
              <p className="mt-1 whitespace-pre-line border-l-2 border-line-strong pl-3 text-ink-2">{c.proposal}</p>
            ) : null}
          </div>
          {settling ? (
            <PostForm className="ui-form">
              <input type="hidden" name="commentId" value={c.id} />
              <input type="hidden" name="rev" value={c.rev} />
              <RadioGroup
                id={`d-${c.id}`}
                name="disposition"
                legend={m.specification_comment_disposition()}
                inline
                required
                defaultValue={c.disposition === "open" ? undefined : c.disposition}
                choices={(["adopted", "partly", "refused"] as const).map((value) => ({ value, label: words[value] }))}
              />
              <TextArea
                id={`r-${c.id}`}
                name="reply"
                label={m.specification_comment_reply()}
                rows={2}
                required
                maxLength={4000}
                defaultValue={c.reply}
              />
              <div className="ui-form-acts">
                <SubmitButton size="s" name="intent" value="settle">
                  {m.specification_comment_settle()}
                </SubmitButton>
              </div>
            </PostForm>
          ) : (
            <div>
              <p className="text-12 text-ink-3">{m.specification_comment_reply()}</p>
              <p className="mt-1 whitespace-pre-line">{c.reply || <None />}</p>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Which of the expected places hold a clause, and how strong the evidence is. */
export function CoveragePart({ view }: { view: EditingView }) {
  const { coverage } = view;
  if (!coverage) return null;
  return (
    <>
      <Section title={m.specification_coverage_title({ expected: coverage.expected, covered: coverage.covered })}>
        <div className="ui-scroll" role="region" tabIndex={0} aria-label={m.specification_edit_view_coverage()}>
          <table className="ui-table">
            <thead>
              <tr>
                <th scope="col">{m.specification_coverage_rows()}</th>
                {coverage.columns.map((c) => (
                  <th key={c} scope="col">
                    {c}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {coverage.rows.map((r) => (
                <tr key={r.label}>
                  <th scope="row">{r.label}</th>
                  {r.cells.map((cell, i) => (
                    <td key={i} className={cell.expected && cell.clauses.length === 0 ? "bg-due-soft" : ""}>
                      {cell.clauses.length > 0 ? (
                        cell.clauses.map((c) => (
                          <Link key={c.id} to={`?clause=${c.id}`} className="mr-2">
                            {c.no}
                          </Link>
                        ))
                      ) : cell.expected ? (
                        <StatusMark status="due">{m.specification_coverage_gap()}</StatusMark>
                      ) : null}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section title={m.specification_strength_title()}>
        <dl className="ui-kv">
          {coverage.strengths.map((s) => (
            <div key={s.code}>
              <dt>{s.word}</dt>
              <dd>{m.specification_strength_count({ count: s.count })}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}

/** What changed since the edition before. */
export function ChangesPart({ view }: { view: EditingView }) {
  if (!view.changes) return <EmptyState title={m.specification_changes_first()} />;
  if (view.changes.changes.length === 0) return <EmptyState title={m.specification_changes_none()} />;
  const words = {
    added: m.specification_change_added(),
    removed: m.specification_change_removed(),
    changed: m.specification_change_changed(),
    moved: m.specification_change_moved(),
    same: m.specification_change_same(),
  };
  return (
    <Section title={view.changes.number}>
      <ul className="divide-y divide-line">
        {view.changes.changes.map((c, i) => (
          <li key={i} className="py-3">
            <p>
              <Badge>{words[c.status]}</Badge> <strong>{`${c.no} ${c.title}`}</strong>
            </p>
            <Diff before={c.before} after={c.after} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
