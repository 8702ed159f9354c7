import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, bearer, signIn } from "../people.ts";
import type { Account, Product } from "../product.ts";
import { monthBefore } from "../parts/fair.ts";

/* Who writes while things are killed, and how each of them is held to what was acknowledged. */

interface Tally {
  name: string;
  /** Answers that said that it is done. */
  acknowledged: number;
  /** Answers that said no, by status; errors of the connection by their code. */
  refused: Record<string, number>;
  lost: string[];
  doubled: string[];
  /** What was stored or sent though its sender was told of an error, or of nothing. Nobody is lied to, but it is told. */
  unsure: number;
}
export interface Writer {
  tally: Tally;
  /**
   * Writes until the signal; resolves when its last write has its answer.
   * @param acknowledged is told of each write that was: by `performance.now()`, when the request that was answered had been sent
   */
  write(until: AbortSignal, acknowledged: (sent: number) => void): Promise<void>;
  /** Afterwards: reads what is stored and names what is lost or there twice. */
  judge(): Promise<void>;
}

const tallyOf = (name: string): Tally => ({ name, acknowledged: 0, refused: {}, lost: [], doubled: [], unsure: 0 });
const refuse = (tally: Tally, status: string): void => {
  tally.refused[status] = (tally.refused[status] ?? 0) + 1;
};

