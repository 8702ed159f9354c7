import { transition } from "#app/features/document/transition.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { randomBytes, randomUUID } from "node:crypto";
import postgres from "postgres";
import { createDocument, loadDocument, saveDraft } from "#app/features/document/document.server.ts";
import { approveDocument, endorseDocument, submitDocument } from "#tests/builders/documents.ts";
import { askBreakGlass } from "#app/features/identity/break-glass.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { digestOf } from "#app/request/session.server.ts";
import { checkWalls } from "#app/features/isolation/check.server.ts";
import { recordCheck } from "#app/features/isolation/isolation.server.ts";
import { emptyPlan, planContent } from "#app/features/plan/plan-content.server.ts";
import { setProgrammeClock } from "#app/features/programme/programme.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { createSpecification } from "#app/features/specification/editing.server.ts";
import { addAsset } from "#app/features/survey/assets.server.ts";
import { responseLines } from "#app/features/survey/progress.server.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import { withActor } from "#db/client.server.ts";
import { type MemberRole, memberRoles } from "#db/roles.ts";
import { sql } from "drizzle-orm";
import { controls } from "#seeds/catalogue/index.ts";
import { png } from "#tests/builders/files.ts";
import {
  addIndicators,
  dated,
  describeSystems,
  grant,
  moveProjectAs,
  nominate,
  openBatch,
} from "#tests/builders/pilots.ts";
import type { TestSector, TestSite, World } from "#tests/builders/world.ts";
import type { RunningServer } from "../server.ts";
import type { Named } from "./forms.ts";

/*
 * The ground of the matrix: who asks, and the objects they ask for: their own, of the site beside theirs, of another sector, and of
 * nobody.
 */

export const targets = ["own", "sibling", "other", "unknown"] as const;
export type Target = (typeof targets)[number];
/** Parameters of addresses, by their names in `app/routes.ts` and in the API. */
export type Ids = Readonly<Record<string, string>>;

export interface Asker {
  /** Null: nobody is signed in. */
  role: MemberRole | null;
  cookie: string | null;
  token: string | null;
  readToken: string | null;
}
export interface Ground {
  askers: readonly Asker[];
  ids: Readonly<Record<Target, Ids>>;
  named: Readonly<Record<Target, Named>>;
  /** A session more for a role, for an act that ends it; `late`: whose proof lies an hour back. */
  anotherCookie(role: MemberRole, late?: boolean): Promise<string>;
}

/** Of the catalogue: what the files bear out. */
export const control = "SUP-SOL-01";

const soon = () => new Date(Date.now() + 600_000).toISOString();

async function cookieFor(w: World, actor: Actor): Promise<string> {
  const secret = randomBytes(20).toString("hex");
  await w.db
    .auth`select auth.create_session(${digestOf(secret)}, ${randomUUID()}, ${actor.userId}, ${actor.membershipId}, ${soon()}, ${soon()}, '127.0.0.1', 'matrix')`;
  return secret;
}
async function tokenFor(w: World, actor: Actor, scopes: string): Promise<string> {
  const secret = `ans_${randomBytes(20).toString("hex")}`;
  await withActor(w.db.write, actor, (tx) =>
    tx.execute(
      sql`select auth.create_token(${actor.level}, ${digestOf(secret)}, ${randomUUID()}, 'matrix', ${scopes}::text[], ${soon()})`,
    ),
  );
  return secret;
}

/** One of each role: of the first sector, and of its first site, where a role has one. */
function people(w: World): Record<MemberRole, Actor> {
  const [s] = w.sectors;
  const site = siteOf(s, 0);
  return {
    site_officer: site.officer,
    site_lead: site.lead,
    regulator: s.regulator,
    regulator_lead: s.lead,
    auditor: s.auditor,
    assessor: w.assessor,
    expert: s.expert,
    national_editor: w.editor,
    national_director: w.director,
    operator: w.operator,
  };
}
function siteOf(s: TestSector, n: number): TestSite {
  const site = s.sites[n];
  if (!site) throw new Error(`sector ${s.code} has no site ${n}`);
  return site;
}

const locale = "zh-CN" as const;
const sheet = controls.map((c) => ({
  controlCode: c.id,
  value: "compliant" as const,
  note: "",
  evidenceRef: "",
  rev: 0,
}));

