import { sql } from "drizzle-orm";
import { z } from "zod";
import { jobTask } from "#app/platform/jobs.server.ts";

/** Puts the head of every chain that has grown into the national tree. A second run finds nothing to do. */
export const checkpointAudit = jobTask({
  name: "audit.seal",
  schema: z.unknown(),
  run: async (_payload, { db }) => {
    await db.execute(sql`select auth.seal_audit()`);
  },
});
