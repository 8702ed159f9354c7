import { organisationCheck, unifiedCheck } from "#app/domain/organisation-code.ts";
import postgres from "postgres";
import { afterAll, beforeAll, inject } from "vitest";
import { addMember, createTenant } from "#app/features/identity/identity.server.ts";
import { signIn } from "#app/features/identity/sign-in.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { openSessions, type Sessions } from "#app/request/session.server.ts";
import { bootstrapOperator } from "#app/features/identity/setup.server.ts";
import { createProgramme, planBatch, setQuota } from "#app/features/programme/programme.server.ts";
import { createProject, registerSite, registerSystem } from "#app/features/project/project.server.ts";
import { type Database, openDatabase, type Tx, withActor } from "#db/client.server.ts";
import type { MemberRole } from "#db/roles.ts";
import { createTestDatabase, type TestDatabase } from "#tests/setup/test-database.ts";

export const password = "correct horse battery";

export interface TestSite {
  id: string;
  systemId: string;
  officer: Actor;
  lead: Actor;
}
export interface TestSector {
  id: string;
  code: string;
  projectId: string;
  regulator: Actor;
  regulator2: Actor;
  lead: Actor;
  /** From outside; in no panel before they are named. */
  expert: Actor;
  auditor: Actor;
  sites: TestSite[];
}
/** Who and what is there, signed in. */
interface People {
  programmeId: string;
  nationalId: string;
  operator: Actor;
  editor: Actor;
  director: Actor;
  assessor: Actor;
  institutionId: string;
  sectors: [TestSector, TestSector];
}
export interface World extends People {
  database: TestDatabase;
  db: Database;
  sessions: Sessions;
  /** Runs as somebody, in one write transaction. */
  as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same membership at another business time. */
  at(actor: Actor, when: string | Date): Actor;
}

const emailOf = (name: string) => `${name}@test.example`;

class Builder {
  constructor(
    readonly db: Database,
    readonly sessions: Sessions,
  ) {}
  as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return withActor(this.db.write, actor, work);
  }
  async signedIn(name: string): Promise<Actor> {
    const secret = await signIn(
      this.db,
      this.sessions,
      { email: emailOf(name), password },
      { ip: "127.0.0.1", agent: "test" },
    );
    const found = await this.sessions.find(secret);
    if (!found?.actor) throw new Error(`no membership for ${name}`);
    return { ...found.actor, now: new Date("2013-06-03T02:00:00Z") };
  }
  async member(by: Actor, name: string, role: MemberRole, tenantId: string, siteId?: string): Promise<Actor> {
    await this.as(by, (tx) =>
      addMember(tx, by, {
        email: emailOf(name),
        name: `测试 ${name}`,
        password,
        role,
        tenantId,
        ...(siteId ? { siteId } : {}),
      }),
    );
    return this.signedIn(name);
  }
  async sector(operator: Actor, code: string, programmeId: string): Promise<TestSector> {
    const id = await this.as(operator, (tx) =>
      createTenant(tx, operator, { kind: "sector", code, nameZh: `领域${code}`, nameEn: `Sector ${code}` }),
    );
    // Before there is a lead: later nobody but the lead brings people in.
    const expert = await this.member(operator, `${code}.expert`, "expert", id);
    const lead = await this.member(operator, `${code}.lead`, "regulator_lead", id);
    const regulator = await this.member(lead, `${code}.reg1`, "regulator", id);
    const regulator2 = await this.member(lead, `${code}.reg2`, "regulator", id);
    const auditor = await this.member(lead, `${code}.audit`, "auditor", id);
    const projectId = await this.as(regulator, (tx) =>
      createProject(tx, regulator, {
        programmeId,
        code: `${code}-2013`,
        nameZh: `${code} 试点项目`,
        nameEn: `${code} pilot project`,
        riskMethod: "matrix",
        assetRule: "max",
        responseThresholdBp: 8000,
        securityShareBp: 1000,
        dueOn: {
          survey: "2013-09-30",
          riskReport: "2013-12-31",
          pilotPlan: "2014-03-31",
          batchOne: "2014-09-30",
          batchTwo: "2015-06-30",
          specification: "2015-12-31",
        },
      }),
    );
    const sites: TestSite[] = [];
    for (const n of [1, 2]) sites.push(await this.site(lead, regulator, code, n));
    return { id, code, projectId, regulator, regulator2, lead, expert, auditor, sites };
  }
  private async site(lead: Actor, regulator: Actor, code: string, n: number): Promise<TestSite> {
    const own = `${code
      .padEnd(3, "0")
      .slice(0, 3)
      .replace(/[IOSVZ]/g, "X")}0000${n}`;
    const first17 = `91110000${own}${organisationCheck(own) ?? ""}`;
    const creditCode = `${first17}${unifiedCheck(first17) ?? ""}`;
    const id = await this.as(regulator, (tx) =>
      registerSite(tx, regulator, {
        code: creditCode,
        name: `${code} 单位${n}`,
        division: "",
        region: "北京",
        size: "medium",
        contact: "",
      }),
    );
    const systemId = await this.as(regulator, (tx) =>
      registerSystem(tx, regulator, { siteId: id, name: `${code} 系统${n}`, description: "", grade: 3, devices: 1000 }),
    );
    const officer = await this.member(lead, `${code}.s${n}.officer`, "site_officer", lead.tenantId, id);
    const siteLead = await this.member(lead, `${code}.s${n}.lead`, "site_lead", lead.tenantId, id);
    return { id, systemId, officer, lead: siteLead };
  }
}

