import { addDays } from "#app/platform/days.ts";
import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { inputDigest, keepPrinted, printPdf, type StoredFile } from "#app/features/document/artifact.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { type Fired, fire } from "#app/features/workflow/workflow.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import type { Tx } from "#db/client.server.ts";
import { clauses, clauseTellings, comments, specifications } from "#db/schema/index.ts";
import {
  type Edition,
  editionSha256,
  loadEdition,
  loadSpecification,
  seriesOf,
  specificationFacts,
  type SpecificationRow,
} from "./edition.server.ts";
import { specificationJob } from "./pdf.server.ts";
import { sealEdition } from "./seals.server.ts";
import { tellEdition, tellingsAsNow } from "./tellings.server.ts";
import type { consultationSchema, settleSchema } from "./specification.schema.ts";

/* The way of an edition from consultation to publication. What the public may read is switched here and nowhere else. */

interface Step {
  specificationId: string;
  expectedVersion?: number | undefined;
  locale: Locale;
}

async function send(
  tx: Tx,
  actor: Actor,
  step: Step,
  type: string,
  edition: Edition,
  more: { reason?: string; contentHash?: string } = {},
): Promise<Fired> {
  const facts = await specificationFacts(tx, actor, edition);
  const payload = more.reason === undefined ? {} : { reason: more.reason };
  return fire(
    tx,
    actor,
    {
      objectId: step.specificationId,
      type,
      payload,
      facts,
      expectedVersion: step.expectedVersion,
      contentHash: more.contentHash ?? null,
    },
    step.locale,
  );
}
const edition = async (tx: Tx, id: string): Promise<Edition> => loadEdition(tx, await loadSpecification(tx, id));

/** Shows an edition to everyone, or takes it back from sight, with its clauses and what is told of their evidence. */
async function setPublic(
  tx: Tx,
  s: SpecificationRow,
  shown: boolean,
  set: Partial<typeof specifications.$inferInsert> = {},
): Promise<void> {
  const mine = and(eq(clauses.tenantId, s.tenantId), eq(clauses.specificationId, s.id));
  const changed = await tx
    .update(specifications)
    .set({ public: shown, ...set })
    .where(and(eq(specifications.tenantId, s.tenantId), eq(specifications.id, s.id)))
    .returning({ id: specifications.id });
  if (changed.length !== 1) throw notFound({ logMessage: `specification ${s.id} may not be shown` });
  await tx.update(clauses).set({ public: shown }).where(mine);
  await tx
    .update(clauseTellings)
    .set({ public: shown })
    .where(and(eq(clauseTellings.tenantId, s.tenantId), eq(clauseTellings.specificationId, s.id)));
}

/** A slip of the finger in a year would shut an edition in its consultation: so soon it begins, and so long it lasts at most. */
const consultationBegins = 90;
const consultationLasts = 366;
function demandNear(actor: Actor, { from, to }: z.output<typeof consultationSchema>): void {
  const params = `days=${consultationBegins}|length=${consultationLasts}`;
  if (from > addDays(today(actor), consultationBegins)) throw invalid({ from: [`error_consultation_far|${params}`] });
  if (to > addDays(from, consultationLasts)) throw invalid({ to: [`error_consultation_far|${params}`] });
}

/** The days that the editor proposes; the director opens the consultation, with these or others. @throws invalid */
export async function proposeConsultation(
  tx: Tx,
  actor: Actor,
  { specificationId, from, to }: { specificationId: string } & z.output<typeof consultationSchema>,
): Promise<void> {
  if (to < from) throw invalid({ to: ["specification_error_window"] });
  if (from < today(actor)) throw invalid({ from: ["error_field_day_past"] });
  demandNear(actor, { from, to });
  const s = await loadSpecification(tx, specificationId);
  if (s.state !== "drafting") throw conflict({ code: "sealed", logMessage: `specification is ${s.state}` });
  await tx
    .update(specifications)
    .set({ consultFrom: from, consultTo: to })
    .where(and(eq(specifications.tenantId, s.tenantId), eq(specifications.id, s.id)));
}

