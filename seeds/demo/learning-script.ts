import { and, asc, eq, sql } from "drizzle-orm";
import { decideLesson, takeOverNationalLessons } from "#app/features/pilots/lessons.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { lessons } from "#db/schema/index.ts";
import type { Actors } from "./actors.ts";
import { on, plus, type Script } from "./schedule.ts";
import { locale, type SectorScript } from "./sector-script.ts";

/** Between the batches: every lesson decided with a reason; a sector that was not in batch one takes over the others'. */
export async function* learningScript(cast: Actors, p: SectorScript, nationalLessonsOn: string): Script {
  const { projectId, course } = p;
  if (course.batchOne === null) {
    yield on(plus(nationalLessonsOn, 5));
    await cast.act(p.regulator, (tx, a) => takeOverNationalLessons(tx, a, projectId));
  }
  yield on(plus(course.batchOne === null ? nationalLessonsOn : course.batchTwo, course.batchOne === null ? 12 : -8));
  const open = await cast.act(p.lead, (tx, a) =>
    tx
      .select()
      .from(lessons)
      .where(
        and(
          eq(lessons.tenantId, a.tenantId),
          eq(lessons.projectId, projectId),
          eq(lessons.decision, "open"),
          sql`${lessons.batchNo} = 1`,
        ),
      )
      .orderBy(asc(lessons.code)),
  );
  for (const [n, lesson] of open.entries()) {
    const known = p.plausible.lessons.find((l) => l.zh === lesson.text);
    const decision = known?.decision ?? (["adopted", "adapted", "adopted", "refused"] as const)[n % 4] ?? "adopted";
    const reason =
      known?.reasonZh ??
      {
        adopted: "本领域情况相同，直接采用。",
        adapted: "结合本领域设备条件调整时限后采用。",
        refused: "本领域没有同类设备。",
      }[decision];
    await cast.act(p.lead, (tx, a) => decideLesson(tx, a, { lessonId: lesson.id, rev: lesson.rev, decision, reason }));
  }
  await cast.act(p.lead, (tx, a) => transitionProject(tx, a, { projectId, type: "FINISH_LEARNING", locale }));
}
