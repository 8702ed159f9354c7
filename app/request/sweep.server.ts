import { lt, sql } from "drizzle-orm";
import { z } from "zod";
import { jobTask } from "#app/platform/jobs.server.ts";
import { idempotencyKeys, keptAnswerDays } from "#db/schema/index.ts";

/** Sessions past their end, failed sign-ins of yesterday, used links and texts of old e-mails go away; all count for nothing before that already. */
export const sweepSessions = jobTask({
  name: "identity.sweep",
  schema: z.looseObject({}),
  run: async (_, { db }) => {
    await db.execute(sql`select auth.delete_expired_sessions()`);
    await db.execute(sql`select auth.sweep_sign_in()`);
    await db.execute(sql`select auth.sweep_shares()`);
  },
});

/** Answers that were kept for repeats go after their term; a request under such a key acts anew. */
export const sweepAnswers = jobTask({
  name: "identity.sweep-answers",
  schema: z.looseObject({}),
  run: async (_, { db }) => {
    await db.delete(idempotencyKeys).where(lt(idempotencyKeys.at, sql`now() - ${keptAnswerDays} * interval '1 day'`));
  },
});