/** Out for comments from one day to another; everyone may read it from now on. */
export async function openConsultation(
  tx: Tx,
  actor: Actor,
  { from, to, ...step }: Step & z.output<typeof consultationSchema>,
): Promise<Fired> {
  if (to < from) throw invalid({ to: ["specification_error_window"] });
  demandNear(actor, { from, to });
  const s = await loadSpecification(tx, step.specificationId);
  const window = { consultFrom: from, consultTo: to };
  const e = await loadEdition(tx, { ...s, ...window });
  const done = await send(tx, actor, step, "OPEN_CONSULTATION", e);
  await tellEdition(tx, actor, e);
  await setPublic(tx, s, true, window);
  return done;
}

/** After its last day. The text leaves public sight until it is published. */
export async function closeConsultation(tx: Tx, actor: Actor, step: Step): Promise<Fired> {
  const e = await edition(tx, step.specificationId);
  const done = await send(tx, actor, step, "CLOSE_CONSULTATION", e);
  await setPublic(tx, e.specification, false);
  return done;
}

export type Settlement = z.output<typeof settleSchema>;
/** Adopted, adopted in part or refused, always with a reply. @throws conflict `stale_revision` */
export async function settleComment(
  tx: Tx,
  actor: Actor,
  { commentId, rev, disposition, reply }: Settlement,
): Promise<void> {
  const [comment] = await tx
    .select({
      specificationId: comments.specificationId,
      rev: comments.rev,
      state: specifications.state,
      by: comments.settledByName,
    })
    .from(comments)
    .innerJoin(
      specifications,
      and(eq(specifications.tenantId, comments.tenantId), eq(specifications.id, comments.specificationId)),
    )
    .where(eq(comments.id, commentId));
  if (!comment) throw notFound({ logMessage: `comment ${commentId}` });
  if (!openIn("edition.settle", comment.state))
    throw conflict({ code: "sealed", logMessage: `specification is ${comment.state}` });
  const saved = await tx
    .update(comments)
    .set({ disposition, reply, settledByName: actor.name, settledAt: actor.now, rev: rev + 1 })
    .where(and(eq(comments.id, commentId), eq(comments.rev, rev)))
    .returning({ id: comments.id });
  if (saved.length !== 1) throw staleRevision(comment.by, { rev: comment.rev });
}
/** Comments of an edition; the open ones first. */
export const commentsOf = (tx: Tx, specificationId: string) =>
  tx
    .select()
    .from(comments)
    .where(eq(comments.specificationId, specificationId))
    .orderBy(sql`${comments.disposition} = 'open' desc`, comments.at, comments.id);

/** Director: fixes the digest of the content as it is now. */
export async function approve(tx: Tx, actor: Actor, step: Step): Promise<Fired> {
  const e = await edition(tx, step.specificationId);
  const facts = await specificationFacts(tx, actor, e);
  const done = await send(tx, actor, step, "APPROVE", e, { contentHash: facts.contentHash });
  await stamp(tx, e.specification, { contentSha256: facts.contentHash, approvedAt: actor.now });
  await sealEdition(tx, actor, e);
  return done;
}
/** Director: approval taken back, with the reason; the text may be changed again. */
export async function reopenReview(
  tx: Tx,
  actor: Actor,
  { reason, ...step }: Step & { reason: string },
): Promise<Fired> {
  const e = await edition(tx, step.specificationId);
  const done = await send(tx, actor, step, "REOPEN_REVIEW", e, { reason });
  await stamp(tx, e.specification, { contentSha256: null, approvedAt: null });
  return done;
}
/** Editors go on writing, with the reason. @throws conflict `stale_version`; `workflow_refused`; notFound */
export async function returnToDrafting(
  tx: Tx,
  actor: Actor,
  { reason, ...step }: Step & { reason: string },
): Promise<Fired> {
  return send(tx, actor, step, "RETURN_TO_DRAFTING", await edition(tx, step.specificationId), { reason });
}
async function stamp(tx: Tx, s: SpecificationRow, set: Partial<typeof specifications.$inferInsert>): Promise<void> {
  const done = await tx
    .update(specifications)
    .set(set)
    .where(and(eq(specifications.tenantId, s.tenantId), eq(specifications.id, s.id)))
    .returning({ id: specifications.id });
  if (done.length !== 1) throw notFound({ logMessage: `specification ${s.id}` });
}

