import { and, asc, eq } from "drizzle-orm";
import { decideLessons, uptakesOf } from "#app/features/pilots/lessons.server.ts";
import { takeOverNationalLessons } from "#app/features/pilots/national-lessons.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { inCodeOrder } from "#db/codes.ts";
import { lessons } from "#db/schema/index.ts";
import type { Actors } from "./actors.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type SectorScript } from "./sector-script.ts";

type LessonRow = typeof lessons.$inferSelect;
type Uptake = { uptakeKind: "measure" | "indicator" | "clause" | null; uptake: string };

/** Between the batches: the other sectors' lessons taken over, and every lesson decided with a reason and what takes it up. */
export async function* learningScript(cast: Actors, p: SectorScript, nationalLessonsOn: string): Script {
  const { projectId, course } = p;
  const late = course.batchOne === null;
  yield on(late ? plus(nationalLessonsOn, 5) : plus(course.batchTwo, -8));
  await cast.act(p.regulator, (tx, a) => takeOverNationalLessons(tx, a, projectId));
  yield on(late ? plus(nationalLessonsOn, 12) : plus(course.batchTwo, -7));
  const open = await cast.act(p.lead, (tx, a) =>
    tx
      .select()
      .from(lessons)
      .where(and(eq(lessons.tenantId, a.tenantId), eq(lessons.projectId, projectId), eq(lessons.decision, "open")))
      .orderBy(asc(lessons.batchNo), ...inCodeOrder(lessons.code)),
  );
  await decideOwn(
    cast,
    p,
    open.filter((l) => l.nationalLessonId === null),
  );
  await decideOthers(
    cast,
    p,
    open.filter((l) => l.nationalLessonId !== null),
  );
  await cast.act(p.lead, (tx, a) => transitionProject(tx, a, { projectId, type: "FINISH_LEARNING", locale }));
}

const read = ({ id, rev }: LessonRow) => ({ id, rev });
const refused: Uptake = { uptakeKind: null, uptake: "" };

/** Each of the sector's own: into a clause where one of its dimension will be written, else into a measure that is still to come. */
async function decideOwn(cast: Actors, p: SectorScript, open: readonly LessonRow[]): Promise<void> {
  const plan = await planned(cast, p);
  const headings = p.plausible.clauses.filter((c) => !c.evidenceNone);
  for (const [n, lesson] of open.entries()) {
    const known = p.plausible.lessons.find((l) => l.zh === lesson.text);
    const decision = known?.decision ?? (n % 4 === 3 ? "refused" : "adopted");
    const at = decision === "refused" ? -1 : headings.findIndex((c) => c.dimension === lesson.dimension);
    const [heading] = at < 0 ? [] : headings.splice(at, 1);
    const uptake = heading ? ({ uptakeKind: "clause", uptake: heading.headingZh } as const) : plan(n);
    await cast.act(p.lead, (tx, a) =>
      decideLessons(tx, a, {
        projectId: p.projectId,
        lessons: [read(lesson)],
        decision,
        reason: known?.reasonZh ?? "本领域情况相同。",
        ...(decision === "refused" ? refused : uptake),
      }),
    );
  }
}

/** Those of other sectors together: most concern devices that this sector does not have. */
async function decideOthers(cast: Actors, p: SectorScript, open: readonly LessonRow[]): Promise<void> {
  const plan = await planned(cast, p);
  const kinds = [
    { decision: "refused", reason: "本领域没有同类设备。", uptake: refused },
    { decision: "adopted", reason: "本领域情况相同，直接采用。", uptake: plan(1) },
    { decision: "adapted", reason: "结合本领域设备条件调整时限后采用。", uptake: plan(2) },
  ] as const;
  for (const [k, { decision, reason, uptake }] of kinds.entries()) {
    const chosen = open.filter((_, n) => [0, 0, 1, 0, 2][n % 5] === k).map(read);
    if (chosen.length === 0) continue;
    await cast.act(p.lead, (tx, a) =>
      decideLessons(tx, a, { projectId: p.projectId, lessons: chosen, decision, reason, ...uptake }),
    );
  }
}

/** Rows of the plan in turn: measures that are not in place yet, and indicators. */
async function planned(cast: Actors, p: SectorScript): Promise<(n: number) => Uptake> {
  const rows = await cast.act(p.lead, (tx, a) => uptakesOf(tx, a, p.projectId));
  const measures = rows.filter((r) => r.code.startsWith("M-"));
  const indicators = rows.filter((r) => !r.code.startsWith("M-"));
  return (n) => {
    const of = n % 3 === 2 || measures.length === 0 ? indicators : measures;
    const row = of[n % of.length];
    if (!row) throw new Error(`the plan of ${p.plausible.code} has neither measure nor indicator`);
    return { uptakeKind: of === measures ? "measure" : "indicator", uptake: row.code };
  };
}
