import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { emailPattern } from "./fields.ts";

/** One line naming the variable that is wrong; the start ends with it. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

const blankIsAbsent = (value: unknown) => (typeof value === "string" && value.trim() === "" ? undefined : value);
const flag = z.enum(["0", "1"], "must be 0 or 1").transform((value) => value === "1");

/** Any of the schemes, with a host where the scheme has one. The value is not repeated in messages: it holds passwords. */
function address(...schemes: string[]) {
  const list = schemes.map((scheme) => `${scheme}://`).join(" or ");
  return z.string().refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, host } = new URL(value);
    return schemes.includes(protocol.slice(0, -1)) && (host !== "" || protocol === "file:");
  }, `must be an address beginning with ${list}`);
}

const database = address("postgres", "postgresql");
const whole = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `must be a whole number from ${low} to ${high}`)
    .transform(Number)
    .pipe(z.number().min(low, `must be from ${low} to ${high}`).max(high, `must be from ${low} to ${high}`));

/** An address that never leaves this machine. */
export function isLoopbackHost(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { hostname } = new URL(value);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Requests a minute, or none counted. */
const rate = (usual: number) =>
  z
    .string()
    .refine(
      (value) => value === "off" || (/^\d{1,7}$/.test(value) && Number(value) > 0),
      "must be a number of requests a minute, or off",
    )
    .transform((value) => (value === "off" ? null : Number(value)))
    .default(usual);

const schema = z.object({
  NODE_ENV: z
    .enum(["production", "development", "test"], "must be production, development or test")
    .default("production"),
  PORT: whole(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "must be an IP address or host name")
    .optional(),
  DATA_DIR: z
    .string()
    .default("./.data")
    .transform((value) => resolve(value)),
  DATABASE_URL: database.optional(),
  DATABASE_AUTH_URL: database.optional(),
  DATABASE_OWNER_URL: database.optional(),
  DATABASE_BACKUP_URL: database.optional(),
  PG_BIN: z
    .string()
    .refine((value) => isAbsolute(value), "must be the whole path of the folder with pg_dump and pg_restore")
    .optional(),
  BASE_URL: address("http", "https")
    .refine((value) => !URL.canParse(value) || new URL(value).pathname === "/", "must have no path")
    .transform((value) => (URL.canParse(value) ? new URL(value).origin : value))
    .optional(),
  LOG_LEVEL: z
    .enum(
      ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
      "must be fatal, error, warn, info, debug, trace or silent",
    )
    .default("info"),
  SMTP_URL: address("smtp", "smtps").optional(),
  MAIL_FROM: z
    .string()
    .max(300, "must have at most 300 characters")
    .regex(/^(?:[^\r\n]*[\s<])?[^@\s<]+@[^@\s>]+>?$/, "must be a sender such as Anshi <anshi@example.org>")
    .optional(),
  STORAGE_URL: address("file", "s3").optional(),
  OIDC_ISSUER: address("https", "http")
    .refine(
      (value) => !value.startsWith("http:") || isLoopbackHost(value),
      "must begin with https:// outside this machine",
    )
    .optional(),
  STORAGE_ENDPOINT: address("http", "https").optional(),
  STORAGE_REGION: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, "must be a region such as cn-north-1")
    .default("us-east-1"),
  STORAGE_ACCESS_KEY_ID: z.string().min(3, "must have at least 3 characters").optional(),
  STORAGE_SECRET_ACCESS_KEY: z.string().min(3, "must have at least 3 characters").optional(),
  UPLOAD_MAX_MB: whole(1, 1024).default(25),
  UPLOAD_QUOTA_MB: whole(1, 99_999).default(2048),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  ANSHI_DEMO: flag.optional(),
  ANSHI_OPERATOR_EMAIL: z
    .string()
    .max(254, "must have at most 254 characters")
    .regex(emailPattern, "must be an e-mail address such as operator@example.org")
    .transform((value) => value.toLowerCase())
    .optional(),
  ANSHI_OPERATOR_PASSWORD: z
    .string()
    .refine((value) => [...value].length >= 12, "must have at least 12 characters")
    .refine((value) => value.length <= 1000, "must have at most 1000 characters")
    .optional(),
  ANSHI_NOW: z.iso
    .datetime({ offset: true, error: "must be a time such as 2026-11-22T08:00:00+08:00" })
    .transform((value) => new Date(value))
    .optional(),
  TRUST_PROXY: whole(0, 9).default(0),
  JOBS: z.enum(["here", "off"], "must be here or off").default("here"),
  WEBHOOK_TARGETS: z.enum(["public", "any"], "must be public or any").default("public"),
  MFA_REQUIRED: z.enum(["everyone", "leads", "none"], "must be everyone, leads or none").optional(),
  HEALTH_PORT: whole(1, 65_535).optional(),
  STALL_LIMIT_MS: whole(100, 60_000).default(1000),
  // A page and the data behind its links are some three requests; who clicks all the time makes a hundred a minute.
  RATE_ACCOUNT: rate(1_200),
  RATE_TOKEN: rate(1_200),
  // Five hundred people behind one address, thirty requests a minute each.
  RATE_ADDRESS: rate(15_000),
  METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
});

