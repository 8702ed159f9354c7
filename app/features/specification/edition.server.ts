import { slugOf } from "#app/domain/hrefs.ts";
import { and, count, desc, eq, sql } from "drizzle-orm";
import { daysFrom } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { isBlocking, type Reason } from "#app/domain/reasons.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { beginning } from "#db/like.ts";
import {
  clauseEvidence,
  clauses,
  comments,
  type EvidenceBasis,
  programmes,
  specifications,
  tenants,
} from "#db/schema/index.ts";
import { controls, specificationSkeleton } from "#seeds/catalogue/index.ts";
import type { SpecificationFacts } from "#workflows/specification/facts.ts";
import { chapterOffset } from "./numbers.ts";
import { checkVerbs } from "./verbs.rules.ts";
import {
  clauseCoverage,
  type ClauseCoverage,
  coverageReasons,
  type EvidenceFacts,
  type EvidenceGrade,
  gradeEvidence,
} from "./evidence.rules.ts";
import type { EditionClause } from "./editions.rules.ts";
import { numberClauses, skeletonGaps, structureGaps } from "./numbering.rules.ts";

/*
 * An edition read as a whole: its clauses in order with their numbers, what each rests on, and what is wrong with it. The same
 * for the editors and for the public; the walls decide which rows there are.
 */

export type SpecificationRow = typeof specifications.$inferSelect;
type ClauseRow = typeof clauses.$inferSelect;
export interface EvidenceView {
  id: string;
  clauseId: string;
  sectorTenantId: string;
  sector: { code: string; zh: string; en: string };
  submissionId: string;
  submissionSha256: string;
  batchNo: number;
  pilots: number;
  effectMilli: number | null;
  dissent: boolean;
  statement: string;
  /** Whom its figures speak of; the national office's alone. */
  basis: EvidenceBasis | null;
}
export interface ClauseView extends ClauseRow {
  number: string;
  depth: number;
  evidence: EvidenceView[];
  /** Null for headings, and in annexes. */
  grade: EvidenceGrade | null;
  /** Wording that the standard warns of or rules out. */
  verbs: Reason[];
  /** Whether it stands under a chapter and holds text: only then must it have a verb and name its evidence. */
  normative: boolean;
}
export interface Edition {
  specification: SpecificationRow;
  clauses: ClauseView[];
  coverage: ClauseCoverage;
  /** What the document lacks as a whole, of its skeleton, its tree and its coverage. */
  gaps: Reason[];
}

/** @throws notFound, also for one that is not public yet. */
export async function loadSpecification(tx: Tx, id: string): Promise<SpecificationRow> {
  const [row] = await tx.select().from(specifications).where(eq(specifications.id, id));
  if (!row) throw notFound({ logMessage: `specification ${id}` });
  return row;
}

/** A public edition by its number, as in the address (`WLW-GF-001-2015`); another year's number of the same series leads to the newest edition. */
export async function findByNumber(tx: Tx, number: string, edition?: number): Promise<SpecificationRow> {
  const slug = slugOf(number);
  const series = slug.replace(/-\d{4}$/, "");
  const rows = await tx
    .select()
    .from(specifications)
    .where(
      and(
        eq(specifications.public, true),
        sql`replace(${specifications.number}, ' ', '-') like ${beginning(`${series}-`)}`,
        edition === undefined ? undefined : eq(specifications.edition, edition),
      ),
    )
    .orderBy(desc(specifications.edition));
  const found =
    rows.find((r) => slugOf(r.number) === slug) ?? rows.find((r) => slugOf(r.number).replace(/-\d{4}$/, "") === series);
  if (!found) throw notFound({ logMessage: `specification ${number}` });
  return found;
}

const evidenceColumns = {
  id: clauseEvidence.id,
  clauseId: clauseEvidence.clauseId,
  sectorTenantId: clauseEvidence.sectorTenantId,
  submissionId: clauseEvidence.submissionId,
  submissionSha256: clauseEvidence.submissionSha256,
  batchNo: clauseEvidence.batchNo,
  pilots: clauseEvidence.pilots,
  effectMilli: clauseEvidence.effectMilli,
  dissent: clauseEvidence.dissent,
  statement: clauseEvidence.statement,
  basis: clauseEvidence.basis,
  sector: { code: tenants.code, zh: tenants.nameZh, en: tenants.nameEn },
};