interface Answered {
  status: number;
  body: Record<string, unknown>;
  /** When the request that was answered had been sent: the last of its key's. */
  sent: number;
}
/** Sends with one key until the server has said yes or no; what it says of being away is neither. */
async function sendWithKey(
  product: Product,
  who: Account,
  path: string,
  body: unknown,
  tally: Tally,
  patience = 120_000,
): Promise<Answered | null> {
  const headers = { ...bearer(who), "content-type": "application/json", "idempotency-key": randomUUID() };
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const sent = performance.now();
    const answer = await fetch(`${product.url}/api/v1${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    })
      .then(
        async (r): Promise<Answered> => ({ status: r.status, body: (await r.json()) as Record<string, unknown>, sent }),
      )
      .catch((error: unknown) => (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).name);
    if (typeof answer === "string") refuse(tally, answer);
    else if (answer.status < 400) return answer;
    else {
      refuse(tally, String(answer.status));
      if (answer.status < 500 && answer.status !== 429) return answer;
    }
    await sleep(50 + Math.random() * 100);
  }
  return null;
}

interface Pilot {
  id: string;
  stage: string;
  nextReportDue: string | null;
  version: number;
}

/** The report of a month, written again and again by the one person who writes it: its revision must be the number of writes. */
async function reportWriter(product: Product, who: Account, pilot: Pilot): Promise<Writer> {
  const tally = tallyOf(`report of ${who.email.split("@")[0]}`);
  const period = monthBefore(pilot.nextReportDue ?? "");
  const path = `/pilots/${pilot.id}/progress-reports`;
  const stored = async () =>
    (await ask<{ items: { period: string; rev: number | null }[] }>(product, who, path)).items.find(
      (one) => one.period === period,
    )?.rev ?? 0;
  const first = await stored();
  let rev = first;
  return {
    tally,
    async write(until, acknowledged) {
      for (let n = 1; !until.aborted; n += 1) {
        const answer = await sendWithKey(product, who, path, { period, rev, text: `write ${n}` }, tally);
        if (answer === null) continue;
        if (answer.status === 201) {
          tally.acknowledged += 1;
          acknowledged(answer.sent);
          const told = Number(answer.body["rev"]);
          if (told !== rev + 1)
            (told > rev + 1 ? tally.doubled : tally.lost).push(`write ${n} was given revision ${told} after ${rev}`);
          rev = told;
        } else if (answer.status === 409) {
          // With its key a repeat is given the first answer; another's revision can only be a write of ours that was counted twice.
          tally.doubled.push(`write ${n} from revision ${rev} met ${String(answer.body["rev"])}`);
          rev = Number(answer.body["rev"] ?? rev);
        } else tally.lost.push(`write ${n}: ${answer.status} ${String(answer.body["code"])}`);
      }
    },
    async judge() {
      const last = await stored();
      if (last < first + tally.acknowledged)
        tally.lost.push(`${tally.acknowledged} acknowledged from revision ${first}, ${last} stored`);
      if (last > first + tally.acknowledged + 1)
        tally.doubled.push(`${tally.acknowledged} acknowledged from revision ${first}, ${last} stored`);
    },
  };
}

/** A pilot that is suspended and resumed in turn: each event moves its version by one. */
async function eventWriter(product: Product, who: Account, pilot: Pilot): Promise<Writer> {
  const tally = tallyOf(`events by ${who.email.split("@")[0]}`);
  const first = (await ask<Pilot>(product, who, `/pilots/${pilot.id}`)).version;
  let version = first;
  let next = "SUSPEND";
  return {
    tally,
    async write(until, acknowledged) {
      while (!until.aborted) {
        const answer = await sendWithKey(
          product,
          who,
          `/pilots/${pilot.id}/events`,
          { type: next, expectedVersion: version, reason: "held while things are killed" },
          tally,
        );
        if (answer === null) continue;
        if (answer.status !== 200) {
          tally.doubled.push(`${next} at version ${version}: ${answer.status} ${String(answer.body["code"])}`);
          ({ version } = await ask<Pilot>(product, who, `/pilots/${pilot.id}`));
        } else {
          tally.acknowledged += 1;
          acknowledged(answer.sent);
          const told = Number(answer.body["version"]);
          if (told !== version + 1) tally.doubled.push(`${next} led from version ${version} to ${told}`);
          version = told;
        }
        next = next === "SUSPEND" ? "RESUME" : "SUSPEND";
        await sleep(20);
      }
    },
    async judge() {
      const last = (await ask<Pilot>(product, who, `/pilots/${pilot.id}`)).version;
      if (last < first + tally.acknowledged)
        tally.lost.push(`${tally.acknowledged} events acknowledged from version ${first}, now ${last}`);
      if (last > first + tally.acknowledged + 1)
        tally.doubled.push(`${tally.acknowledged} events acknowledged from version ${first}, now ${last}`);
    },
  };
}

/** Invitations by form, each to an address of its own, sent once whatever comes of it. @param lettersTo letters by address */
async function formWriter(
  product: Product,
  who: Account,
  lettersTo: () => ReadonlyMap<string, number>,
): Promise<Writer> {
  const tally = tallyOf(`invitations by ${who.email.split("@")[0]}`);
  const cookie = await signIn(product, who);
  const { membership } = await ask<{ membership: { tenant: { id: string } } }>(product, who, "/me");
  const sent = new Map<string, "yes" | "unknown">();
  return {
    tally,
    async write(until, acknowledged) {
      for (let n = 1; !until.aborted; n += 1) {
        const email = `chaos-${n}-${randomUUID().slice(0, 8)}@load.example`;
        const form = new URLSearchParams({
          intent: "invite",
          email,
          name: `Chaos ${n}`,
          role: "regulator",
          tenantId: membership.tenant.id,
          siteId: "",
          language: "en",
        });
        const begun = performance.now();
        const answer = await fetch(`${product.url}/settings/members`, {
          method: "POST",
          headers: { cookie, origin: product.url, accept: "text/html" },
          body: form,
          redirect: "manual",
          signal: AbortSignal.timeout(60_000),
        })
          .then(async (r) => ({ status: r.status, text: await r.text() }))
          .catch((error: unknown) => ({
            status: 0,
            text: (error as { cause?: { code?: string } }).cause?.code ?? "error",
          }));
        if (answer.status === 200 || answer.status === 302) {
          tally.acknowledged += 1;
          acknowledged(begun);
          sent.set(email, "yes");
        } else {
          refuse(tally, answer.status === 0 ? answer.text : String(answer.status));
          sent.set(email, "unknown");
        }
        await sleep(300);
      }
    },
    async judge() {
      // Letters go by a queue that is looked at again a minute after its worker was killed.
      for (
        let left = 200;
        left > 0 && [...sent].some(([email, told]) => told === "yes" && !lettersTo().has(email));
        left -= 1
      )
        await sleep(1000);
      const letters = lettersTo();
      for (const [email, told] of sent) {
        const n = letters.get(email) ?? 0;
        if (told === "yes" && n === 0) tally.lost.push(`no letter to ${email}`);
        if (n > 1) tally.doubled.push(`${n} letters to ${email}`);
        if (told === "unknown" && n > 0) tally.unsure += 1;
      }
    },
  };
}

/** Two writers of reports, one of a pilot's events, one of forms: of the sector whose pilots are in operation. */
export async function writersFor(
  product: Product,
  lettersTo: () => ReadonlyMap<string, number>,
): Promise<{ writers: Writer[]; lead: Account }> {
  const writers: Writer[] = [];
  let lead: Account | undefined;
  for (const who of product.accounts.filter((one) => one.role === "site_lead")) {
    const { items } = await ask<{ items: Pilot[] }>(product, who, "/pilots");
    const pilot = items.find((one) => one.stage === "operation" && one.nextReportDue !== null);
    if (pilot === undefined) continue;
    lead ??= product.accounts.find((one) => one.tenant === who.tenant && one.role === "regulator_lead");
    // The first two are written about; the third is moved, and a suspended pilot's report is nobody's to write.
    if (writers.length < 2) writers.push(await reportWriter(product, who, pilot));
    else if (lead !== undefined) {
      writers.push(await eventWriter(product, lead, pilot));
      break;
    }
  }
  if (lead === undefined || writers.length < 3)
    throw new Error("the demonstration lacks the pilots in operation that the writers need");
  writers.push(await formWriter(product, lead, lettersTo));
  return { writers, lead };
}
