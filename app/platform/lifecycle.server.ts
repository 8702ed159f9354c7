import type { Logger } from "./log.server.ts";

type Hook = (hurry: AbortSignal) => Promise<void> | void;
/** What must be well, by the name that `/readyz` gives it. */
export const readinessChecks = [
  "database",
  "writing",
  "sign-in",
  "migrations",
  "jobs",
  "demonstration",
  "disk",
  "storage",
] as const;
type ReadinessCheck = (typeof readinessChecks)[number];
/** Resolves when well; throws, or gives a reason, when not. */
type Check = () => Promise<string | void>;

interface Readiness {
  ready: boolean;
  /** «ok» or what is amiss, by the name of the check. */
  checks: Partial<Record<ReadinessCheck, string>>;
}

export interface Lifecycle {
  readonly stopping: boolean;
  /** What to do at the end; run in the reverse order of registration, each even when one before it failed. */
  onStop(name: string, hook: Hook): void;
  /** What must hold before the product may take requests (`/readyz`). */
  readyWhen(name: ReadinessCheck, check: Check): void;
  readiness(): Promise<Readiness>;
  /** Ends in order, once; every caller waits for the same end. */
  stop(reason: string): Promise<void>;
  /** Told to those who still wait: finish now. */
  hurry(): void;
}

/** The reason for stopping what had begun to start: whoever starts is told already. */
export const FAILED_START = "failed start";
/** The reason for stopping what has done its work before the server starts. */
export const PREPARED = "prepared";
const CHECK_WITHIN_MS = 2_000;

export function createLifecycle(log: () => Logger | undefined): Lifecycle {
  const hooks: { name: string; hook: Hook }[] = [];
  const checks = new Map<ReadinessCheck, Check>();
  const impatience = new AbortController();
  let ending: Promise<void> | null = null;

  async function end(reason: string): Promise<void> {
    const level = [FAILED_START, PREPARED].includes(reason) ? "debug" : "info";
    log()?.[level]({ reason }, "stopping");
    for (const { name, hook } of hooks.toReversed()) {
      try {
        await hook(impatience.signal);
      } catch (error) {
        log()?.error({ err: error, hook: name }, "could not stop in order");
      }
    }
    log()?.[level]("stopped");
  }

  return {
    get stopping() {
      return ending !== null;
    },
    onStop: (name, hook) => void hooks.push({ name, hook }),
    readyWhen: (name, check) => void checks.set(name, check),
    async readiness() {
      const entries = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await outcome(check)] as const),
      );
      return {
        ready: ending === null && entries.every(([, state]) => state === "ok"),
        checks: Object.fromEntries(entries),
      };
    },
    stop: (reason) => (ending ??= end(reason)),
    hurry: () => impatience.abort(),
  };
}

/** A check's own words stay in the log: the page may be read by anybody. */
async function outcome(check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve("slow"), CHECK_WITHIN_MS);
    });
    return (await Promise.race([check(), late])) ?? "ok";
  } catch {
    return "failing";
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Signals and what nobody caught. The first Ctrl-C or SIGTERM ends in order, the second no longer waits for requests, the
 * third leaves at once.
 *
 * A rejection nobody handled is logged and the process goes on: every request has its own transaction, so none can be
 * left half done. After an exception nobody caught the state of the process is unknown: it ends in order, with status 1,
 * for its supervisor to start it again.
 */
export function handleSignals(
  lifecycle: Lifecycle,
  log: () => Logger | undefined,
  exit: (code: number) => void = process.exit,
): void {
  let asked = 0;
  const leave = (reason: string, code: number) => void lifecycle.stop(reason).then(() => exit(code));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      asked += 1;
      if (asked === 1) leave(signal, 0);
      else if (asked === 2) lifecycle.hurry();
      else exit(1);
    });
  }
  process.on("unhandledRejection", (error) => log()?.error({ err: error }, "unhandled rejection"));
  process.on("uncaughtException", (error) => {
    log()?.fatal({ err: error }, "uncaught exception");
    process.exitCode = 1;
    leave("uncaughtException", 1);
  });
}
