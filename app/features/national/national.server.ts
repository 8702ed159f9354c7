import { and, asc, count, desc, eq, inArray, sql } from "drizzle-orm";
import { type Actor, today } from "#app/request/actor.ts";
import { courseOf, type Remembered } from "#app/features/project/phases.rules.ts";
import type { Tx } from "#db/client.server.ts";
import {
  batches,
  batchQuotas,
  clauseEvidence,
  clauses,
  comments,
  documents,
  projects,
  specifications,
  submissions,
  tenants,
  workflowEvents,
  workflowInstances,
} from "#db/schema/index.ts";
import { lateCells, type PhaseCell, phaseMatrix, quotaUse, type SectorProgress } from "./national.rules.ts";
import { currentProgramme, type Programme } from "#app/features/programme/programme.server.ts";

/* What the national office sees of all sectors: states and dates of their projects, and what they have handed on. */

interface SectorRow {
  id: string;
  code: string;
  name: { zh: string; en: string };
  priority: boolean;
  projectId: string | null;
  state: string | null;
  cells: PhaseCell[];
}
export interface Waiting {
  documentId: string;
  projectId: string;
  kind: string;
  title: string;
  since: Date;
  sector: { zh: string; en: string };
}
interface BatchView {
  no: number;
  opensOn: string;
  extensionReason: string;
  closesOn: string;
  status: (typeof batches.$inferSelect)["status"];
  openedAt: Date | null;
  closedAt: Date | null;
  quotas: { sectorId: string; quota: number; selected: number; note: string; over: boolean }[];
  totals: { sectors: number; quota: number; selected: number };
}
interface AdoptionRow {
  sectorId: string;
  name: { zh: string; en: string };
  /** Clauses of the sector's sealed draft; null before it handed one on. */
  draftClauses: number | null;
  /** Clauses of the newest edition that rest on it. */
  used: number;
}
export interface NationalOverview {
  programme: Programme;
  today: string;
  sectors: SectorRow[];
  late: PhaseCell[];
  batches: BatchView[];
  waiting: Waiting[];
  specifications: {
    id: string;
    number: string;
    edition: number;
    title: { zh: string; en: string };
    state: string;
    consultTo: string | null;
    open: number;
    settled: number;
  }[];
  adoption: AdoptionRow[];
}

type Event = { objectId: string; type: string; from: string; to: string; facts: unknown; at: Date };
/** Pilots selected in a batch, as the sector's own move into it recorded them. */
function selectedIn(events: readonly Event[], no: number): number {
  const started = events.findLast(
    (e) => e.type === "START_BATCH" && e.from.startsWith(no === 1 ? "batchOne" : "batchTwo"),
  );
  const value = (started?.facts as { selectedPilots?: unknown } | undefined)?.selectedPilots;
  return typeof value === "number" ? value : 0;
}

/** The logs of all projects, oldest first, by project. */
async function eventsByProject(tx: Tx): Promise<ReadonlyMap<string, Event[]>> {
  const events = await tx
    .select({
      objectId: workflowEvents.objectId,
      type: workflowEvents.type,
      from: workflowEvents.fromState,
      to: workflowEvents.toState,
      facts: workflowEvents.facts,
      at: workflowEvents.at,
    })
    .from(workflowEvents)
    .where(eq(workflowEvents.machine, "project"))
    .orderBy(workflowEvents.no);
  const byProject = new Map<string, Event[]>();
  for (const e of events) byProject.set(e.objectId, [...(byProject.get(e.objectId) ?? []), e]);
  return byProject;
}

/** What the machines of all projects remember, by project. */
async function contextByProject(tx: Tx): Promise<ReadonlyMap<string, Remembered>> {
  const rows = await tx
    .select({
      objectId: workflowInstances.objectId,
      context: sql<Remembered>`${workflowInstances.snapshot} -> 'context'`,
    })
    .from(workflowInstances)
    .where(eq(workflowInstances.machine, "project"));
  return new Map(rows.map((c) => [c.objectId, c.context]));
}

