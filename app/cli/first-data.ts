import { once } from "node:events";
import { say } from "#app/announce.server.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { createLifecycle, FAILED_START, handleSignals, PREPARED } from "#app/platform/lifecycle.server.ts";
import { createLogger, type Logger } from "#app/platform/log.server.ts";
import { reasonOf } from "#app/reason.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { ensurePostgres } from "#db/embedded/launcher.server.ts";

/*
 * The very first start: database, tables and demonstration, from the sources, while the product is built. Started by
 * `start.mjs` and nobody else, for an empty DATA_DIR alone: what is there already waits until the build is known to be good.
 *
 * It is only earlier than the server, and does nothing that the server would not do: the same lock of the directory, the same
 * founding under its own lock and mark. It ends before the server starts, its database with it. Where it is killed, the server
 * finds half a demonstration, clears it and begins again.
 *
 * Status 0: done, or told to end. 1: the start cannot go on, and the reason was said. Any other: the server tries it again.
 */

/** «The server may do better»: not the start's end. */
const LEFT_TO_THE_SERVER = 3;
let log: Logger | undefined;
const lifecycle = createLifecycle(() => log);

async function prepare(): Promise<void> {
  const messages = once(process, "message");
  const env = readEnv();
  if (!env.embedded || !env.demo) return;
  log = createLogger(env.LOG_LEVEL);
  const embedded = await ensurePostgres({ dataDir: env.DATA_DIR, onPhase: say });
  lifecycle.onStop("embedded database", () => embedded.stop());
  if (!embedded.created) return;
  // The demonstration speaks, and the words are being compiled.
  await messages;
  const { layGround } = await import("#app/found.server.ts");
  const db = openDatabase({ appUrl: embedded.urls.app, authUrl: embedded.urls.auth });
  lifecycle.onStop("database connections", () => db.close());
  const founding = await layGround({ env, db, lifecycle }, embedded.urls);
  await founding.end();
}

handleSignals(lifecycle, () => log);
// Whoever started us is gone.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
try {
  await prepare();
  if (!lifecycle.stopping) {
    await lifecycle.stop(PREPARED);
    process.exit(0);
  }
} catch (error) {
  if (!lifecycle.stopping) {
    await lifecycle.stop(FAILED_START);
    const reason = await reasonOf(error);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(reason === null ? `${stack}\n` : `\nAnshi 安试 could not start. ${reason}\n`);
    process.exit(reason === null ? LEFT_TO_THE_SERVER : 1);
  }
}
