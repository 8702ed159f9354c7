import { EnvError } from "#app/platform/env.server.ts";
import { StartError } from "#db/embedded/start-error.ts";

/* What the commands of `app/cli` share: lines, one line for what a person can mend, and an end that leaves nothing half done. */

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Runs a command to its status; what a person can mend ends it with one line and 2. The first Ctrl-C is told by the signal,
 * so that the command can clear up; the second leaves at once.
 */
export async function command(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const asked = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => {
      if (asked.signal.aborted) process.exit(2);
      asked.abort(new StartError("Interrupted."));
    });
  try {
    process.exitCode = await work(asked.signal);
  } catch (error) {
    const known =
      error instanceof StartError ||
      error instanceof EnvError ||
      (error as { code?: unknown }).code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    process.stderr.write(`\n${known ? (error as Error).message : lineOf(error)}\n`);
    process.exitCode = 2;
  }
}

function lineOf(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === "ENOSPC")
    return "The disk is full; what had been written was taken away.";
  if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return "The database does not answer.";
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