/** The site's response to the open survey, with a file, handed in. @returns the ids of both */
async function response(
  w: World,
  server: RunningServer,
  s: TestSector,
  site: TestSite,
): Promise<{ documentId: string; evidenceId: string }> {
  const project = await w.as(site.officer, (tx) => loadProject(tx, s.projectId));
  const line = (await w.as(site.officer, (tx) => responseLines(tx, site.officer, project, locale))).find(
    (l) => l.siteId === site.id,
  );
  if (!line) throw new Error(`${site.id} has no response`);
  const { documentId } = line;
  await w.as(site.officer, (tx) => saveAnswers(tx, site.officer, { documentId, cells: sheet, locale }));
  await w.as(site.officer, (tx) =>
    addAsset(tx, site.officer, {
      documentId,
      locale,
      name: "网关",
      object: "equipment",
      supplier: "甲",
      singleSource: true,
      replacementTested: false,
      c: 3,
      i: 4,
      a: 5,
      note: "",
    }),
  );
  const token = await tokenFor(w, site.officer, "{read,write}");
  const body = new FormData();
  body.set("file", new File([new Uint8Array(png())], "a.png", { type: "image/png" }));
  const filed = await fetch(`${server.url}/api/v1/evidence?document=${documentId}&part=${control}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body,
  });
  if (filed.status !== 201) throw new Error(`evidence was not taken: ${filed.status} ${await filed.text()}`);
  const { id: evidenceId } = (await filed.json()) as { id: string };
  await w.as(site.lead, (tx) => transition(tx, site.lead, { documentId, type: "SUBMIT", locale }));
  return { documentId, evidenceId };
}

/** The plan with nominations of both sites, sealed as it is written and approved by the national office. */
async function planOf(w: World, s: TestSector): Promise<void> {
  const nominations = s.sites.map(({ systemId }) => ({
    systemId,
    batchNo: 1 as const,
    direction: "identity" as const,
  }));
  const document = await w.as(s.regulator, async (tx) => {
    const made = await createDocument(tx, s.regulator, { kind: "pilotPlan", projectId: s.projectId, title: "方案" });
    await saveDraft(tx, s.regulator, made, { ...emptyPlan, nominations }, 0);
    const content = await planContent(tx, s.regulator, await loadProject(tx, s.projectId), {
      ...emptyPlan,
      nominations,
    });
    await submitDocument(tx, s.regulator, {
      document: made,
      locale,
      sealing: { content, summary: {} },
      completeness: { completeness: 100, missingParts: [] },
    });
    return made;
  });
  await w.as(s.lead, async (tx) =>
    endorseDocument(tx, s.lead, { document: await loadDocument(tx, document.id), locale }),
  );
  await w.as(w.director, async (tx) =>
    approveDocument(tx, w.director, { document: await loadDocument(tx, document.id), locale }),
  );
}

/** From the survey that is over to pilots of both sites. */
async function pilotsOf(w: World, s: TestSector): Promise<void> {
  const steps: [Actor, string][] = [
    [s.regulator, "START_CLOSING"],
    [s.lead, "CLOSE_SURVEY"],
    [s.regulator, "SUBMIT_RISK_REPORT"],
    [s.lead, "APPROVE_RISK_REPORT"],
    [s.regulator, "SUBMIT_PLAN"],
    [s.lead, "APPROVE_PLAN_SECTOR"],
    [w.director, "APPROVE_PLAN"],
  ];
  for (const [actor, type] of steps) await moveProjectAs(w, actor, s.projectId, type);
  await describeSystems(w, s);
  await planOf(w, s);
  await nominate(w, dated(w, "2014-04-02T02:00:00Z", s));
}

export async function layGround(w: World, server: RunningServer): Promise<Ground> {
  const [one, two] = w.sectors;
  // A day of the programme: what is set for days to come lies in its time.
  await w.as(w.director, (tx) =>
    setProgrammeClock(tx, w.director, { programmeId: w.programmeId, at: new Date("2014-05-20T02:00:00Z") }),
  );
  const indicators = new Map<TestSector, string>();
  for (const s of w.sectors) indicators.set(s, (await addIndicators(w, s))[0] ?? "");
  const places = [
    [one, siteOf(one, 0)],
    [one, siteOf(one, 1)],
    [two, siteOf(two, 0)],
  ] as const;
  for (const s of w.sectors)
    await w.as(s.regulator, (tx) =>
      transitionProject(tx, s.regulator, { projectId: s.projectId, type: "OPEN_SURVEY", locale }),
    );
  const answered: { documentId: string; evidenceId: string }[] = [];
  for (const [s, site] of places) answered.push(await response(w, server, s, site));
  for (const s of w.sectors) await pilotsOf(w, s);
  await openBatch(w, 1);
  const specificationId = await w.as(w.editor, (tx) =>
    createSpecification(tx, w.editor, {
      programmeId: w.programmeId,
      titleZh: "规范",
      titleEn: "Specification",
      number: "",
    }),
  );
  const outId = await w.as(w.editor, (tx) =>
    createSpecification(tx, w.editor, {
      programmeId: w.programmeId,
      titleZh: "征求意见",
      titleEn: "Out for comments",
      number: "",
    }),
  );
  const past = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
  const pilotIds: string[] = [];
  for (const [s, site] of places)
    pilotIds.push(
      (await past<{ id: string }[]>`select id from pilots where tenant_id = ${s.id} and site_id = ${site.id}`)[0]?.id ??
        "",
    );
  await grant(w, one, pilotIds[0] ?? "", "design");
  // Part of the work on the pilot, as a file of a report is.
  for (const [n, { evidenceId }] of answered.entries())
    await past`update evidence set pilot_id = ${pilotIds[n] ?? null} where id = ${evidenceId}`;
  const [out] = await past<
    { number: string }[]
  >`update specifications set public = true, state = 'consultation' where id = ${outId} returning number`;
  const digests: string[] = [];
  for (const { documentId } of answered)
    digests.push(
      (await past<{ sha256: string }[]>`select sha256 from submissions where document_id = ${documentId}`)[0]?.sha256 ??
        "",
    );
  await past.end();
  const accesses = new Map<TestSector, string>();
  for (const s of w.sectors)
    accesses.set(
      s,
      await w.as(w.operator, (tx) =>
        askBreakGlass(tx, w.operator, {
          tenantId: s.id,
          reason: "核对报送件的状态与编号，报表打不开，已经确认",
          minutes: 60,
        }),
      ),
    );
  const checkId = randomUUID();
  const found = await checkWalls(w.db, one.auditor);
  await w.as(one.auditor, (tx) => recordCheck(tx, checkId, found));
  const shared = { batchNo: "1", section: "profile", specificationId, number: out?.number ?? "", clause: "1" };
  const idsAt = (n: number): Ids => ({
    ...shared,
    projectId: places[n]?.[0].projectId ?? "",
    siteId: places[n]?.[1].id ?? "",
    systemId: places[n]?.[1].systemId ?? "",
    pilotId: pilotIds[n] ?? "",
    sha256: digests[n] ?? "",
    accessId: accesses.get(places[n]?.[0] ?? one) ?? "",
    checkId: n === 2 ? randomUUID() : checkId,
    ...answered[n],
  });
  const namedAt = (n: number): Named => {
    const [s, site] = places[n] ?? places[0];
    return {
      programme: w.programmeId,
      sector: s.id,
      institution: w.institutionId,
      site: site.id,
      system: site.systemId,
      indicator: indicators.get(s) ?? "",
      document: answered[n]?.documentId ?? "",
      national: w.nationalId,
    };
  };
  const unknown: Ids = {
    ...shared,
    ...Object.fromEntries(
      [
        "projectId",
        "siteId",
        "systemId",
        "pilotId",
        "documentId",
        "evidenceId",
        "specificationId",
        "number",
        "accessId",
        "checkId",
      ].map((name) => [name, randomUUID()]),
    ),
    sha256: "0".repeat(64),
  };
  const actors = people(w);
  const askers: Asker[] = [{ role: null, cookie: null, token: null, readToken: null }];
  for (const role of memberRoles)
    askers.push({
      role,
      cookie: await cookieFor(w, actors[role]),
      token: await tokenFor(w, actors[role], "{read,write,seal}"),
      readToken: await tokenFor(w, actors[role], "{read}"),
    });
  return {
    askers,
    ids: { own: idsAt(0), sibling: idsAt(1), other: idsAt(2), unknown },
    named: { own: namedAt(0), sibling: namedAt(1), other: namedAt(2), unknown: namedAt(0) },
    anotherCookie: async (role, late = false) => {
      const secret = await cookieFor(w, actors[role]);
      if (late) {
        const sql = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
        await sql`update auth.sessions set proved_at = now() - interval '1 hour' where digest = ${digestOf(secret)}`;
        await sql.end();
      }
      return secret;
    },
  };
}