/** The newest sealed draft that each sector has handed on. */
const draftsHandedOn = (tx: Tx, programmeId: string) =>
  tx
    .selectDistinctOn([submissions.tenantId], { tenantId: submissions.tenantId, summary: submissions.summary })
    .from(submissions)
    .innerJoin(
      projects,
      and(
        eq(projects.tenantId, submissions.tenantId),
        eq(projects.id, submissions.projectId),
        eq(projects.programmeId, programmeId),
      ),
    )
    .where(and(eq(submissions.kind, "specDraft"), eq(submissions.national, true)))
    .orderBy(submissions.tenantId, desc(submissions.seq));

/** Clauses of each edition that rest on what a sector has shown. */
const clausesBySector = (tx: Tx, actor: Actor) =>
  tx
    .select({
      specificationId: clauses.specificationId,
      sectorId: clauseEvidence.sectorTenantId,
      n: sql<number>`count(distinct ${clauseEvidence.clauseId})`.mapWith(Number),
    })
    .from(clauseEvidence)
    .innerJoin(clauses, and(eq(clauses.tenantId, clauseEvidence.tenantId), eq(clauses.id, clauseEvidence.clauseId)))
    .where(eq(clauseEvidence.tenantId, actor.tenantId))
    .groupBy(clauses.specificationId, clauseEvidence.sectorTenantId);

/** Everything on the national office's page; null before a programme was created. */
export async function nationalOverview(tx: Tx, actor: Actor): Promise<NationalOverview | null> {
  const programme = await currentProgramme(tx);
  if (!programme) return null;
  const [sectors, projectRows, contexts, events, windows, quotas, waiting, drafts, specs, used] = await Promise.all([
    tx.select().from(tenants).where(eq(tenants.kind, "sector")).orderBy(desc(tenants.priority), asc(tenants.code)),
    tx.select().from(projects).where(eq(projects.programmeId, programme.id)),
    contextByProject(tx),
    eventsByProject(tx),
    tx.select().from(batches).where(eq(batches.programmeId, programme.id)).orderBy(batches.no),
    tx.select().from(batchQuotas).where(eq(batchQuotas.programmeId, programme.id)),
    waitingForApproval(tx, programme.id),
    draftsHandedOn(tx, programme.id),
    specificationRows(tx, actor),
    clausesBySector(tx, actor),
  ]);
  const projectOf = new Map(projectRows.map((p) => [p.tenantId, p]));
  const log = (sectorId: string) => events.get(projectOf.get(sectorId)?.id ?? "") ?? [];
  const day = today(actor);
  const courses = sectors.map(({ id: sectorId }): SectorProgress => {
    const project = projectOf.get(sectorId);
    if (!project) return { sectorId, current: null, dueOn: {}, doneOn: {} };
    const moves = log(sectorId).map(({ from, to, at }) => ({ from, to, day: today({ now: at }) }));
    return { sectorId, ...courseOf(project, contexts.get(project.id) ?? {}, moves) };
  });
  const matrix = phaseMatrix(courses, day);
  const sectorIds = sectors.map(({ id }) => id);
  const newest = specs[0]?.id;
  return {
    programme,
    today: day,
    sectors: sectors.map((s, i) => sectorRow(s, projectOf.get(s.id), matrix[i] ?? [])),
    late: lateCells(matrix),
    batches: windows.map((w) => batchView(w, quotas, sectorIds, log)),
    waiting,
    specifications: specs,
    adoption: adoptionOf(
      sectors,
      drafts,
      used.filter((u) => u.specificationId === newest),
    ),
  };
}

const sectorRow = (
  s: typeof tenants.$inferSelect,
  project: typeof projects.$inferSelect | undefined,
  cells: PhaseCell[],
): SectorRow => ({
  id: s.id,
  code: s.code,
  name: { zh: s.nameZh, en: s.nameEn },
  priority: s.priority,
  projectId: project?.id ?? null,
  state: project?.state ?? null,
  cells,
});

