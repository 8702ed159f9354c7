import postgres from "postgres";
import { expect } from "vitest";
import { decideLessons, recordLesson, stateSilence } from "#app/features/pilots/lessons.server.ts";
import { saveBatchReview, startBatchReview } from "#app/features/pilots/review.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import { send } from "./send.ts";
import type { TestSector, World } from "./world.ts";

const locale = "en" as const;

/** What a sector does with the lessons of its batch one. */
export function learningOf(w: World, s: TestSector) {
  const { projectId } = s;
  return {
    record: (lesson: Partial<Parameters<typeof recordLesson>[2]>) =>
      w.as(s.regulator, (tx) =>
        recordLesson(tx, s.regulator, {
          projectId,
          batchNo: 1,
          dimension: "identity",
          text: "设备凭证须逐台",
          ...lesson,
        }),
      ),
    silence: (pilotId: string) =>
      w.as(s.regulator, (tx) =>
        stateSilence(tx, s.regulator, { projectId, batchNo: 1, pilotId, reason: "系统停用，未运行" }),
      ),
    decide: (
      lessons: { id: string; rev: number }[],
      more: Partial<Parameters<typeof decideLessons>[2]> = {},
      by: Actor = s.lead,
    ) =>
      w.as(by, (tx) =>
        decideLessons(tx, by, {
          projectId,
          lessons,
          decision: "adopted",
          reason: "已写入批次二方案",
          uptakeKind: null,
          uptake: "",
          ...more,
        }),
      ),
    finish: () => w.as(s.lead, (tx) => transitionProject(tx, s.lead, { projectId, type: "FINISH_LEARNING", locale })),
  };
}

/** The review of a batch written, handed in and approved; handed in before anything is written it is refused. */
export async function closeReview(w: World, s: TestSector, batchNo: 1 | 2): Promise<void> {
  const doc = await w.as(s.regulator, (tx) => startBatchReview(tx, s.regulator, { projectId: s.projectId, batchNo }));
  await expect(send(w, s.regulator, doc.id, "SUBMIT")).rejects.toMatchObject({ status: 422 });
  await w.as(s.regulator, (tx) =>
    saveBatchReview(tx, s.regulator, {
      documentId: doc.id,
      body: { conclusions: "总体达到预期", problems: "", advice: "" },
      rev: 0,
    }),
  );
  await send(w, s.regulator, doc.id, "SUBMIT");
  await send(w, s.lead, doc.id, "APPROVE");
}

/** A lesson of another sector as the national office has handed it on to all, at any time. */
export async function handOnFrom(w: World, from: TestSector, code: string): Promise<void> {
  const sql = postgres(w.database.superuserUrl, { max: 1 });
  await sql.begin(async (tx) => {
    // The approved review that it comes from is not played here.
    await tx`set local session_replication_role = replica`;
    await tx`insert into national_lessons (tenant_id, id, programme_id, batch_no, from_sector, submission_id, code, dimension, text)
      values (${w.director.tenantId}, ${uuidv7()}, ${w.programmeId}, 1, ${from.id}, ${uuidv7()}, ${code}, 'identity', '别处的经验')`;
  });
  await sql.end();
}
