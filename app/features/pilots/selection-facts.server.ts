import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { daysFrom } from "#app/platform/days.ts";
import { reasonText } from "#app/domain/reason-text.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { batchQuotas, objections, pilots, projects, sites, systems } from "#db/schema/index.ts";
import { type PilotFacts, stagesWhere } from "#workflows/index.ts";
import { snake } from "#workflows/labels.ts";
import { panelFacts } from "./panel.server.ts";
import { screenNomination, type ScreeningResult } from "./screening.rules.ts";
import { wantNotes } from "./sheets.server.ts";

/* What the gates of the selection ask, of many pilots at once: each query is one for all of them. */

type PilotRow = typeof pilots.$inferSelect;
const count = sql<number>`count(*)::int`;
/** Ended without effect: its place and its system are free again. */
const ended = stagesWhere("over");
/** A place stays taken by whoever was selected and did not withdraw; one that failed has used it up. */
const placed = stagesWhere("takesPlace");

/** What a nomination must tell before it is screened. */
const requiredFields = [
  "systemName",
  "systemDescription",
  "devices",
  "grade",
  "creditCode",
  "region",
  "direction",
  "commitment",
] as const;

export interface Screened extends ScreeningResult {
  /** Codes of the other pilots of the same system. */
  duplicateCodes: string[];
}
/** Of a system that the caller does not see, nothing is stated. */
const unknown: Screened = {
  missing: [...requiredFields],
  duplicates: [],
  reasons: [],
  passes: false,
  duplicateCodes: [],
};

/** The registered system and site of each pilot, and the live pilots of those sites. */
async function registered(tx: Tx, list: readonly PilotRow[]) {
  const tenantId = list[0]?.tenantId ?? "";
  const siteIds = [...new Set(list.map((p) => p.siteId))];
  const [known, live] = await Promise.all([
    tx
      .select({
        systemId: systems.id,
        systemName: systems.name,
        description: systems.description,
        devices: systems.devices,
        creditCode: sites.code,
        region: sites.region,
      })
      .from(systems)
      .innerJoin(sites, and(eq(sites.tenantId, systems.tenantId), eq(sites.id, systems.siteId)))
      .where(
        and(
          eq(systems.tenantId, tenantId),
          inArray(
            systems.id,
            list.map((p) => p.systemId),
          ),
        ),
      ),
    // Of the same sites only: a system belongs to one site, and the place index serves it.
    tx
      .select({
        pilotId: pilots.id,
        siteId: pilots.siteId,
        code: pilots.code,
        systemId: pilots.systemId,
        systemName: pilots.name,
      })
      .from(pilots)
      .where(and(eq(pilots.tenantId, tenantId), inArray(pilots.siteId, siteIds), sql`${pilots.stage} not in ${ended}`)),
  ]);
  return { of: new Map(known.map((k) => [k.systemId, k])), live };
}

/**
 * Form and duplicate checks from the registered site and system, by pilot. A regulator's; sites do not see each other.
 * A pilot whose system is not there is left out.
 */
export async function screenPilots(tx: Tx, list: readonly PilotRow[]): Promise<Map<string, Screened>> {
  if (list.length === 0) return new Map();
  const { of, live } = await registered(tx, list);
  return new Map(
    list.flatMap((pilot): [string, Screened][] => {
      const system = of.get(pilot.systemId);
      if (!system) return [];
      const others = live.filter((o) => o.siteId === pilot.siteId);
      return [[pilot.id, screened(pilot, system, others)]];
    }),
  );
}

type Registered = Awaited<ReturnType<typeof registered>>;
type System = Registered["of"] extends Map<string, infer S> ? S : never;
function screened(pilot: PilotRow, of: System, others: Registered["live"]): Screened {
  const { nomination } = pilot;
  // Of the others only what tells a double entry counts.
  const asNomination = (
    o: { pilotId: string; systemId: string; systemName: string },
    fields: Record<string, string | number | null>,
  ) => ({
    ...o,
    siteId: pilot.siteId,
    creditCode: of.creditCode,
    fields,
    partners: nomination?.partners ?? [],
    systemBuilt: nomination !== null && nomination.builtOn !== null,
    otherProgrammes: nomination?.otherProgrammes ?? [],
  });
  const fields = {
    systemName: of.systemName,
    systemDescription: of.description,
    devices: of.devices > 0 ? of.devices : null,
    grade: pilot.grade,
    creditCode: of.creditCode,
    region: of.region,
    direction: pilot.direction,
    commitment: nomination?.committed ? "1" : null,
  };
  const result = screenNomination(
    asNomination({ pilotId: pilot.id, systemId: pilot.systemId, systemName: of.systemName }, fields),
    others.map((o) => asNomination(o, {})),
    { requiredFields },
  );
  return { ...result, duplicateCodes: result.duplicates.map((id) => others.find((o) => o.pilotId === id)?.code ?? id) };
}