export interface Published {
  number: string;
  contentSha256: string;
}
interface Publication extends Step {
  effectiveOn: string;
}
/** The edition as it stands once it is published now. The year of its number is that of publication. @throws invalid for a day that is over */
function asPublished(
  e: Edition,
  actor: Actor,
  effectiveOn: string,
): Edition & { set: { number: string; publishedAt: Date; effectiveOn: string; contentSha256: string } } {
  if (effectiveOn < today(actor)) throw invalid({ effectiveOn: ["specification_error_effective"] });
  const number = `${seriesOf(e.specification.number)}-${today(actor).slice(0, 4)}`;
  const set = { number, publishedAt: actor.now, effectiveOn, contentSha256: editionSha256(e) };
  return { ...e, set, specification: { ...e.specification, ...set, state: "published", public: true } };
}

/** Both files of an edition about to be published, each with the digest of what it was made from. */
export type Printed = Record<Locale, StoredFile & { inputSha256: string }>;
/**
 * Makes the files of `publish` beforehand: setting a long edition takes seconds, for which no transaction may be held. Null where
 * the machine would refuse; `publish` then says why. Call both as the same actor: the time of publication stands in the files.
 */
export async function printEdition(
  read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  actor: Actor,
  { specificationId, effectiveOn, storage, locale }: Publication & { storage: Storage },
): Promise<Printed | null> {
  const jobs = await read(async (tx) => {
    const e = await edition(tx, specificationId);
    const published = asPublished(e, actor, effectiveOn);
    const facts = await specificationFacts(tx, actor, {
      ...e,
      specification: { ...e.specification, number: published.set.number },
    });
    const allowed = eventOptions(await loadInstance(tx, specificationId), actor, facts, locale).some(
      (a) => a.type === "PUBLISH" && a.enabled,
    );
    if (!allowed) return null;
    const tellings = await tellingsAsNow(tx, published);
    return { zh: specificationJob(published, tellings, "zh-CN"), en: specificationJob(published, tellings, "en") };
  });
  if (!jobs) return null;
  const print = async (job: typeof jobs.zh) => ({ ...(await printPdf(storage, job)), inputSha256: inputDigest(job) });
  const [zh, en] = await Promise.all([print(jobs.zh), print(jobs.en)]);
  return { "zh-CN": zh, en };
}

/**
 * Director: publishes what was approved, and nothing else: the machine compares the digests. The files come from `printEdition`; an
 * older published edition of the series is superseded.
 * @throws conflict `changed_meanwhile` when the files do not say what is published here
 */
export async function publish(
  tx: Tx,
  actor: Actor,
  { effectiveOn, printed, ...step }: Publication & { printed: Printed | null },
): Promise<Published> {
  const e = await edition(tx, step.specificationId);
  const s = e.specification;
  const { set, ...published } = asPublished(e, actor, effectiveOn);
  await send(
    tx,
    actor,
    step,
    "PUBLISH",
    { ...e, specification: { ...s, number: set.number } },
    { contentHash: set.contentSha256 },
  );
  await setPublic(tx, s, true, set);
  const tellings = await tellEdition(tx, actor, published);
  for (const job of [specificationJob(published, tellings, "zh-CN"), specificationJob(published, tellings, "en")]) {
    const { inputSha256, ...file } = printed?.[job.locale] ?? { inputSha256: null };
    if (inputSha256 !== inputDigest(job))
      throw conflict({
        code: "changed_meanwhile",
        logMessage: `the ${job.locale} file of ${s.id} was made from something else`,
      });
    await keepPrinted(tx, actor, job, file as StoredFile);
  }
  const older = await tx
    .select()
    .from(specifications)
    .where(and(eq(specifications.tenantId, s.tenantId), eq(specifications.state, "published")));
  for (const old of older.filter(
    (o) => o.id !== s.id && seriesOf(o.number) === seriesOf(set.number) && o.edition < s.edition,
  ))
    await supersede(tx, actor, { specificationId: old.id, locale: step.locale });
  return { number: set.number, contentSha256: set.contentSha256 };
}

/** A later edition is out. It stays readable, marked. */
export async function supersede(tx: Tx, actor: Actor, step: Step): Promise<Fired> {
  return send(tx, actor, step, "SUPERSEDE", await edition(tx, step.specificationId));
}
/** Director: no longer to be followed. It stays readable, marked with the reason. */
export async function withdraw(tx: Tx, actor: Actor, { reason, ...step }: Step & { reason: string }): Promise<Fired> {
  const e = await edition(tx, step.specificationId);
  const done = await send(tx, actor, step, "WITHDRAW", e, { reason });
  await stamp(tx, e.specification, { withdrawnReason: reason });
  return done;
}
