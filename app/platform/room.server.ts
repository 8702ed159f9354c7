import { statfs } from "node:fs/promises";
import type postgres from "postgres";
import { isOutOfSpace } from "./errors.ts";

/*
 * Room on disks, for `/readyz` and for the line with which a start ends that has none.
 */

/** One transaction that reads. */
type Reading = (work: (tx: postgres.TransactionSql) => Promise<void>) => Promise<void>;

const mega = 1024 * 1024;
/** Less free than this, and the next upload or the next segment of the database's log may not fit. */
const leastFree = 16 * mega;

/** Free bytes for us where a folder lies; null where its file system does not tell. */
async function freeBytes(folder: string): Promise<number | null> {
  const found = await statfs(folder).catch(() => null);
  return found === null || found.blocks === 0 ? null : found.bavail * found.bsize;
}
export const isFull = async (folder: string): Promise<boolean> => ((await freeBytes(folder)) ?? leastFree) < leastFree;

/**
 * Whether the database's disk takes a write: three megabytes of sorting that do not fit into memory, given back at once. No
 * row is written, so it may be asked of a read-only transaction; `select 1` is answered on a full disk as on any other.
 */
async function databaseWrites(read: Reading): Promise<boolean> {
  try {
    await read(async (tx) => {
      await tx`set local work_mem = '64kB'`;
      await tx`select count(*) from generate_series(1, 100000)`;
    });
    return true;
  } catch (error) {
    if (isOutOfSpace(error)) return false;
    throw error;
  }
}

/** For `/readyz`: undefined while there is room, else whose is used up. */
export async function roomCheck(dataDir: string, read: Reading): Promise<string | undefined> {
  const [own, database] = await Promise.all([isFull(dataDir), databaseWrites(read)]);
  return [own ? "full" : "", database ? "" : "database full"].filter(Boolean).join(", ") || undefined;
}

/** A check that is asked often and done once in a while: whoever asks in between is told what was found. */
export function seldom<T>(check: () => Promise<T>, everyMs = 5_000): () => Promise<T> {
  let found: { at: number; result: Promise<T> } | undefined;
  return () => {
    if (!found || Date.now() - found.at > everyMs) found = { at: Date.now(), result: check() };
    return found.result;
  };
}