const placeOf = (p: { projectId: string; batchNo: number }) => `${p.projectId}/${p.batchNo}`;
/** Free places of the sector, by project and batch. */
async function placesLeft(tx: Tx, list: readonly PilotRow[]): Promise<(pilot: PilotRow) => number> {
  const tenantId = list[0]?.tenantId ?? "";
  const projectIds = [...new Set(list.map((p) => p.projectId))];
  const [quotas, taken] = await Promise.all([
    tx
      .select({ projectId: projects.id, batchNo: batchQuotas.batchNo, n: batchQuotas.quota })
      .from(batchQuotas)
      .innerJoin(
        projects,
        and(eq(projects.tenantId, batchQuotas.tenantId), eq(projects.programmeId, batchQuotas.programmeId)),
      )
      .where(and(eq(projects.tenantId, tenantId), inArray(projects.id, projectIds))),
    tx
      .select({ projectId: pilots.projectId, batchNo: pilots.batchNo, n: count })
      .from(pilots)
      .where(
        and(eq(pilots.tenantId, tenantId), inArray(pilots.projectId, projectIds), sql`${pilots.stage} in ${placed}`),
      )
      .groupBy(pilots.projectId, pilots.batchNo),
  ]);
  const sum = (rows: typeof quotas) => new Map(rows.map((r) => [placeOf(r), r.n]));
  const [allowed, used] = [sum(quotas), sum(taken)];
  return (pilot) => (allowed.get(placeOf(pilot)) ?? 0) - (used.get(placeOf(pilot)) ?? 0);
}

/** Objections that nobody has settled, by pilot. */
async function openObjections(tx: Tx, list: readonly PilotRow[]): Promise<Map<string, number>> {
  const rows = await tx
    .select({ pilotId: objections.pilotId, n: count })
    .from(objections)
    .where(
      and(
        eq(objections.tenantId, list[0]?.tenantId ?? ""),
        inArray(
          objections.pilotId,
          list.map((p) => p.id),
        ),
        isNull(objections.settledAt),
      ),
    )
    .groupBy(objections.pilotId);
  return new Map(rows.map((r) => [r.pilotId, r.n]));
}

/** What forbids a nomination besides what is missing or doubled, which the machine is told apart. */
const toldApart = new Set(["rule_pilots_form_missing", "rule_pilots_duplicate_system"]);

type Selection = Pick<PilotFacts, keyof typeof noSelection>;
/** Facts of the selection, which only the sector's regulators may know; by pilot. */
export async function selectionFacts(
  tx: Tx,
  actor: Actor,
  list: readonly PilotRow[],
  locale: Locale,
): Promise<(pilot: PilotRow) => Selection> {
  const [screens, panels, notes, open, left] = await Promise.all([
    screenPilots(tx, list),
    panelFacts(tx, list),
    may(actor.role, "panel.name") ? wantNotes(tx, list) : new Set<string>(),
    openObjections(tx, list),
    placesLeft(tx, list),
  ]);
  return (pilot) => {
    const screening = screens.get(pilot.id) ?? unknown;
    return {
      ...(panels.get(pilot.id) ?? { panelMembers: 0, scorers: 0, scorersPending: 0 }),
      formMissing: screening.missing.map((code) => translate(`pilots_field_${snake(code)}`, {}, locale)),
      duplicates: screening.duplicates.length,
      screeningBlocked: screening.reasons
        .filter((r) => r.severity === "blocking" && !toldApart.has(r.key))
        .map((r) => reasonText(r, locale)),
      marksUnreconciled: notes.has(pilot.id),
      // It runs to the end of its last day.
      noticeDaysLeft: pilot.noticeTo === null ? 0 : daysFrom(today(actor), pilot.noticeTo) + 1,
      openObjections: open.get(pilot.id) ?? 0,
      quotaLeft: left(pilot),
    };
  };
}
export const noSelection = {
  formMissing: [],
  duplicates: 0,
  screeningBlocked: [],
  panelMembers: 0,
  scorers: 0,
  scorersPending: 0,
  marksUnreconciled: false,
  noticeDaysLeft: 0,
  openObjections: 0,
  quotaLeft: 0,
} satisfies Partial<PilotFacts>;