/** Two sectors with two sites each, a testing institution, the national office and its programme, all made through use-cases. */
async function makePeople(database: TestDatabase, db: Database, sessions: Sessions): Promise<People> {
  const b = new Builder(db, sessions);
  await bootstrapOperator({
    ownerUrl: database.urls.owner,
    email: emailOf("operator"),
    name: "测试 operator",
    password,
  });
  const operator = await b.signedIn("operator");
  const nationalId = await b.as(operator, (tx) =>
    createTenant(tx, operator, { kind: "national", code: "NATIONAL", nameZh: "国家办公室", nameEn: "National office" }),
  );
  const institutionId = await b.as(operator, (tx) =>
    createTenant(tx, operator, {
      kind: "institution",
      code: "LAB1",
      nameZh: "检测机构",
      nameEn: "Testing institution",
    }),
  );
  const director = await b.member(operator, "director", "national_director", nationalId);
  const editor = await b.member(director, "editor", "national_editor", nationalId);
  const assessor = await b.member(operator, "assessor", "assessor", institutionId);
  const programmeId = await b.as(director, (tx) =>
    createProgramme(tx, director, {
      code: "P2013",
      titleZh: "测试专项行动",
      titleEn: "Test programme",
      startsOn: "2013-01-01",
      endsOn: "2015-12-31",
      kThreshold: 5,
      clockOffsetMs: 0,
    }),
  );
  await b.as(director, async (tx) => {
    await planBatch(tx, director, { programmeId, no: 1, opensOn: "2014-04-01", closesOn: "2014-05-31" });
    await planBatch(tx, director, { programmeId, no: 2, opensOn: "2014-10-01", closesOn: "2014-11-30" });
  });
  const one = await b.sector(operator, "AAA", programmeId);
  const two = await b.sector(operator, "BBB", programmeId);
  await b.as(director, async (tx) => {
    for (const s of [one, two])
      for (const batchNo of [1, 2])
        await setQuota(tx, director, { programmeId, batchNo, sectorId: s.id, quota: 2, note: "" });
  });
  return {
    programmeId,
    nationalId,
    operator,
    editor,
    director,
    assessor,
    institutionId,
    sectors: [one, two],
  };
}

const WORLD = "anshi_world";
/** Held by whoever makes the world, so that no other process of the run makes it as well. */
const LOCK = 471_102_013;

/**
 * The world's people, made once a run in a database that every file clones: twenty people with slow passwords cost seconds.
 * What is known of them stands in that database's comment, so that any process of the run finds it.
 */
async function peopleOfTemplate(): Promise<People> {
  const admin = postgres(inject("testPostgres").superuserUrl, {
    max: 1,
    fetch_types: false,
    onnotice: () => undefined,
  });
  try {
    await admin`select pg_advisory_lock(${LOCK})`;
    const [there] = await admin<{ people: string | null }[]>`
      select shobj_description(oid, 'pg_database') as people from pg_database where datname = ${WORLD}`;
    if (there?.people) return withDates(there.people);
    await admin.unsafe(`drop database if exists ${WORLD} with (force)`);
    const made = JSON.stringify(await makeTemplate());
    await admin.unsafe(`comment on database ${WORLD} is '${made.replaceAll("'", "''")}'`);
    return withDates(made);
  } finally {
    await admin.end({ timeout: 5 });
  }
}

const withDates = (text: string): People =>
  JSON.parse(text, (key, value: unknown) => (key === "now" ? new Date(String(value)) : value)) as People;

async function makeTemplate(): Promise<People> {
  const database = await createTestDatabase({ name: WORLD });
  const { db, sessions } = openOn(database);
  try {
    return await makePeople(database, db, sessions);
  } finally {
    await db.close();
  }
}

function openOn(database: TestDatabase): Pick<World, "db" | "sessions"> {
  const db = openDatabase({ appUrl: database.urls.app, authUrl: database.urls.auth, max: 10 });
  return { db, sessions: openSessions(db, false) };
}

/** The world on a server of the caller's own. */
export async function buildWorld(database: TestDatabase): Promise<World> {
  const { db, sessions } = openOn(database);
  return worldOf(database, db, sessions, await makePeople(database, db, sessions));
}

const worldOf = (database: TestDatabase, db: Database, sessions: Sessions, people: People): World => ({
  ...people,
  database,
  db,
  sessions,
  as: (actor, work) => withActor(db.write, actor, work),
  at: (actor, when) => ({ ...actor, now: new Date(when) }),
});

/** For a file: a database of its own with the world in it. */
export function testWorld(): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    const people = await peopleOfTemplate();
    const database = await createTestDatabase({ template: WORLD });
    const { db, sessions } = openOn(database);
    world = worldOf(database, db, sessions, people);
  });
  afterAll(async () => {
    await world?.db.close();
    await world?.database.drop();
  });
  return () => {
    if (!world) throw new Error("testWorld() is usable inside hooks and tests only");
    return world;
  };
}
