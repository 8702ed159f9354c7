import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDocument } from "#app/features/document/document.server.ts";
import { controls } from "#seeds/catalogue/index.ts";
import { layField, type Member } from "#tests/isolation/field.ts";
import { type RunningServer, startServer } from "#tests/isolation/server.ts";
import { type Proofs, proofsFor } from "#tests/isolation/visitors.ts";
import { testWorld } from "#tests/builders/world.ts";

/**
 * The built product under load from two tenants while the database's backends are killed beneath it, one every 60 ms:
 * the process lives, what was acknowledged is stored, and nobody is answered with another's rows.
 */
const seconds = 8;

interface Writer {
  tag: string;
  token: string;
  projectId: string;
  siteId: string;
  documentId: string;
}
interface Tally {
  answered: number;
  refused: number;
  odd: string[];
  /** Last acknowledged number by tag and question. */
  acknowledged: Map<string, number>;
}
const busy = new Set([503, 409, 401, 500]);

/** Writes one answer over and over, each time with the next number, and reads it back with all others of the response. */
async function write(base: string, w: Writer, controlCode: string, until: number, tally: Tally): Promise<void> {
  const path = `${base}/api/v1/projects/${w.projectId}/survey/responses/${w.siteId}`;
  const headers = { authorization: `Bearer ${w.token}`, "content-type": "application/json" };
  let rev = 0;
  for (let n = 1; Date.now() < until; n += 1) {
    const body = JSON.stringify({
      documentId: w.documentId,
      answers: [{ controlCode, value: "partial", note: `${w.tag}:${n}`, evidenceRef: "", rev }],
    });
    const put = await fetch(path, { method: "PUT", headers, body }).catch(() => null);
    if (put?.status === 200) {
      const told = (await put.json()) as {
        saved: { controlCode: string; rev: number }[];
        conflicts: { controlCode: string; rev: number; note: string }[];
      };
      const [saved] = told.saved;
      tally.answered += 1;
      if (saved) {
        rev = saved.rev;
        tally.acknowledged.set(`${w.documentId} ${controlCode}`, n);
      }
      for (const c of told.conflicts) {
        // Stored though its acknowledgement was lost.
        rev = c.rev;
        if (!c.note.startsWith(`${w.tag}:`)) tally.odd.push(`conflict with «${c.note}» for ${w.tag}`);
      }
    } else note(tally, put?.status);
    await read(base, w, tally);
  }
}

async function read(base: string, w: Writer, tally: Tally): Promise<void> {
  const headers = { authorization: `Bearer ${w.token}` };
  const got = await fetch(`${base}/api/v1/projects/${w.projectId}/survey/responses/${w.siteId}`, { headers }).catch(
    () => null,
  );
  if (got?.status !== 200) return note(tally, got?.status);
  tally.answered += 1;
  const { items } = (await got.json()) as { items: { documentId: string; answers: { note: string }[] }[] };
  for (const item of items) {
    if (item.documentId !== w.documentId) tally.odd.push(`${w.tag} was given document ${item.documentId}`);
    for (const a of item.answers)
      if (a.note !== "" && !a.note.startsWith(`${w.tag}:`)) tally.odd.push(`${w.tag} was given «${a.note}»`);
  }
  const list = await fetch(`${base}/api/v1/projects`, { headers }).catch(() => null);
  if (list?.status !== 200) return note(tally, list?.status);
  tally.answered += 1;
  const text = await list.text();
  if (!text.includes(w.projectId)) tally.odd.push(`${w.tag} was given a list without their project`);
}

function note(tally: Tally, status: number | undefined): void {
  tally.refused += 1;
  if (status !== undefined && !busy.has(status)) tally.odd.push(`answered ${status}`);
}

describe("the product while the database's backends are killed", () => {
  const world = testWorld();
  let server: RunningServer;
  let proofs: Proofs;
  const writers: Writer[] = [];
  beforeAll(async () => {
    const w = world();
    const sites = w.sectors.map((s) => ({ s, site: s.sites[0] }));
    const field = await layField(
      w.db,
      [...w.sectors.map((s) => s.regulator), ...sites.flatMap(({ site }) => (site ? [site.lead] : []))],
      2,
    );
    proofs = await proofsFor(w.db, field.members);
    const tokenOf = (m: Member["actor"]) => proofs.visitors.find((v) => v.member.actor === m)?.token ?? "";
    for (const { s, site } of sites) {
      if (!site) continue;
      const doc = await w.as(s.regulator, (tx) =>
        createDocument(tx, s.regulator, {
          kind: "surveyResponse",
          projectId: s.projectId,
          title: s.code,
          siteId: site.id,
          systemId: site.systemId,
        }),
      );
      writers.push({
        tag: s.code,
        token: tokenOf(site.lead),
        projectId: s.projectId,
        siteId: site.id,
        documentId: doc.id,
      });
    }
    server = await startServer(w.database.urls);
  });
  afterAll(async () => {
    await server?.stop();
  });

  it("lives, loses nothing it acknowledged, and mixes nobody's rows", async () => {
    const w = world();
    const killer = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    const tally: Tally = { answered: 0, refused: 0, odd: [], acknowledged: new Map() };
    const until = Date.now() + seconds * 1000;
    let killed = 0;
    const kill = async () => {
      while (Date.now() < until) {
        const gone =
          await killer`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name in ('anshi-read', 'anshi-write', 'anshi-auth') order by random() limit 1`;
        killed += gone.length;
        await sleep(60);
      }
    };
    const codes = controls.slice(0, 6).map((c) => c.id);
    await Promise.all([
      kill(),
      ...writers.flatMap((one) => codes.map((code) => write(server.url, one, code, until, tally))),
    ]);
    const stored = await killer<
      { key: string; note: string }[]
    >`select document_id || ' ' || control_code as key, note from answers`;
    const last = new Map(stored.map((r) => [r.key, Number(r.note.split(":")[1])]));
    const lost = [...tally.acknowledged]
      .filter(([key, n]) => (last.get(key) ?? 0) < n)
      .map(([key, n]) => `${key}: ${n} acknowledged, ${last.get(key) ?? 0} stored`);
    const after = await fetch(`${server.url}/readyz`);
    await killer.end();
    process.stdout.write(`${tally.answered} answered, ${tally.refused} refused, ${killed} backends killed\n`);
    expect(server.ended()).toBeNull();
    expect(lost).toEqual([]);
    expect([...new Set(tally.odd)]).toEqual([]);
    expect(tally.answered).toBeGreaterThan(25);
    expect(tally.acknowledged.size).toBeGreaterThan(0);
    expect(killed).toBeGreaterThan(20);
    expect(after.status).toBe(200);
  });
});
