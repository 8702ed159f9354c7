import { type EventOption, eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { type Instance, loadInstance } from "#app/features/workflow/instance.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import {
  isHandedIn,
  isInReview,
  movesWithProject,
  type ProjectFacts,
  stepOfProject,
  stepWith,
} from "#workflows/index.ts";
import { type Approval, approvalOf, withChangeNoted } from "./approval.server.ts";
import { type DocumentRow, latestSubmission, projectDocument, type SubmissionRow } from "./document.server.ts";
import type { DocumentKindOf, Part, Sealable } from "./kind.ts";
import { kindOf, readContent } from "./kinds.server.ts";
import { type Unprintable, unprintableIn } from "./printable.server.ts";
import { stepReasons } from "./project-step.server.ts";
import { isVerb, takes } from "./verbs.rules.ts";

/*
 * Where a document stands for who looks at it: the events they may send with what either machine says to each, and what its
 * approval no longer covers. What is enabled here `transition` accepts.
 */

export interface DocumentStanding {
  state: string;
  stateLabel: string;
  /** Version of the document's machine: comes back as `expectedVersion`. */
  version: number;
  acts: EventOption[];
  /** What of the last seal can be returned with a reason of its own; empty before anything was handed in. */
  parts: Part[];
  approval: Approval;
  /** Of what would be sealed now, or what is under review: characters that no printed file will show. */
  unprintable: Unprintable[];
}

interface Looked {
  document: DocumentRow;
  instance: Instance;
  latest: SubmissionRow | null;
  now: Sealable<unknown> | null;
}

/**
 * For any reader who sees the document.
 * @param known what the caller has derived already; asked anew otherwise. `now` is the author's content, `latest` the last seal;
 *   `printed: false` where nobody reads what cannot be printed.
 */
export async function standingOf(
  tx: Tx,
  actor: Actor,
  document: DocumentRow,
  locale: Locale,
  known: { now?: Sealable<unknown>; latest?: SubmissionRow | null; printed?: boolean } = {},
): Promise<DocumentStanding> {
  const kind = kindOf(document.kind);
  const reviewed = isInReview(document.state);
  const writes = !reviewed && actor.level === kind.author;
  const [instance, latest, now] = await Promise.all([
    loadInstance(tx, document.id),
    known.latest === undefined ? latestSubmission(tx, document.id) : known.latest,
    writes ? (known.now ?? kind.now(tx, actor, document)) : null,
  ]);
  const held = now ? now.content : reviewed && latest ? readContent(kind, latest.content) : null;
  const approval = await approvalOf(tx, document, instance, held, locale);
  const acts = await eventsOf(tx, actor, { document, instance, latest, now }, approval, locale);
  return {
    state: document.state,
    stateLabel: stateLabel("document", document.state, locale),
    version: instance.lockVersion,
    acts,
    parts: latest ? kind.parts(readContent(kind, latest.content), locale) : [],
    approval,
    unprintable: kind.printed && known.printed !== false && held !== null ? unprintableOf(kind, held, locale) : [],
  };
}

const unprintableOf = (kind: DocumentKindOf<unknown>, content: unknown, locale: Locale): Unprintable[] =>
  unprintableIn(content, { shape: kind.shape(content), words: kind.words?.(content, null) ?? {}, locale });

async function eventsOf(
  tx: Tx,
  actor: Actor,
  { document, instance, latest, now }: Looked,
  approval: Approval,
  locale: Locale,
): Promise<EventOption[]> {
  const kind = kindOf(document.kind);
  const contentHash = now ? sealOf(now.content) : (latest?.sha256 ?? "");
  const facts = { ...now?.completeness(locale), contentHash };
  const own = now ? withChangeNoted(instance, actor, approval.needed, now.content) : instance;
  const acts = eventOptions(own, actor, facts, locale).filter((a) => isVerb(a.type) && takes(document.kind, a.type));
  if (!movesWithProject(document.kind)) return acts;
  const whole = await loadInstance(tx, document.projectId);
  const gate = kind.gate?.(now ? now.summary : latest?.summary) ?? {};
  return acts.map((act) => {
    const step = isVerb(act.type) ? stepWith(document.kind, act.type, document.state) : null;
    const reasons = step ? stepReasons(actor, { whole, own: instance, step, facts: gate, locale }) : [];
    return withReasons(act, reasons);
  });
}

/** An act that somebody else has a say in as well. Where it is not the time at all, nothing else is worth telling. */
function withReasons(act: EventOption, more: EventOption["reasons"]): EventOption {
  if (more.length === 0) return act;
  const untimely = more.some((r) => r.code === "document_other_phase");
  return { ...act, enabled: false, reasons: untimely ? [...more] : [...(act.enabled ? [] : act.reasons), ...more] };
}

/**
 * The acts of a project with what the document of its phase says to those that take it along. For the project's own page and
 * its endpoint; each is accepted by `transitionProject` where it is enabled here.
 */
export async function withDocuments(
  tx: Tx,
  actor: Actor,
  projectId: string,
  acts: readonly EventOption[],
  locale: Locale,
): Promise<EventOption[]> {
  const standings = new Map<string, Promise<DocumentStanding | null>>();
  const standingOfKind = (kind: DocumentRow["kind"]): Promise<DocumentStanding | null> => {
    const known =
      standings.get(kind) ??
      projectDocument(tx, projectId, kind).then((d) => d && standingOf(tx, actor, d, locale, { printed: false }));
    standings.set(kind, known);
    return known;
  };
  const own = async (act: EventOption): Promise<EventOption> => {
    const step = stepOfProject(act.type);
    if (!step) return act;
    const standing = await standingOfKind(step.kind);
    const found = standing?.acts.find((a) => (a.type === "RESUBMIT" ? "SUBMIT" : a.type) === step.event);
    if (found) return { ...act, enabled: found.enabled, reasons: found.reasons, needs: found.needs };
    return withReasons(act, [
      { code: "project_document_first", text: translate("project_document_first", {}, locale) },
    ]);
  };
  return Promise.all(acts.map(own));
}

const nobody = "00000000-0000-0000-0000-000000000000";
/**
 * What the document of a project's phase tells its gate: as it would be sealed now, or as it was. Nothing where the caller
 * sees neither.
 */
export async function gateFacts(
  tx: Tx,
  actor: Actor,
  project: { id: string; tenantId: string },
  kind: DocumentRow["kind"],
): Promise<Partial<ProjectFacts>> {
  const { gate, now, author } = kindOf(kind);
  if (!gate) return {};
  const document = await projectDocument(tx, project.id, kind);
  const sealed = document !== null && isHandedIn(document.state);
  if (sealed || actor.level !== author) return document ? gate((await latestSubmission(tx, document.id))?.summary) : {};
  const unbegun = { id: nobody, siteId: null, systemId: null, pilotId: null, period: "" };
  const subject = document ?? { ...unbegun, tenantId: project.tenantId, projectId: project.id };
  return gate((await now(tx, actor, subject)).summary);
}
