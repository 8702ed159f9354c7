import { AppError, outage } from "./errors.ts";

interface PostgresLike {
  code?: unknown;
  constraint_name?: unknown;
  cause?: unknown;
}

/** Walks the causes: drizzle wraps what postgres.js throws. */
export function postgresCode(error: unknown): { code: string; constraint: string } | null {
  let e = error as PostgresLike | undefined;
  for (let depth = 0; e && typeof e === "object" && depth < 5; depth++) {
    if (typeof e.code === "string" && /^[0-9A-Z]{5}$/.test(e.code)) {
      return { code: e.code, constraint: typeof e.constraint_name === "string" ? e.constraint_name : "" };
    }
    e = e.cause as PostgresLike | undefined;
  }
  return null;
}

/**
 * What a database error means to a user, without its text: names of constraints, tables and values stay in the log.
 * A refusal by a policy looks like «not found»: existence is not told.
 */
export function fromDatabase(error: unknown): AppError | null {
  const away = outage(error);
  if (away) return away;
  const found = postgresCode(error);
  if (!found) return null;
  const because = { cause: error };
  switch (found.code) {
    case "23505":
      return new AppError("duplicate", 409, `unique violation ${found.constraint}`, because);
    case "23503":
    case "42501":
      return new AppError("not_found", 404, `refused by the database (${found.code} ${found.constraint})`, because);
    case "23514":
    case "23502":
    case "22001":
    case "22003":
    case "22P02":
    case "22P05":
    case "22021":
      return new AppError("invalid", 422, `value refused by the database (${found.code} ${found.constraint})`, because);
    case "40001":
    case "40P01":
    case "55P03":
      return new AppError("busy", 409, `concurrent change (${found.code})`, because);
    case "57014":
      return new AppError("too_slow", 503, "statement timeout", because);
    default:
      return null;
  }
}
