import type { SerializeFrom } from "@remix-run/node";
import type { EntryProof } from "#app/features/audit/inclusion.server.ts";
import type { KnownSeal, SealChain, SealedKind, SealStep } from "../seal.server.ts";
import { formatDate, formatDateTime, formatNumber, shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";

type Chain = SerializeFrom<SealChain>;
type Step = SerializeFrom<SealStep>;
type Proof = SerializeFrom<EntryProof>;

const kinds: Record<SealedKind, () => string> = {
  surveyResponse: m.seal_kind_surveyResponse,
  riskReport: m.seal_kind_riskReport,
  pilotPlan: m.seal_kind_pilotPlan,
  progressReport: m.seal_kind_progressReport,
  batchReview: m.seal_kind_batchReview,
  specDraft: m.seal_kind_specDraft,
  specification: m.seal_kind_specification,
};

/** What everybody learns of a digest that is known: its kind and since when, nothing of whose it is. */
export function Known({
  known,
  asked,
  signedIn,
}: {
  known: SerializeFrom<KnownSeal>;
  asked: string;
  signedIn: boolean;
}) {
  return (
    <Notice
      tone="done"
      title={m.seal_known()}
      act={signedIn ? undefined : <a href={`/login?next=/verify/${asked}`}>{m.seal_sign_in()}</a>}
      live
    >
      {m.seal_known_text({ kind: kinds[known.kind](), day: formatDate(known.sealedAt) })}
      <br />
      {m.seal_known_stranger()}
    </Notice>
  );
}

export function Unknown({ asked }: { asked: string }) {
  return (
    <Notice tone="late" title={m.specification_verify_unknown()} live>
      {m.specification_verify_unknown_text()} <code>{asked}</code>
      <br />
      {m.seal_unknown_text()}
    </Notice>
  );
}

function Digest({ sha256, asked }: { sha256: string; asked: boolean }) {
  return asked ? (
    <strong className="font-mono" title={sha256}>
      {shortDigest(sha256)}
    </strong>
  ) : (
    <a className="font-mono" href={`/verify/${sha256}`} title={sha256}>
      {shortDigest(sha256)}
    </a>
  );
}

function StepRow({ step }: { step: Step }) {
  return (
    <tr>
      <th scope="row">{step.from === step.to ? m.seal_step_stays(step) : m.seal_step_course(step)}</th>
      <td data-label={m.seal_step_at()} className="whitespace-nowrap">
        {formatDateTime(step.at)}
      </td>
      <td data-label={m.seal_step_who()}>
        <span>
          {step.who} <span className="text-ink-3">{step.role}</span>
          {step.reason ? <span className="block text-ink-2">{m.seal_step_reason({ reason: step.reason })}</span> : null}
        </span>
      </td>
      <td data-label={m.seal_step_digest()}>
        {step.sha256 === null ? (
          <None />
        ) : (
          <span>
            <Digest sha256={step.sha256} asked={step.asked} />
            {step.asked ? <span className="text-accent"> {m.seal_step_asked()}</span> : null}
            {step.previous ? (
              <span className="block text-ink-3">{m.seal_step_previous({ digest: shortDigest(step.previous) })}</span>
            ) : null}
          </span>
        )}
      </td>
    </tr>
  );
}

const verdict = (good: boolean, yes: string, no: string) => (
  <StatusMark status={good ? "done" : "late"}>{good ? yes : no}</StatusMark>
);

function Inclusion({ inclusion }: { inclusion: NonNullable<Proof["inclusion"]> }) {
  const { leaf, root, path, between, linked } = inclusion;
  return (
    <KeyValue
      single
      items={[
        {
          key: m.seal_audit_link(),
          value:
            linked === null
              ? m.seal_audit_hidden({ n: formatNumber(between) })
              : verdict(linked, m.seal_audit_linked({ n: formatNumber(between) }), m.seal_audit_unlinked()),
        },
        {
          key: m.seal_audit_leaf(),
          value: m.seal_audit_leaf_at({ no: formatNumber(leaf.no), seq: formatNumber(leaf.seq) }),
        },
        {
          key: m.seal_audit_path(),
          value: (
            <>
              {verdict(inclusion.proven, m.seal_audit_proven(), m.seal_audit_unproven())}
              {path.length === 0 ? (
                <p>{m.seal_audit_path_none()}</p>
              ) : (
                <ol>
                  {path.map((p) => (
                    <li key={p}>
                      <code>{p}</code>
                    </li>
                  ))}
                </ol>
              )}
            </>
          ),
        },
        {
          key: m.seal_audit_root(),
          value: (
            <code>
              {m.seal_audit_root_of({ root: root.root, size: formatNumber(root.size), time: formatDateTime(root.at) })}
            </code>
          ),
        },
      ]}
    />
  );
}

function AuditEntry({ step, entry, open }: { step: Step; entry: Proof; open: boolean }) {
  return (
    <details open={open}>
      <summary>{m.seal_audit_entry({ label: step.label, seq: formatNumber(entry.seq) })}</summary>
      <KeyValue
        single
        items={[
          {
            key: m.seal_audit_hash(),
            value: (
              <>
                {verdict(entry.intact, m.seal_audit_intact(), m.seal_audit_broken())} <code>{entry.hash}</code>
              </>
            ),
          },
        ]}
      />
      {entry.inclusion ? (
        <Inclusion inclusion={entry.inclusion} />
      ) : (
        <p className="ui-hint">{m.seal_audit_waiting()}</p>
      )}
    </details>
  );
}

const standings = {
  approved: { tone: "done", text: m.seal_chain_approved },
  changed: { tone: "due", text: m.seal_chain_changed },
  submitted: { tone: "info", text: m.seal_chain_submitted },
  returned: { tone: "returned", text: m.seal_chain_returned },
  earlier: { tone: "info", text: m.seal_chain_earlier },
} as const;

/** The whole course of a document's seals, for who may see it. */
export function SealHistory({ chain }: { chain: Chain }) {
  const { tone, text } = standings[chain.standing];
  const proofs = chain.steps.flatMap((step) => (step.entry ? [{ step, entry: step.entry }] : []));
  const good = chain.intact !== false;
  return (
    <>
      <Notice
        tone={good ? tone : "late"}
        title={good ? text() : m.seal_broken()}
        act={chain.to ? <a href={chain.to}>{m.seal_open()}</a> : undefined}
        live
      >
        {good ? `${kinds[chain.kind]()} · ${chain.title}` : m.seal_broken_text()}
        {chain.printed ? <p>{m.seal_chain_printed()}</p> : null}
      </Notice>
      <KeyValue
        single
        items={[
          { key: m.seal_tenant(), value: pick(chain.tenant) },
          { key: m.seal_state(), value: chain.state },
          { key: m.seal_digest(), value: <code>{chain.sha256}</code> },
          {
            key: m.seal_content(),
            value:
              chain.intact === null ? null : verdict(chain.intact, m.seal_content_intact(), m.seal_content_broken()),
          },
        ]}
      />
      <p>
        <a href={`/verify/${chain.sha256}/content.json`}>{m.seal_content_json()}</a>
      </p>
      <Section title={m.seal_steps()}>
        <table className="ui-table ui-table-rows">
          <caption className="ui-sr">{m.seal_steps()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.seal_step_what()}</th>
              <th scope="col">{m.seal_step_at()}</th>
              <th scope="col">{m.seal_step_who()}</th>
              <th scope="col">{m.seal_step_digest()}</th>
            </tr>
          </thead>
          <tbody>
            {chain.steps.map((step) => (
              <StepRow key={step.no} step={step} />
            ))}
          </tbody>
        </table>
      </Section>
      {proofs.length > 0 ? (
        <Section title={m.seal_audit()}>
          {proofs.map(({ step, entry }, i) => (
            <AuditEntry key={step.no} step={step} entry={entry} open={i === proofs.length - 1} />
          ))}
        </Section>
      ) : null}
    </>
  );
}
