import { sql } from "drizzle-orm";
import { z } from "zod";
import { jobTask } from "#app/platform/jobs.server.ts";

/** Sessions past their end, failed sign-ins of yesterday, used links and texts of old letters go away; all count for nothing before that already. */
export const sweepSessions = jobTask({
  name: "identity.sweep",
  schema: z.looseObject({}),
  run: async (_, { db }) => {
    await db.execute(sql`select auth.delete_expired_sessions()`);
    await db.execute(sql`select auth.sweep_sign_in()`);
    await db.execute(sql`select auth.sweep_shares()`);
  },
});
