import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { clauseAnchor } from "../numbers.ts";
import type { PublicClause, PublicView } from "../public.view.server.ts";

/* The parts of a published specification: set like a standard, without script. */

function facts(e: PublicClause["evidence"][number]) {
  const words = [
    e.counted,
    ...(e.effect === null ? [] : [m.specification_prov_effect({ effect: e.effect })]),
    ...(e.dissent ? [m.specification_dissent()] : []),
  ];
  return words.join(" · ");
}

/** What a clause rests on: a mark in the right margin that opens. */
function Provenance({ clause }: { clause: PublicClause }) {
  if (!clause.strength) return null;
  if (clause.evidence.length === 0 && clause.untold === null) {
    return <span className="ui-clause-side">{clause.strength.word}</span>;
  }
  return (
    <details className="ui-clause-side ui-prov">
      <summary>
        <span className="ui-prov-bar" data-strength={clause.strength.code} aria-hidden="true" />
        {m.specification_prov_mark({ word: clause.strength.word })}
      </summary>
      <ul>
        {clause.evidence.map((e, i) => (
          <li key={i}>
            <strong>
              {e.who} · {e.batches}
            </strong>
            <br />
            {e.statement}
            <br />
            {facts(e)}
            {e.digest ? (
              <>
                <br />
                <a href={`/verify/${e.digest}`} title={e.digest}>
                  {m.specification_prov_digest({ digest: e.digest.slice(0, 8) })}
                </a>
              </>
            ) : null}
          </li>
        ))}
        {clause.untold === null ? null : <li>{clause.untold}</li>}
      </ul>
    </details>
  );
}

function ClauseText({ clause, commentable }: { clause: PublicClause; commentable: boolean }) {
  const [first = "", ...items] = clause.text;
  return (
    <div className="ui-clause" id={clause.anchor}>
      <a className="ui-clause-no" id={clauseAnchor(clause.id)} href={`#${clause.anchor}`}>
        {clause.no}
      </a>
      {clause.title ? <strong>{clause.title}</strong> : null}
      {first ? <p>{first}</p> : null}
      {items.length > 0 ? (
        <ol type="a">
          {items.map((item, i) => (
            <li key={i}>{item}</li>
          ))}
        </ol>
      ) : null}
      {clause.tags.length > 0 ? (
        <p className="ui-clause-tags">
          {clause.tags.join(" · ")}
          {commentable ? <a href={`?clause=${clause.id}#comment`}>{m.specification_comment_on()}</a> : null}
        </p>
      ) : null}
      <Provenance clause={clause} />
    </div>
  );
}

function Chapter({
  no,
  title,
  anchor,
  children,
}: {
  no: string;
  title: string;
  anchor: string;
  children: React.ReactNode;
}) {
  return (
    <section>
      <h2 id={anchor}>
        <span className="ui-clause-no">{no}</span> {title}
      </h2>
      {children}
    </section>
  );
}
const Paragraphs = ({ lines }: { lines: readonly string[] }) => (
  <>
    {lines.map((line, i) => (
      <p key={i}>{line}</p>
    ))}
  </>
);

/** Contents at the left; on a phone folded above the text. */
export function Contents({ view }: { view: PublicView }) {
  const entries = [
    { href: "#foreword", text: m.specification_foreword() },
    ...(view.introduction.length > 0 ? [{ href: "#introduction", text: m.specification_introduction() }] : []),
    { href: "#scope", text: `1 ${m.specification_scope()}` },
    { href: "#references", text: `2 ${m.specification_references()}` },
    { href: "#terms", text: `3 ${m.specification_terms()}` },
    { href: "#abbreviations", text: `4 ${m.specification_abbreviations()}` },
    ...view.chapters.map((c) => ({ href: `#${c.anchor}`, text: `${c.no} ${c.title}` })),
    ...view.annexes.map((a) => ({
      href: `#${a.anchor}`,
      text: `${m.specification_annex({ letter: a.no })} ${a.title}`,
    })),
    ...(view.consultation ? [{ href: "#comment", text: m.specification_comment_title() }] : []),
  ];
  return (
    <nav className="ui-doc-toc" aria-label={m.specification_contents()}>
      <details open>
        <summary>{m.specification_contents()}</summary>
        {entries.map((e) => (
          <a key={e.href} href={e.href}>
            {e.text}
          </a>
        ))}
      </details>
    </nav>
  );
}

