import { z } from "zod";
import { levels } from "#db/roles.ts";

export const probeKinds = ["read", "change", "function", "trick", "role", "signIn", "server"] as const;
/**
 * What is tried. read: rows of others · change: rights nobody was given · function: calls not meant for the role · trick: ways
 * round a policy · role: taking another's · signIn: accounts, secrets, job queue · server: its files, settings and statistics.
 */
export type ProbeKind = (typeof probeKinds)[number];
/** Roles of the database that try, without their `anshi_`: two logins and the levels. */
export const probeRoles = ["app", "auth", ...levels] as const;
export type ProbeRole = (typeof probeRoles)[number];

const count = z.number().int().min(0);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime();
/** How many were tried, got through, could not be decided. */
const tally = z.tuple([count, count, count]);

/** What a check found, as it stands in the audit trail: no text of a row, counts and names of the catalogue alone. */
export const checkRecord = z.object({
  v: z.literal(1),
  /** By the database's clock, UTC. */
  at: moment,
  ms: count,
  /** Version of this system, of its tables, of PostgreSQL. */
  system: z.string(),
  tables: z.string(),
  server: z.string(),
  /** SHA-256 over the names of all that was tried, in order. */
  probes: digest,
  tried: z.partialRecord(z.enum(probeKinds), z.partialRecord(z.enum(probeRoles), tally)),
  /** The first of what got through; `rows`: how many, where it was a matter of rows. */
  through: z.array(
    z.object({
      kind: z.enum(probeKinds),
      role: z.enum(probeRoles),
      name: z.string(),
      table: z.string().nullable(),
      rows: count.nullable(),
    }),
  ),
  /** Complaints about the catalogue: how many, and the first of them. `compared`: whether the texts of policies were held against the declared ones. */
  catalogue: z.object({ compared: z.boolean(), complaints: count, first: z.array(z.string()) }),
  /** The tenant's audit chain before this entry. `sealed`: up to where the national tree vouches for it. `complete`: read to its end in the time there was. */
  chain: z.object({
    entries: count,
    head: z.object({ seq: count, hash: digest }).nullable(),
    sealed: count,
    tree: z.object({ size: count, root: digest, at: moment }).nullable(),
    problem: z.object({ code: z.string(), seq: count.nullable() }).nullable(),
    complete: z.boolean(),
  }),
  /** Whether the transaction of the probes wrote anything: PostgreSQL gave it a number, or did not. */
  wrote: z.boolean(),
});
export type CheckRecord = z.output<typeof checkRecord>;
/** As kept: with SHA-256 of the canonical JSON of all the rest. */
export const sealedRecord = checkRecord.extend({ sha256: digest });
export type SealedRecord = z.output<typeof sealedRecord>;