const clausesOf = (s: SpecificationRow) => and(eq(clauses.tenantId, s.tenantId), eq(clauses.specificationId, s.id));
/** The edition with everything that stands in it, for the national office. Two queries however long it is. */
export async function loadEdition(tx: Tx, specification: SpecificationRow): Promise<Edition> {
  const [rows, evidence] = await Promise.all([
    tx.select().from(clauses).where(clausesOf(specification)),
    tx
      .select(evidenceColumns)
      .from(clauseEvidence)
      .innerJoin(clauses, and(eq(clauses.tenantId, clauseEvidence.tenantId), eq(clauses.id, clauseEvidence.clauseId)))
      .innerJoin(tenants, eq(tenants.id, clauseEvidence.sectorTenantId))
      .where(clausesOf(specification))
      .orderBy(tenants.code, clauseEvidence.batchNo, clauseEvidence.id),
  ]);
  return editionOf(specification, rows, evidence);
}
/** The edition as everybody reads it: without evidence, of which they are told apart from it (`tellings.server.ts`). */
export const loadText = async (tx: Tx, specification: SpecificationRow): Promise<Edition> =>
  editionOf(specification, await tx.select().from(clauses).where(clausesOf(specification)), []);

function editionOf(
  specification: SpecificationRow,
  rows: readonly ClauseRow[],
  evidence: readonly EvidenceView[],
): Edition {
  const views = viewsOf(rows, evidence);
  const coverage = clauseCoverage(
    views.filter((c) => c.normative && c.number.split(".").length > 1),
    controls,
  );
  const gaps = [
    ...skeletonGaps(specificationSkeleton, elementsOf(specification, rows)),
    ...structureGaps(rows),
    ...coverageReasons(coverage),
  ];
  return { specification, clauses: views, coverage, gaps };
}

/** Keys of the skeleton's elements that stand: front matter with text, chapters and annexes under their heading in either language. */
function elementsOf({ body }: SpecificationRow, rows: readonly ClauseRow[]): Set<string> {
  const headings = new Set(rows.flatMap((r) => (r.parentId === null ? [r.headingZh.trim(), r.headingEn.trim()] : [])));
  const written = Object.entries({
    foreword: body.foreword,
    introduction: body.introduction,
    scope: body.scope,
  }).filter(([, text]) => text.trim() !== "");
  return new Set([
    ...written.map(([key]) => key),
    ...specificationSkeleton.filter((s) => headings.has(s.title_zh) || headings.has(s.title_en)).map((s) => s.key),
  ]);
}

/** Several statements of one sector on one batch speak of the same pilots: they count once, with the largest number named. */
function gradable(evidence: readonly EvidenceView[]): EvidenceFacts[] {
  const counted = new Set<string>();
  return [...evidence]
    .sort((a, b) => b.pilots - a.pilots)
    .map((e) => {
      const group = `${e.sectorTenantId}/${e.batchNo}`;
      const pilots = counted.has(group) ? 0 : e.pilots;
      counted.add(group);
      return {
        id: e.id,
        sectorId: e.sectorTenantId,
        batchNo: e.batchNo,
        pilots,
        effectMilli: e.effectMilli,
        dissent: e.dissent,
      };
    });
}

function viewsOf(rows: readonly ClauseRow[], evidence: readonly EvidenceView[]): ClauseView[] {
  const byClause = new Map<string, EvidenceView[]>();
  for (const e of evidence) byClause.set(e.clauseId, [...(byClause.get(e.clauseId) ?? []), e]);
  const { ordered } = numberClauses(rows);
  const inChapter = new Map<string, boolean>();
  return ordered.map((c): ClauseView => {
    const chapter = c.parentId === null ? c.kind !== "annex" : (inChapter.get(c.parentId) ?? true);
    inChapter.set(c.id, chapter);
    const normative = c.kind === "clause" && chapter && c.textZh.trim() !== "";
    const own = byClause.get(c.id) ?? [];
    return {
      ...c,
      number: chapterOffset(c.number),
      evidence: own,
      normative,
      grade: normative ? gradeEvidence(c.id, gradable(own), c.evidenceNone) : null,
      verbs: normative ? checkVerbs({ id: c.id, textZh: c.textZh, textEn: c.textEn }).reasons : [],
    };
  });
}

