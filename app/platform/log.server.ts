import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

export type { Logger };

const SECRET = [
  "password",
  "newPassword",
  "token",
  "apiToken",
  "secret",
  "otp",
  "cookie",
  "authorization",
  "set-cookie",
];

/** One JSON line per event on standard output. Secrets are removed wherever they are named; errors carry no data. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: "[removed]" },
    serializers: { err: (error: unknown) => describeError(error), error: (error: unknown) => describeError(error) },
    formatters: { level: (label) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

interface DescribedError {
  name: string;
  message: string;
  code?: string;
  status?: number;
  frames?: string[];
  cause?: DescribedError;
}

/**
 * What of an error is fit for a log: name, code, message, where. Database libraries put the statement and its values into
 * messages and fields («Failed query: … params: …», «Key (email)=(…)»), and those are people's data.
 */
function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: "NonError", message: typeof error };
  const fields = error as Error & { code?: unknown; status?: unknown };
  return {
    name: error.name,
    message: "query" in error && "params" in error ? "failed query" : error.message,
    ...(typeof fields.code === "string" ? { code: fields.code } : {}),
    ...(typeof fields.status === "number" ? { status: fields.status } : {}),
    frames: (error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .map((line) => line.trim()),
    ...(error.cause !== undefined && depth < 4 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
