import { loadDraft } from "#app/features/document/document.server.ts";
import { computeEffects } from "#app/features/pilots/effects.server.ts";
import { loadPilot } from "#app/features/pilots/facts.server.ts";
import { emptyReport, type ReportBody } from "#app/features/pilots/pilots.schema.ts";
import { workingReport } from "#app/features/pilots/progress-content.server.ts";
import { loadReport, saveProgressDraft } from "#app/features/pilots/progress.server.ts";
import { readdirSync } from "node:fs";
import path from "node:path";
import { and, eq, inArray } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyDatabase } from "#app/features/audit/verify.server.ts";
import { kindOf } from "#app/features/document/kinds.server.ts";
import { standingOf } from "#app/features/document/standing.server.ts";
import { transition } from "#app/features/document/transition.server.ts";
import { signIn } from "#app/features/identity/sign-in.server.ts";
import { setProgrammeClock } from "#app/features/programme/programme.server.ts";
import { verify } from "#app/features/specification/published.server.ts";
import { sealChain } from "#app/features/verification/seal.server.ts";
import { documentContext, loadInstance } from "#app/features/workflow/instance.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { openSessions } from "#app/request/session.server.ts";
import { countsOf } from "#db/backup/facts.server.ts";
import { type Database, openDatabase, type Tx, withActor } from "#db/client.server.ts";
import { migrate, migrationStatus } from "#db/migrate.server.ts";
import { type MemberRole, memberRoles } from "#db/roles.ts";
import {
  artifacts,
  documents,
  pilotEffects,
  pilots,
  programmes,
  specificationSeals,
  submissions,
} from "#db/schema/index.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { demoPassword } from "#seeds/demo/actors.ts";
import { allComplaints } from "#tests/builders/complaints.ts";
import { testDatabase } from "#tests/setup/test-database.ts";
import { isInReview } from "#workflows/index.ts";
import { chainFaults, membersOf, replayFaults, sealFaults, trailFaults, wordFaults } from "./releases/past.ts";
import { restoreDump } from "./releases/restore.ts";
import { repeated, visitAll } from "./releases/visits.ts";

/*
 * Databases that earlier releases wrote, each brought to this one as an upgrade does it: whatever was renamed in the code, all
 * that was stored or said outside is understood as before. `releases/README.md` says how one is made.
 */

const folder = path.join(import.meta.dirname, "releases");
const releases = readdirSync(folder).filter((name) => name.endsWith(".sql.br"));
/** The day of the programme on which each was left. */
const leftAt = new Date("2015-12-04T06:00:00Z");

