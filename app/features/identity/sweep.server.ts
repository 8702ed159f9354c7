import { sql } from "drizzle-orm";
import { z } from "zod";
import { jobTask } from "#app/platform/jobs.server.ts";

/** Sessions past their end and failed sign-ins of yesterday go away; both count for nothing before that already. */
export const sweepSessions = jobTask({
  name: "identity.sweep",
  schema: z.looseObject({}),
  run: async (_, { db }) => void (await db.execute(sql`select auth.delete_expired_sessions()`)),
});