function batchView(
  w: typeof batches.$inferSelect,
  quotas: readonly (typeof batchQuotas.$inferSelect)[],
  sectorIds: readonly string[],
  log: (sectorId: string) => readonly Event[],
): BatchView {
  const no = w.no === 1 ? 1 : 2;
  const own = new Map(quotas.filter((q) => q.batchNo === w.no).map((q) => [q.tenantId, q]));
  const use = quotaUse(
    sectorIds.map((sectorId) => ({
      sectorId,
      batchNo: no,
      quota: own.get(sectorId)?.quota ?? 0,
      selected: selectedIn(log(sectorId), no),
      nominated: 0,
    })),
  );
  const totals = use.batches.find((b) => b.batchNo === no);
  return {
    no: w.no,
    opensOn: w.opensOn,
    extensionReason: w.extensionReason,
    closesOn: w.closesOn,
    status: w.status,
    openedAt: w.openedAt,
    closedAt: w.closedAt,
    quotas: use.rows.map((r) => ({
      sectorId: r.sectorId,
      quota: r.quota,
      selected: r.selected,
      note: own.get(r.sectorId)?.note ?? "",
      over: r.over,
    })),
    totals: { sectors: totals?.sectors ?? 0, quota: totals?.quota ?? 0, selected: totals?.selected ?? 0 },
  };
}

function adoptionOf(
  sectors: readonly (typeof tenants.$inferSelect)[],
  drafts: readonly { tenantId: string; summary: unknown }[],
  used: readonly { sectorId: string; n: number }[],
): AdoptionRow[] {
  const draftOf = new Map(drafts.map((d) => [d.tenantId, (d.summary as { clauseCount?: number }).clauseCount ?? 0]));
  const usedOf = new Map(used.map((u) => [u.sectorId, u.n]));
  return sectors.map((s) => ({
    sectorId: s.id,
    name: { zh: s.nameZh, en: s.nameEn },
    draftClauses: draftOf.get(s.id) ?? null,
    used: usedOf.get(s.id) ?? 0,
  }));
}

/** Plans and specification drafts that sectors have handed on and nobody has decided. */
async function waitingForApproval(tx: Tx, programmeId: string): Promise<Waiting[]> {
  const rows = await tx
    .select({
      documentId: documents.id,
      projectId: documents.projectId,
      kind: documents.kind,
      title: documents.title,
      since: documents.updatedAt,
      zh: tenants.nameZh,
      en: tenants.nameEn,
    })
    .from(documents)
    .innerJoin(
      projects,
      and(
        eq(projects.tenantId, documents.tenantId),
        eq(projects.id, documents.projectId),
        eq(projects.programmeId, programmeId),
      ),
    )
    .innerJoin(tenants, eq(tenants.id, documents.tenantId))
    .where(
      and(
        eq(documents.national, true),
        eq(documents.state, "submitted.national"),
        inArray(documents.kind, ["pilotPlan", "specDraft"]),
      ),
    )
    .orderBy(documents.updatedAt)
    .limit(100);
  return rows.map(({ zh, en, ...r }) => ({ ...r, sector: { zh, en } }));
}

async function specificationRows(tx: Tx, actor: Actor): Promise<NationalOverview["specifications"]> {
  const rows = await tx
    .select({
      id: specifications.id,
      number: specifications.number,
      edition: specifications.edition,
      zh: specifications.titleZh,
      en: specifications.titleEn,
      state: specifications.state,
      consultTo: specifications.consultTo,
      open: sql<number>`count(${comments.id}) filter (where ${comments.disposition} = 'open')`.mapWith(Number),
      all: count(comments.id),
    })
    .from(specifications)
    .leftJoin(
      comments,
      and(eq(comments.tenantId, specifications.tenantId), eq(comments.specificationId, specifications.id)),
    )
    .where(eq(specifications.tenantId, actor.tenantId))
    .groupBy(specifications.tenantId, specifications.id)
    .orderBy(desc(specifications.createdAt));
  return rows.map(({ zh, en, all, ...r }) => ({ ...r, title: { zh, en }, settled: all - r.open }));
}
