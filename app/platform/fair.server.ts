import { Gate } from "#db/gate.server.ts";

/* What else than connections is scarce, shared as those are (`db/fair.ts`). */

/**
 * Work that keeps a thread busy for a good part of a second or longer: setting a PDF, writing a workbook. One at a time of
 * a tenant, so that there is always room for the other's. A hundred workbooks of one person come out within the wait.
 */
export const heavy = new Gate({
  name: "heavy",
  capacity: 2,
  waitingOfAccount: 150,
  waitingOfTenant: 300,
  patienceMs: 45_000,
});

/** Bodies with files that are on their way in: each has a file on the disk and is hashed. */
export const uploads = new Gate({
  name: "uploads",
  capacity: 12,
  waitingOfAccount: 60,
  waitingOfTenant: 200,
  patienceMs: 30_000,
});

/**
 * Passwords that are being judged: each is 25 ms and more of one of the four threads of libuv, which files and names need as
 * well. An address has two at a time.
 */
export const judging = new Gate({
  name: "judging",
  capacity: 4,
  waitingOfAccount: 300,
  waitingOfTenant: 1000,
  patienceMs: 45_000,
});

export const gates: readonly Gate[] = [heavy, uploads, judging];
