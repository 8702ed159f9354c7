import { resolve } from "node:path";
import { StartError } from "#db/embedded/start-error.ts";
import { MigrationMismatch } from "#db/migrate.server.ts";
import { EnvError } from "./platform/env.server.ts";
import { isOutOfSpace, isUnavailable } from "./platform/errors.ts";
import { ListenError } from "./platform/listen.server.ts";
import { isFull } from "./platform/room.server.ts";

/** The one line that a failed start ends with; null where the reason is none that we know. */
export async function reasonOf(error: unknown): Promise<string | null> {
  const dataDir = resolve(process.env["DATA_DIR"] || "./.data");
  // A database without room dies of it, and its client hears of a lost connection only.
  if (isOutOfSpace(error) || (await isFull(dataDir)))
    return `There is no room left on the disk of ${dataDir} or of the database. The demonstration needs about 400 MB; make room and start again: what was begun is taken up or begun anew.`;
  const expected = [StartError, EnvError, ListenError, MigrationMismatch].some((kind) => error instanceof kind);
  if (expected) return (error as Error).message;
  if (isUnavailable(error))
    return "The database was lost during the start. Start again: what was begun is taken up or begun anew.";
  return null;
}
