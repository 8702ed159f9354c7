import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { AppError } from "#app/platform/errors.ts";
import { formKeyField } from "#app/ui/form-key.ts";
import type { Tx } from "#db/client.server.ts";
import { idempotencyKeys } from "#db/schema/index.ts";
import type { Actor } from "./actor.ts";
import { rowsOf } from "#db/rows.ts";

/*
 * One key, one answer. The first request under a key acts, and its answer is kept in its own transaction; equal ones get
 * that answer, whether they come later or at the same time. What was refused is not kept: the next request acts.
 */

/** What a request is known by: its key, and the digest of what it asks. */
export interface Once {
  key: string;
  requestSha256: string;
  status: number;
  /** The digest that an earlier release took of the same request: a repeat may come after an upgrade. */
  earlierSha256?: string;
}
export interface Answered {
  status: number;
  response: unknown;
}

const waitAtMostMs = 10_000;
const lookEveryMs = 100;

/** 409: the first request under this key is still being worked on. A class of its own because it is waited for. */
class KeyInUse extends AppError {
  constructor() {
    super("idempotency_key_in_use", 409, "the first request under this key has not ended");
  }
}

/**
 * Runs a write once under its key; a repeat of the same request gets the first answer. Call within `inTurn`.
 * @throws `idempotency_key_reused` for another request under the same key; `idempotency_key_in_use` while the first one runs
 */
export async function once(tx: Tx, actor: Actor, request: Once | null, run: () => Promise<unknown>): Promise<Answered> {
  if (request === null) return { status: 0, response: await run() };
  const name = `${actor.tenantId} ${actor.membershipId} ${request.key}`;
  // Ends with the transaction. What the first one kept is committed before the lock is free, and seen by the next statement.
  const [lock] = rowsOf<{ mine: boolean }>(
    await tx.execute(sql`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as mine`),
  );
  if (!lock?.mine) throw new KeyInUse();
  const known = await answered(tx, actor, request);
  if (known) return known;
  const response = await run();
  const { key, requestSha256, status } = request;
  await tx
    .insert(idempotencyKeys)
    .values({ tenantId: actor.tenantId, membershipId: actor.membershipId, key, requestSha256, status, response });
  return { status, response };
}

/** The answer that an equal request got, or null. @throws `idempotency_key_reused` */
export async function answered(tx: Tx, actor: Actor, request: Once): Promise<Answered | null> {
  const { key, requestSha256, earlierSha256 } = request;
  const [known] = await tx
    .select()
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.tenantId, actor.tenantId),
        eq(idempotencyKeys.membershipId, actor.membershipId),
        eq(idempotencyKeys.key, key),
      ),
    );
  if (!known) return null;
  if (known.requestSha256 !== requestSha256 && known.requestSha256 !== earlierSha256)
    throw new AppError("idempotency_key_reused", 422, "same key, other request");
  return { status: known.status, response: known.response };
}

/**
 * Runs a transaction with `once` in it again while an equal request is at work, and waits in between without a connection:
 * however many equal ones wait, they keep nobody else from the database. @throws `idempotency_key_in_use` after ten seconds
 */
export async function inTurn<T>(transaction: () => Promise<T>): Promise<T> {
  const until = Date.now() + waitAtMostMs;
  for (;;) {
    try {
      return await transaction();
    } catch (error) {
      if (!(error instanceof KeyInUse) || Date.now() > until) throw error;
      await sleep(lookEveryMs / 2 + Math.random() * lookEveryMs);
    }
  }
}

const formKeyShape = /^[\w-]{16,64}$/;

/**
 * What a form is known by: the key of the page it was drawn in, where it goes, and all that is in it. Somebody who goes back
 * and changes a form sends another one, and no riddle about keys; only the very same form is the same act.
 * Null for a form without a key.
 */
export function onceOfForm(path: string, fields: readonly (readonly [string, string])[]): Once | null {
  const key = fields.find(([name]) => name === formKeyField)?.[1] ?? "";
  if (!formKeyShape.test(key)) return null;
  const content = fields.filter(([name]) => name !== formKeyField);
  const requestSha256 = createHash("sha256")
    .update(JSON.stringify([key, path, content]))
    .digest("hex");
  return { key: `form:${requestSha256}`, requestSha256, status: 200 };
}