type Parsed = z.output<typeof schema>;

export interface Env extends Readonly<Parsed> {
  /** True when no database was named: then the embedded one under DATA_DIR is used. */
  readonly embedded: boolean;
  /** Whether an empty database gets the demo programme. */
  readonly demo: boolean;
  /** The address to listen on. Only this machine unless told otherwise, or when a real database is behind it. */
  readonly listenOn: string;
  /** Whose sign-in needs a second factor: everybody's, that of leads, directors and operators, or nobody's. The demonstration on the embedded database asks nobody. */
  readonly mfaRequired: "everyone" | "leads" | "none";
  /** True when users come over https, so that cookies and headers may insist on it. */
  readonly https: boolean;
}

/**
 * The settings, checked. Blank counts as absent.
 * @throws EnvError with one line that names the variable and says what it must be.
 */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const given = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, blankIsAbsent(source[key])]));
  const result = schema.safeParse(given);
  if (!result.success) {
    const [first] = result.error.issues;
    throw new EnvError(`${String(first?.path[0])} ${first?.message ?? "is wrong"}.`);
  }
  const env = result.data;
  const missing = (name: keyof Parsed, why: string) => {
    if (env[name] === undefined) throw new EnvError(`${name} must be set ${why}.`);
  };
  if (env.DATABASE_URL !== undefined)
    missing("DATABASE_AUTH_URL", "when DATABASE_URL is: sign-in has a database role of its own");
  else if (env.DATABASE_AUTH_URL !== undefined || env.DATABASE_OWNER_URL !== undefined)
    missing("DATABASE_URL", "when another database address is");
  if (env.OIDC_ISSUER !== undefined) {
    missing("OIDC_CLIENT_ID", "when OIDC_ISSUER is");
    missing("OIDC_CLIENT_SECRET", "when OIDC_ISSUER is");
  }
  if (env.SMTP_URL !== undefined) missing("BASE_URL", "when SMTP_URL is: the links in e-mails lead there");
  if (env.STORAGE_URL?.startsWith("s3:") === true) {
    missing("STORAGE_ACCESS_KEY_ID", "when STORAGE_URL is an s3: address");
    missing("STORAGE_SECRET_ACCESS_KEY", "when STORAGE_URL is an s3: address");
  } else if (env.STORAGE_ENDPOINT !== undefined)
    throw new EnvError("STORAGE_ENDPOINT needs STORAGE_URL with an s3: address.");
  if (env.ANSHI_OPERATOR_EMAIL !== undefined) missing("ANSHI_OPERATOR_PASSWORD", "when ANSHI_OPERATOR_EMAIL is");
  else if (env.ANSHI_OPERATOR_PASSWORD !== undefined)
    missing("ANSHI_OPERATOR_EMAIL", "when ANSHI_OPERATOR_PASSWORD is");
  if (env.ANSHI_OPERATOR_PASSWORD?.toLowerCase() === env.ANSHI_OPERATOR_EMAIL && env.ANSHI_OPERATOR_EMAIL !== undefined)
    throw new EnvError("ANSHI_OPERATOR_PASSWORD must not be the e-mail address.");
  if (env.HEALTH_PORT !== undefined && env.HEALTH_PORT === env.PORT)
    throw new EnvError("HEALTH_PORT must be another port than PORT.");
  const embedded = env.DATABASE_URL === undefined;
  return Object.freeze({
    ...env,
    embedded,
    demo: env.ANSHI_DEMO ?? embedded,
    mfaRequired: env.MFA_REQUIRED ?? (embedded && (env.ANSHI_DEMO ?? embedded) ? "none" : "leads"),
    listenOn: env.HOST ?? (embedded ? "127.0.0.1" : "0.0.0.0"),
    https: env.BASE_URL?.startsWith("https:") ?? false,
  });
}
