import { asc, eq } from "drizzle-orm";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { actionMilestones } from "#db/schema/index.ts";
import { actionPlan, milestones as catalogue } from "#seeds/catalogue/index.ts";
import {
  actionPlanStatus,
  burnUp,
  type BurnUpPoint,
  type MilestoneFacts,
  milestoneState,
  type MilestoneState,
  type TaskStatus,
} from "./national.rules.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";

type Text = { zh: string; en: string };
export interface MilestoneView extends MilestoneState {
  title: Text;
  unit: Text | null;
  proof: string;
  acceptedByName: string;
  refusal: string;
  note: string;
  rev: number;
}
export interface TaskView {
  no: number;
  title: Text;
  action: Text;
  departments: Text[];
  status: TaskStatus | null;
  milestones: MilestoneView[];
}
export interface ActionPlanView {
  programmeId: string;
  title: Text;
  principle: Text;
  from: string;
  to: string;
  today: string;
  done: number;
  total: number;
  tasks: TaskView[];
  burnUp: BurnUpPoint[];
  safeguards: { no: number; title: Text; text: Text }[];
}

/** What counts of a row: reached is it on the day that the director accepted. */
const factsOf = (r: typeof actionMilestones.$inferSelect): MilestoneFacts => ({
  id: r.id,
  task: r.taskNo,
  dueOn: r.dueOn,
  target: r.target,
  value: r.value,
  doneOn: r.acceptedAt === null ? null : r.doneOn,
  claimedOn: r.acceptedAt === null ? r.doneOn : null,
});

/** The five tasks with their milestones as recorded, the burn-up and the safeguards; null before a programme was created. */
export async function actionPlanView(tx: Tx, actor: Actor): Promise<ActionPlanView | null> {
  const programme = await currentProgramme(tx);
  if (!programme) return null;
  const rows = await tx
    .select()
    .from(actionMilestones)
    .where(eq(actionMilestones.programmeId, programme.id))
    .orderBy(asc(actionMilestones.dueOn), asc(actionMilestones.id));
  const day = today(actor);
  const facts = rows.map(factsOf);
  const status = actionPlanStatus(facts, day);
  const words = new Map(catalogue.map((c) => [c.id, c]));
  const departments = new Map(actionPlan.departments.map((d) => [d.code, { zh: d.title_zh, en: d.title_en }]));
  const views = rows.map((r): MilestoneView => {
    const c = words.get(r.id);
    return {
      ...milestoneState(factsOf(r), day),
      title: { zh: c?.title_zh ?? r.id, en: c?.title_en ?? r.id },
      unit: c?.unit_zh ? { zh: c.unit_zh, en: c.unit_en ?? c.unit_zh } : null,
      proof: r.proof,
      acceptedByName: r.acceptedByName,
      refusal: r.refusal,
      note: r.note,
      rev: r.rev,
    };
  });
  return {
    programmeId: programme.id,
    title: { zh: actionPlan.title_zh, en: actionPlan.title_en },
    principle: { zh: actionPlan.principle_zh, en: actionPlan.principle_en },
    from: programme.startsOn,
    to: programme.endsOn,
    today: day,
    done: status.done,
    total: status.total,
    tasks: actionPlan.tasks.map((t) => ({
      no: t.no,
      title: { zh: t.title_zh, en: t.title_en },
      action: { zh: t.action_zh, en: t.action_en },
      departments: t.departments.map((d) => departments.get(d) ?? { zh: d, en: d }),
      status: status.tasks.find((s) => s.task === t.no) ?? null,
      milestones: views.filter((v) => v.task === t.no),
    })),
    burnUp: burnUp(facts, programme.startsOn, programme.endsOn, day),
    safeguards: actionPlan.safeguards.map((s) => ({
      no: s.no,
      title: { zh: s.title_zh, en: s.title_en },
      text: { zh: s.text_zh, en: s.text_en },
    })),
  };
}
