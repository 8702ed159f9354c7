import { AppError, type AppErrorOptions, busy, outage } from "./errors.ts";

interface PostgresLike {
  code?: unknown;
  constraint_name?: unknown;
  column_name?: unknown;
  detail?: unknown;
  cause?: unknown;
}

/** Walks the causes: drizzle wraps what postgres.js throws. */
export function postgresCode(error: unknown): { code: string; constraint: string } | null {
  const found = postgresError(error);
  return found && { code: found.code, constraint: textOf(found.constraint_name) };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function postgresError(error: unknown): (PostgresLike & { code: string }) | null {
  let e = error as PostgresLike | undefined;
  for (let depth = 0; e && typeof e === "object" && depth < 5; depth++) {
    if (typeof e.code === "string" && /^[0-9A-Z]{5}$/.test(e.code)) return e as PostgresLike & { code: string };
    e = e.cause as PostgresLike | undefined;
  }
  return null;
}

/** code, status and message of an answer; `field` is said of the fields that the database names. */
interface Meaning {
  code: string;
  status: number;
  messageKey?: string;
  field?: string;
}

const invalid: Meaning = {
  code: "invalid",
  status: 422,
  messageKey: "error_refused_value",
  field: "error_field_invalid",
};
const notFound: Meaning = { code: "not_found", status: 404 };
const inTheWay: Meaning = { code: "busy", status: 409 };
const updating: Meaning = { code: "updating", status: 503 };

/** SQLSTATE (PostgreSQL, appendix A) by its five characters, else by its class. What is not here is our own mistake: 500. */
const meanings: Readonly<Record<string, Meaning>> = {
  // Data exceptions: too long, out of range, no such day, no such text in this encoding, no pattern.
  "22": invalid,
  "23502": { ...invalid, field: "error_field_required" },
  "23503": notFound,
  "23505": { code: "duplicate", status: 409, field: "error_field_taken" },
  "23514": invalid,
  "23P01": { code: "overlap", status: 409, field: "error_overlap" },
  "23": { code: "conflict", status: 409 },
  // withActor has tried again before.
  "40": inTheWay,
  "0A000": updating,
  "26000": updating,
  // Existence is not told.
  "42501": notFound,
  "54": { code: "too_complex", status: 422 },
  "57014": { code: "too_slow", status: 503 },
};

/** What arithmetic ends in: a number or an interval out of range, nothing to divide by, no logarithm, no root. */
const arithmetic = new Set(["22003", "22012", "22015", "2201E", "2201F"]);
/** Drizzle names the statement that failed. */
function onlyReads(error: unknown): boolean {
  const statement = (error as { query?: unknown } | undefined)?.query;
  return (
    typeof statement === "string" &&
    /^\s*(?:select|with)\b/i.test(statement) &&
    !/\b(?:insert into|update|delete from|merge into)\b/i.test(statement)
  );
}

/** Columns that the database names: the one that is null, or those of a key, without whose row it is. As forms and the API call them. */
function fieldsOf({ column_name, detail }: PostgresLike): string[] {
  const key = /^Key \((.*?)\)=/.exec(textOf(detail))?.[1] ?? "";
  const columns = (textOf(column_name) || key).match(/[a-z][a-z0-9_]*/g) ?? [];
  const ours = columns.filter((name) => !["lower", "text", "tenant_id", "id"].includes(name));
  return ours.map((name) => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
}

/**
 * What a database error means to a user, without its text: names of constraints, tables and values stay in the log.
 * A refusal by a policy looks like «not found»: existence is not told.
 */
export function fromDatabase(error: unknown): AppError | null {
  const away = outage(error);
  if (away) return away;
  const found = postgresError(error);
  if (!found) return null;
  // Waited for somebody's lock as long as may be (db/client.server.ts); the same request will do later.
  if (found.code === "55P03") return busy(2, { messageKey: "error_busy", logMessage: "lock timeout", cause: error });
  // Nobody wrote anything: the fault is in what is stored or in the statement, and is ours.
  if (arithmetic.has(found.code) && onlyReads(error)) return null;
  const meaning = meanings[found.code] ?? meanings[found.code.slice(0, 2)];
  if (!meaning) return null;
  const { code, status, messageKey, field } = meaning;
  const fields = field === undefined ? [] : fieldsOf(found);
  const options: AppErrorOptions = {
    cause: error,
    ...(messageKey === undefined ? {} : { messageKey }),
    ...(field === undefined || fields.length === 0
      ? {}
      : { fieldErrors: Object.fromEntries(fields.map((name) => [name, [field]])) }),
  };
  return new AppError(
    code,
    status,
    `refused by the database (${[found.code, textOf(found.constraint_name)].join(" ").trim()})`,
    options,
  );
}
