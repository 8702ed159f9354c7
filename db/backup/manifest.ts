import { z } from "zod";

/*
 * What stands in a backup, in words that another release can read: `manifest.json` beside the files it names. The folder is
 * whole when it has one, for the manifest is written last and the folder gets its name after that.
 */

/** Below the backup's folder, with `/`; never absolute, never upwards. */
const place = z
  .string()
  .max(400)
  .regex(/^[\w.-]+(?:\/[\w.-]+)*$/)
  .refine((path) => !path.split("/").some((part) => /^\.+$/.test(part)), "leads out of the backup");
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const whole = z.number().int().nonnegative();

const fileSchema = z.strictObject({ path: place, bytes: whole, sha256: digest });
/** A file of the backup: bytes and SHA-256 as it was written. */
export type BackupFile = z.output<typeof fileSchema>;

const migrationSchema = z.strictObject({ idx: whole, tag: z.string().max(100), sha256: digest });
const roleSchema = z.strictObject({
  name: z.string().max(63),
  login: z.boolean(),
  bypassrls: z.boolean(),
  createrole: z.boolean(),
  inherit: z.boolean(),
  /** Roles it is a member of. */
  of: z.array(z.string().max(63)),
});
const trailSchema = z.strictObject({
  /** Last entry of each tenant's audit chain. */
  chains: z.array(z.strictObject({ tenant: z.uuid(), seq: whole, hash: digest })),
  /** Root of the national tree, null before the first sealing. */
  tree: z.strictObject({ size: whole, root: digest }).nullable(),
});

export const manifestSchema = z.strictObject({
  format: z.literal("anshi-backup"),
  v: z.literal(1),
  /** `cluster`: a copy of the embedded server's files, for the same major release and machine. `dump`: pg_dump's archive, `database.dump`. */
  kind: z.enum(["cluster", "dump"]),
  madeAt: z.iso.datetime(),
  product: z.string().max(60),
  server: z.strictObject({ major: whole, version: z.string().max(120), platform: z.string().max(60) }),
  /** Major release of the pg_dump that made a dump. */
  tool: whole.nullable(),
  migrations: z.array(migrationSchema),
  roles: z.array(roleSchema),
  /** Rows of each table, by `schema.table`. */
  counts: z.record(z.string().max(130), whole),
  trail: trailSchema,
  /** Evidence and printed documents. Without them (`included: false`) they are kept and brought back by other means. */
  stored: z.strictObject({
    included: z.boolean(),
    evidence: whole,
    printed: whole,
    /** Rows whose file was gone, or no longer had its digest, when the backup was made. */
    amiss: z.array(z.strictObject({ path: place, problem: z.enum(["missing", "changed"]) })),
  }),
  /** Folders of a copied cluster, the empty ones too. */
  folders: z.array(place),
  files: z.array(fileSchema),
});
export type Manifest = z.output<typeof manifestSchema>;
export type Trail = Manifest["trail"];

export const manifestName = "manifest.json";
export const dumpName = "database.dump";