/** What approval seals: text, tags and evidence in reading order. Number, dates and ids are not part of it. */
export function editionContent({ specification, clauses: views }: Edition) {
  return {
    kind: "specification",
    edition: specification.edition,
    titleZh: specification.titleZh,
    titleEn: specification.titleEn,
    body: specification.body,
    clauses: views.map((c) => ({
      number: c.number,
      kind: c.kind,
      headingZh: c.headingZh,
      headingEn: c.headingEn,
      textZh: c.textZh,
      textEn: c.textEn,
      verb: c.verb,
      tags: { dimension: c.dimension, object: c.object, lifecycle: c.lifecycle, mechanism: c.mechanism },
      evidenceNone: c.evidenceNone,
      evidence: c.evidence.map((e) => ({
        sector: e.sector.code,
        submission: e.submissionSha256,
        batchNo: e.batchNo,
        pilots: e.pilots,
        effectMilli: e.effectMilli,
        dissent: e.dissent,
        statement: e.statement,
      })),
    })),
  };
}

/** SHA-256 of the canonical JSON of the content as it is now. */
export const editionSha256 = (edition: Edition): string => sealOf(editionContent(edition));

/** Facts that the machine's guards ask for; for the national office, who alone acts. */
export async function specificationFacts(tx: Tx, actor: Actor, edition: Edition): Promise<SpecificationFacts> {
  const { specification: s, clauses: views } = edition;
  const [[open], [programme], successors] = await Promise.all([
    tx
      .select({ n: count() })
      .from(comments)
      .where(
        and(eq(comments.tenantId, s.tenantId), eq(comments.specificationId, s.id), eq(comments.disposition, "open")),
      ),
    tx
      .select({ consultationDays: programmes.consultationDays })
      .from(programmes)
      .where(eq(programmes.id, s.programmeId)),
    tx
      .select({ number: specifications.number, edition: specifications.edition, state: specifications.state })
      .from(specifications)
      .where(eq(specifications.tenantId, s.tenantId)),
  ]);
  const normative = views.filter((c) => c.normative);
  const series = seriesOf(s.number);
  return {
    clauseCount: normative.length,
    clausesWithoutVerb: normative.filter((c) => c.verbs.some(isBlocking)).length,
    clausesWithoutEvidence: normative.filter((c) => c.evidence.length === 0 && !c.evidenceNone).length,
    structureGaps: edition.gaps.filter(isBlocking).length,
    consultationDays: s.consultFrom && s.consultTo ? daysFrom(s.consultFrom, s.consultTo) + 1 : 0,
    consultationStartsIn: s.consultFrom ? daysFrom(today(actor), s.consultFrom) : 0,
    consultationMinDays: programme?.consultationDays ?? 1,
    consultationDaysLeft: s.consultTo ? daysFrom(today(actor), s.consultTo) + 1 : 0,
    unsettledComments: open?.n ?? 0,
    contentHash: editionSha256(edition),
    number: s.number,
    edition: s.edition,
    successorPublished: successors.some(
      (o) => seriesOf(o.number) === series && o.edition > s.edition && o.state === "published",
    ),
  };
}
/** Number without its year: what the editions of one specification share. */
export const seriesOf = (number: string): string => number.replace(/-\d{4}$/, "");

/** For the comparison of two editions. */
export const comparable = (edition: Edition): EditionClause[] =>
  edition.clauses.map((c) => ({
    id: c.id,
    number: c.number,
    headingZh: c.headingZh,
    headingEn: c.headingEn,
    textZh: c.textZh,
    textEn: c.textEn,
    verb: c.verb,
  }));