describe.each(releases)("the database of %s", (file) => {
  const database = testDatabase({ migrated: false });
  let superuser: postgres.Sql;
  /** Past the walls. */
  let all: Tx;
  let db: Database;
  let kept: Record<string, number>;

  beforeAll(async () => {
    const { urls, superuserUrl } = database();
    await restoreDump(urls.owner, path.join(folder, file));
    superuser = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
    kept = await countsOf(superuser);
    await migrate({ ownerUrl: urls.owner });
    await loadCatalogue({ ownerUrl: urls.owner });
    all = drizzle(superuser) as unknown as Tx;
    db = openDatabase({ appUrl: urls.app, authUrl: urls.auth });
  });
  afterAll(async () => {
    await db?.close();
    await superuser?.end();
  });

  const as = <T>(actor: Actor, work: (tx: Tx) => Promise<T>) => withActor(db.write, actor, work);
  const ids = async (query: string) => (await superuser.unsafe<{ id: string }[]>(query)).map((r) => r.id);
  const known = new Map<string, Promise<Actor>>();
  async function entered(email: string): Promise<Actor> {
    const sessions = openSessions(db, false);
    const secret = await signIn(db, sessions, { email, password: demoPassword }, { ip: "127.0.0.1", agent: "test" });
    const person = await sessions.find(secret);
    if (!person?.actor) throw new Error(`${email} has no membership`);
    return { ...person.actor, now: leftAt };
  }
  /** Somebody of this role who wears no other hat, signed in with the password they had. */
  async function someone(role: MemberRole, at: { tenantId?: string; siteId?: string | null } = {}): Promise<Actor> {
    const [found] = await superuser<{ email: string }[]>`
      select u.email from auth.users u join auth.memberships m on m.user_id = u.id
        where m.role = ${role} and m.tenant_id = coalesce(${at.tenantId ?? null}, m.tenant_id)
          and (${at.siteId ?? null}::uuid is null or m.site_id = ${at.siteId ?? null})
          and not exists (select 1 from auth.memberships o where o.user_id = u.id and o.id <> m.id)
        order by u.email limit 1`;
    if (!found) throw new Error(`nobody is ${role}`);
    const person = known.get(found.email) ?? entered(found.email);
    known.set(found.email, person);
    return person;
  }

  it("comes to this release with every row it had and every wall as declared", async () => {
    expect(await migrationStatus(superuser)).toMatchObject({ state: "current" });
    const now = await countsOf(superuser);
    // Figures that were not approved do not count since 0022, and are read from the seals when they are.
    const derived = new Set(["meta.migrations", "public.indicator_values"]);
    expect(Object.entries(kept).filter(([table, n]) => now[table] !== n && !derived.has(table))).toEqual([]);
    const [figures] = await superuser<{ stored: number; sealed: number }[]>`
      select (select count(*)::int from indicator_values) as stored, (
        select sum(jsonb_array_length(s.content -> 'values'))::int from documents d
          join workflow_instances w on w.tenant_id = d.tenant_id and w.object_id = d.id
          join submissions s on s.tenant_id = d.tenant_id and s.document_id = d.id and s.sha256 = w.snapshot #>> '{context,sealedHash}'
        where d.kind = 'progressReport') as sealed`;
    expect(figures?.stored).toBe(figures?.sealed);
    expect(figures?.stored).toBeGreaterThan(100);
    expect(await allComplaints(superuser)).toEqual([]);
  });

  it("knows what the plan promised of each pilot, as its next approval will work it out", async () => {
    const promised = () =>
      all
        .select({
          pilotId: pilotEffects.pilotId,
          dimension: pilotEffects.dimension,
          promisedMilli: pilotEffects.promisedMilli,
        })
        .from(pilotEffects)
        .orderBy(pilotEffects.pilotId, pilotEffects.dimension);
    const stored = await promised();
    expect(stored.length).toBeGreaterThan(20);
    expect(stored.filter((e) => e.promisedMilli === null)).toEqual([]);
    await all.update(pilotEffects).set({ promisedMilli: null });
    const told = new Set(stored.map((e) => e.pilotId));
    for (const { id, tenantId, projectId } of (await all.select().from(pilots)).filter((p) => told.has(p.id))) {
      const regulator = await someone("regulator", { tenantId });
      await as(regulator, async (tx) => computeEffects(tx, regulator, { projectId, pilotIds: [id] }));
    }
    expect(await promised()).toEqual(stored);
  });

  it("keeps every chain, and the tree over them", async () => {
    const { tenants, tree } = await verifyDatabase(database().urls.owner);
    expect(tenants.filter((t) => t.problem)).toEqual([]);
    expect(tenants.every((t) => t.entries > 0 && t.sealed > 0)).toBe(true);
    expect(tree.problem).toBeNull();
    expect(tree.size).toBeGreaterThan(tenants.length);
  });

  it("keeps every seal: what is sealed has its digest and is read by the kinds of today", async () => {
    expect(await sealFaults(all)).toEqual([]);
  });

  it("replays every log to the state and the memory that are stored", async () => {
    expect(await replayFaults(all)).toEqual([]);
  });

  it("holds no word that this release does not know, and has words for people for each", async () => {
    expect(await wordFaults(all)).toEqual([]);
    expect(await trailFaults(all)).toEqual([]);
  });

  it("is told of at the door of seals as intact, each seal with its entry in the trail", async () => {
    const sealed = await all
      .selectDistinctOn([submissions.documentId], { tenantId: submissions.tenantId, sha256: submissions.sha256 })
      .from(submissions);
    const faults: string[] = [];
    for (const tenantId of new Set(sealed.map((s) => s.tenantId))) {
      const auditor = await someone("auditor", { tenantId });
      await as(auditor, async (tx) => {
        for (const { sha256 } of sealed.filter((s) => s.tenantId === tenantId)) {
          const chain = await sealChain(tx, auditor, sha256, "en");
          const asked = chain?.steps.filter((s) => s.asked) ?? [];
          if (chain?.intact !== true || asked.length === 0 || !asked.every((s) => s.entry?.intact === true))
            faults.push(`${chain?.kind ?? "unknown"} ${sha256}`);
        }
      });
    }
    expect(faults).toEqual([]);
  });

  it("is told of by the digests of editions and of printed files", async () => {
    const director = await someone("national_director");
    for (const { sha256 } of await all.select().from(specificationSeals))
      expect(await as(director, (tx) => sealChain(tx, director, sha256, "zh-CN"))).toMatchObject({ intact: true });
    const files = await all.select().from(artifacts);
    expect(new Set(files.map((f) => f.public))).toEqual(new Set([true, false]));
    for (const { sha256, public: published, tenantId } of files) {
      const reader = published ? director : await someone("regulator", { tenantId });
      const [edition, chain] = await as(reader, async (tx) => [
        await verify(tx, sha256),
        await sealChain(tx, reader, sha256, "en"),
      ]);
      if (published) expect(edition).toMatchObject({ kind: "file" });
      else expect(chain).toMatchObject({ printed: true, intact: true });
    }
  });

  it("asks nobody to approve anew: what was approved is derived today as it was sealed", async () => {
    const approved = await all.select().from(documents).where(eq(documents.state, "approved"));
    const [seen, same] = [new Set<string>(), new Set<string>()];
    for (const document of approved) {
      const { id, kind, tenantId, siteId } = document;
      // One site stands for all of its sector.
      if (siteId !== null && seen.has(`${kind} ${tenantId}`)) continue;
      seen.add(`${kind} ${tenantId}`);
      const author = await someone(siteId ? "site_lead" : "regulator", { tenantId, siteId });
      await as(author, async (tx) => {
        const { approval } = await standingOf(tx, author, document, "en");
        const { sealedHash, reapprovalNeeded } = documentContext(await loadInstance(tx, id));
        expect({ kind, ...approval }).toMatchObject({ kind, needed: reapprovalNeeded, intact: true });
        const [sealed] = await tx
          .select()
          .from(submissions)
          .where(eq(submissions.sha256, sealedHash ?? ""));
        const { content } = await kindOf(kind).now(tx, author, document);
        // Days and decisions of rows have moved on since, which an approval does not answer for; members have not.
        expect([kind, membersOf(content)]).toEqual([kind, membersOf(sealed?.content)]);
        if (sealOf(content) === sealedHash) same.add(kind);
      });
    }
    expect([...same].sort()).toEqual(["batchReview", "progressReport", "specDraft", "surveyResponse"]);
    expect(new Set([...seen].map((s) => s.split(" ")[0])).size).toBe(6);
  });

  it("is shown to one of each role, page by page", async () => {
    // Nobody of that release is an outside expert.
    const people = await Promise.all(memberRoles.filter((role) => role !== "expert").map((role) => someone(role)));
    const [filed] = await ids("select document_id as id from evidence where submission_id is not null");
    const places = {
      projectId: await ids("select distinct on (state) id from projects order by state, code"),
      documentId: await ids("select distinct on (tenant_id) id from documents where kind = 'surveyResponse'"),
      batchNo: ["1", "2"],
      siteId: await ids("select distinct on (tenant_id) id from sites"),
      pilotId: await ids(
        "select distinct on (stage) id from pilots where stage in ('operation', 'suspended', 'accepted')",
      ),
      specificationId: await ids("select id from specifications"),
      number: await ids("select number as id from specifications where published_at is not null"),
      accessId: await ids("select id from break_glass"),
      section: ["profile", "tokens"],
      sha256: await ids("select sha256 as id from submissions order by sealed_at limit 1"),
    };
    const visited = await visitAll(db, people, places, { "/evidence": `?document=${filed}` });
    expect(visited.faults).toEqual([]);
    expect(visited.all.filter((p) => !visited.shown.has(p))).toEqual([]);
  });

  it("gives a program that asks again after the upgrade the answer it had", async () => {
    const answers = await superuser<
      { key: string; status: number; response: Record<string, unknown>; owner: string }[]
    >`
      select k.key, k.status, k.response, u.email as owner from idempotency_keys k
        join auth.memberships m on m.id = k.membership_id join auth.users u on u.id = m.user_id order by k.key`;
    const [project] = await superuser<{ id: string; seq: number }[]>`
      select object_id as id, seq from workflow_events where machine = 'project' and type = 'SUSPEND'`;
    const [report] = await superuser<{ id: string; pilot: string }[]>`
      select id, pilot_id as pilot from documents where id in (select document_id from evidence where name = '重复.txt')`;
    const sent: Record<string, { path: string; body: string; type?: string }> = {
      "repeat-event": {
        path: `/projects/${project?.id}/events`,
        body: JSON.stringify({ type: "SUSPEND", expectedVersion: Number(project?.seq) - 1, reason: "等待资金到位。" }),
      },
      "repeat-report": {
        path: `/pilots/${report?.pilot}/progress-reports`,
        body: JSON.stringify({ period: "2015-12", text: "运行平稳。" }),
      },
      "repeat-evidence": {
        path: `/evidence?document=${report?.id}&name=${encodeURIComponent("重复.txt")}`,
        body: "佐证",
        type: "application/octet-stream",
      },
    };
    for (const [key, request] of Object.entries(sent)) {
      const first = answers.find((a) => a.key === key);
      const actor = await entered(first?.owner ?? "");
      const again = await repeated(db, actor, { key, type: "application/json", ...request });
      const { response = {} } = first ?? {};
      const told = "id" in response ? { id: response["id"] } : response;
      expect([key, again.status, again.body]).toMatchObject([key, first?.status, told]);
    }
    expect(await ids("select id from evidence where name = '重复.txt'")).toHaveLength(1);
  });

  it("goes on: what waits is handed in and approved, and chain, seal and log hold on", async () => {
    const director = await someone("national_director");
    const [programme] = await all.select({ id: programmes.id }).from(programmes);
    await as(director, (tx) => setProgrammeClock(tx, director, { programmeId: programme?.id ?? "", at: leftAt }));
    const open = await all
      .select()
      .from(documents)
      .where(and(inArray(documents.state, ["returned", "submitted.sector"]), eq(documents.kind, "progressReport")));
    expect(new Set(open.map((d) => d.state)).size).toBe(2);
    for (const { id: documentId, state, tenantId, siteId } of open) {
      const author = await someone("site_lead", { tenantId, siteId });
      const reviewer = await someone("regulator", { tenantId });
      const move = (actor: Actor, type: string) =>
        as(actor, (tx) => transition(tx, actor, { documentId, type, locale: "zh-CN" }));
      if (!isInReview(state)) await explainLeaps(author, documentId);
      if (!isInReview(state)) expect((await move(author, "RESUBMIT")).to).toBe("submitted.sector");
      expect((await move(reviewer, "APPROVE")).to).toBe("approved");
    }
    expect([await replayFaults(all), await sealFaults(all)]).toEqual([[], []]);
    const { tenants, tree } = await verifyDatabase(database().urls.owner);
    expect([tenants.filter((t) => t.problem), tree.problem]).toEqual([[], null]);
  });

  /** What this release asks besides: a word on each figure that is far from the one before. */
  const explainLeaps = (author: Actor, documentId: string) =>
    as(author, async (tx) => {
      const report = await loadReport(tx, documentId);
      const { body, rev } = await loadDraft<ReportBody>(tx, documentId, emptyReport);
      const { leaps } = await workingReport(tx, await loadPilot(tx, report.pilotId), report.period, body);
      const explanations = Object.fromEntries(leaps.map((id) => [id, "已核对"]));
      await saveProgressDraft(tx, author, { documentId, body: { ...body, explanations }, rev });
    });

  /* How each look is known to find what it looks for: rows are harmed as a careless renaming would, and that is taken back. */
  const submitted = "where type = 'SUBMIT'";
  const moved = "update audit_entries set act = 'movement' where act = 'transition'";
  const renamed = "set content = content - 'text' || jsonb_build_object('words', content -> 'text')";
  it.each([
    ["an event by another name", `update workflow_events set type = 'SEND' ${submitted}`, replayFaults],
    ["an event without words", `update workflow_events set type = 'SEND' ${submitted}`, wordFaults],
    ["a fact by another name", `update workflow_events set facts = facts - 'completeness' ${submitted}`, replayFaults],
    [
      "a state by another name",
      "update workflow_instances set state = 'handedIn' where state = 'approved'",
      replayFaults,
    ],
    ["a member of a seal by another name", `update submissions ${renamed} where kind = 'progressReport'`, sealFaults],
    ["a kind of entry by another name", moved, chainFaults],
    ["a kind of entry without words", moved, trailFaults],
    [
      "a kind of document by another name",
      "alter table documents drop constraint documents_kind_known; update documents set kind = 'plan' where kind = 'pilotPlan'",
      wordFaults,
    ],
    [
      "a message by another name",
      `update webhook_deliveries set body = jsonb_set(body, '{type}', '"workflow.moved"') where kind = 'event'`,
      wordFaults,
    ],
    [
      "a job that nobody takes",
      "update graphile_worker._private_tasks set identifier = 'webhooks.spread' where identifier = 'webhooks.fan'",
      wordFaults,
    ],
  ] as const)("would tell of %s", async (_what, harm, look) => {
    await superuser.unsafe(`begin; set local session_replication_role = replica; ${harm}`);
    try {
      expect(await look(all)).not.toEqual([]);
    } finally {
      await superuser.unsafe("rollback");
    }
  });
});