function ControlTable({ view }: { view: PublicView }) {
  return (
    <div className="ui-scroll" role="region" tabIndex={0} aria-label={m.specification_pdf_controls()}>
      <table className="ui-table">
        <caption>{m.specification_pdf_controls()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.specification_pdf_col_control()}</th>
            <th scope="col">{m.specification_pdf_col_title()}</th>
            <th scope="col">{m.specification_pdf_col_clause()}</th>
          </tr>
        </thead>
        <tbody>
          {view.controls.map((c) => (
            <tr key={c.code}>
              <th scope="row">{c.code}</th>
              <td>{c.title}</td>
              <td>
                {c.clauses.length === 0
                  ? "–"
                  : c.clauses.map((no, i) => [
                      i > 0 ? " " : "",
                      <a key={no} href={`#c-${no}`}>
                        {no}
                      </a>,
                    ])}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The whole text in the order of GB/T 1.1. */
export function Reading({ view }: { view: PublicView }) {
  const commentable = view.consultation?.open ?? false;
  return (
    <article className="ui-reading">
      <section>
        <h2 id="foreword">{m.specification_foreword()}</h2>
        <Paragraphs lines={view.foreword} />
      </section>
      {view.introduction.length > 0 ? (
        <section>
          <h2 id="introduction">{m.specification_introduction()}</h2>
          <Paragraphs lines={view.introduction} />
        </section>
      ) : null}
      <Chapter no="1" title={m.specification_scope()} anchor="scope">
        <Paragraphs lines={view.scope} />
      </Chapter>
      <Chapter no="2" title={m.specification_references()} anchor="references">
        <Paragraphs lines={view.references} />
      </Chapter>
      <Chapter no="3" title={m.specification_terms()} anchor="terms">
        {view.terms.map((t) => (
          <div className="ui-clause" key={t.no} id={`c-${t.no}`}>
            <span className="ui-clause-no">{t.no}</span>
            <strong>{t.term}</strong> <span lang={getLocale() === "en" ? "zh-CN" : "en"}>{t.other}</span>
            <p>{t.definition}</p>
          </div>
        ))}
      </Chapter>
      <Chapter no="4" title={m.specification_abbreviations()} anchor="abbreviations">
        {view.abbreviations.length === 0 ? (
          <p>{m.specification_no_abbreviations()}</p>
        ) : (
          <Paragraphs lines={view.abbreviations.map((a) => `${a.short}  ${a.full}`)} />
        )}
      </Chapter>
      {view.chapters.map((c) => (
        <Chapter key={c.id} no={c.no} title={c.title} anchor={c.anchor}>
          {c.clauses.length === 0 ? (
            <p>{m.specification_no_clauses()}</p>
          ) : (
            c.clauses.map((clause) => <ClauseText key={clause.id} clause={clause} commentable={commentable} />)
          )}
        </Chapter>
      ))}
      {view.annexes.map((a, i) => (
        <section key={a.id}>
          <h2 id={a.anchor}>
            {m.specification_annex({ letter: a.no })}{" "}
            {i === 0 ? m.specification_normative() : m.specification_informative()} {a.title}
          </h2>
          {a.clauses.map((clause) => (
            <ClauseText key={clause.id} clause={clause} commentable={false} />
          ))}
          {i === 0 ? (
            <ControlTable view={view} />
          ) : i === view.annexes.length - 1 ? (
            <p>{m.specification_annex_evidence({ supported: view.counts.supported, told: view.counts.told })}</p>
          ) : (
            <p>{m.specification_annex_form()}</p>
          )}
        </section>
      ))}
    </article>
  );
}
