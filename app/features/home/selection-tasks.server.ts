import { and, eq, isNull, sql } from "drizzle-orm";
import { mySeats, notReleased, panelNominations } from "#app/features/pilots/panel.server.ts";
import { finishedSheets } from "#app/features/pilots/sheets.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { objections, panelMembers, panels, pilots } from "#db/schema/index.ts";
import { plainTask, type Task } from "./tasks.rules.ts";

/* What waits in the selection of a batch: for members of its panel, at the office and from outside, and of objections. */

/** Seats of panels of the sector's own office whose members have not declared their interests. */
export async function officeSeatTasks(tx: Tx, actor: Actor, day: string): Promise<Task[]> {
  const rows = await tx
    .select({ id: panels.id, projectId: panels.projectId, batchNo: panels.batchNo })
    .from(panels)
    .innerJoin(panelMembers, and(eq(panelMembers.tenantId, panels.tenantId), eq(panelMembers.panelId, panels.id)))
    .where(
      and(
        eq(panels.tenantId, actor.tenantId),
        eq(panelMembers.membershipId, actor.membershipId),
        isNull(panelMembers.declaredAt),
        notReleased,
      ),
    );
  return rows.map(({ id, projectId, batchNo }) =>
    declareTask(
      id,
      batchNo === 1 ? m.pilots_batch_1() : m.pilots_batch_2(),
      `/projects/${projectId}/batches/${batchNo}#panel`,
      day,
    ),
  );
}
const declareTask = (panelId: string, subject: string, href: string, day: string): Task =>
  plainTask({ id: `panel:${panelId}`, group: "due", kind: "panel_declare", subject, href }, day);

/** An outside expert: interests to declare, nominations to score. */
export async function expertTasks(tx: Tx, actor: Actor): Promise<Task[]> {
  const day = today(actor);
  const [seats, nominations, sheets] = await Promise.all([
    mySeats(tx, actor),
    panelNominations(tx),
    finishedSheets(tx, actor),
  ]);
  const open = nominations.filter((n) => !sheets.some((s) => s.pilotId === n.id && s.round === n.round));
  return [
    ...seats
      .filter((s) => s.declaredAt === null)
      .map((s) => declareTask(s.panelId, pick(actor.tenantName), "/pilots", day)),
    ...open.map((n) =>
      plainTask(
        {
          id: `pilot:${n.id}`,
          group: "due",
          kind: "pilot_scoring",
          subject: n.name ?? n.code,
          href: `/pilots/${n.id}`,
        },
        day,
      ),
    ),
  ];
}

/** Objections to a pilot that nobody has settled. */
export async function objectionTasks(tx: Tx, actor: Actor, day: string): Promise<Task[]> {
  const rows = await tx
    .select({
      id: objections.id,
      pilotId: objections.pilotId,
      name: sql<string>`${pilots.code} || ' ' || ${pilots.name}`,
    })
    .from(objections)
    .innerJoin(pilots, and(eq(pilots.tenantId, objections.tenantId), eq(pilots.id, objections.pilotId)))
    .where(and(eq(objections.tenantId, actor.tenantId), isNull(objections.settledAt)));
  return rows.map(({ id, pilotId, name }) =>
    plainTask(
      {
        id: `objection:${id}`,
        group: "due",
        kind: "objection",
        subject: name,
        href: `/pilots/${pilotId}#objections`,
      },
      day,
    ),
  );
}
