import { isWorkingDay } from "#app/domain/working-days.ts";
import { tellDeadlines } from "#app/features/notices/deadlines.server.ts";
import { addDays, dayAt } from "#app/platform/days.ts";
import { openWorkerPool, type WorkerDb } from "#db/jobs.server.ts";
import { declareAll } from "#app/declarations.server.ts";
import { createProgramme, setProgrammeClock } from "#app/features/programme/programme.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { addMember } from "#app/features/identity/identity.server.ts";
import { bootstrapOperator } from "#app/features/identity/setup.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import { type Database, withActor } from "#db/client.server.ts";
import { putRight } from "./bad-days.ts";
import { batchScript, type Others } from "./batch-script.ts";
import { Actors, demoMail, demoPassword } from "./actors.ts";
import { scenarioOf } from "./scenarios.ts";
import {
  batchesScript,
  lessonsScript,
  milestonesScript,
  type NationalScript,
  nationalLessonsOn,
  sectorDraftScript,
  specificationScript,
  trialScript,
} from "./national-script.ts";
import { generateProgramme } from "./generator.ts";
import { learningScript } from "./learning-script.ts";
import { on, runScript, ScriptClock, type Script } from "./schedule.ts";
import { planScript } from "./plan-script.ts";
import { reportScript } from "./report-script.ts";
import { foundSector, type SectorScript } from "./sector-script.ts";
import { surveyScript } from "./survey-script.ts";

export interface DemoSettings {
  db: Database;
  ownerUrl: string;
  /** For what the product's own jobs do meanwhile. */
  authUrl: string;
  storage: Storage;
  /** The same seed gives the same programme. */
  seed?: string;
  /** Business day at which the play stops. */
  until: string;
  progress?: (at: Date) => void;
}
export interface ProgrammeResult {
  cast: Actors;
  operator: Actor;
  national: NationalScript;
  sectors: SectorScript[];
}

/** All of one sector's phases, one after the other; each waits for its own days. */
async function* sectorScript(cast: Actors, p: SectorScript, n: NationalScript, others: Others): Script {
  yield* surveyScript(cast, p);
  yield* reportScript(cast, p);
  yield* planScript(cast, p, n.director);
  if (p.course.batchOne === null) yield* skipBatchOne(cast, p);
  else yield* batchScript(cast, p, others, 1);
  yield* putRight(cast, p);
  yield* learningScript(cast, p, nationalLessonsOn);
  yield* batchScript(cast, p, others, 2);
  yield* sectorDraftScript(cast, p, n.director);
}

async function* skipBatchOne(cast: Actors, p: SectorScript): Script {
  yield cast.clock.now;
  const reason =
    p.course.quota.one === 0
      ? "未列入第一批重点领域，直接参加第二批。"
      : "方案批复时第一批申报窗口已关闭，转入第二批。";
  await cast.act(p.lead, (tx, a) =>
    transitionProject(tx, a, { projectId: p.projectId, type: "SKIP_BATCH_ONE", payload: { reason }, locale: "zh-CN" }),
  );
}

/**
 * Plays the 2013–2015 programme from the founding of its tenants to `until`, through the use-cases alone, each person
 * acting for themselves. The database must hold no account yet.
 */
export async function runProgramme(settings: DemoSettings): Promise<ProgrammeResult> {
  declareAll();
  const { db, ownerUrl, storage, until, progress } = settings;
  const clock = new ScriptClock(on("2013-01-07"));
  const cast = new Actors(db, clock);
  const plan = generateProgramme(settings.seed);
  const operatorMail = demoMail("operator");
  await bootstrapOperator({ ownerUrl, email: operatorMail, name: "平台值班", password: demoPassword });
  const operator = await cast.enter({
    email: operatorMail,
    password: demoPassword,
    role: "operator",
    tenant: "PLATFORM",
    site: null,
    name: "平台值班",
  });
  const { national, others } = await foundNation(cast, operator, plan, storage);
  const sectors: SectorScript[] = [];
  for (const s of plan.sectors)
    sectors.push(await foundSector(cast, operator, national.programmeId, s, scenarioOf(s.code), plan.seed));
  const n: NationalScript = { ...national, sectors };
  await secondHats(cast, n);
  const scripts = [
    batchesScript(cast, n),
    milestonesScript(cast, n),
    trialScript(cast, n),
    lessonsScript(cast, n),
    ...sectors.map((s) => sectorScript(cast, s, n, others)),
    specificationScript(cast, n),
  ];
  const worker = openWorkerPool(settings.authUrl, 2);
  try {
    await runScript([...scripts, duesScript(worker.db, clock)], clock, on(until, "12:00"), progress);
  } finally {
    await worker.close();
  }
  await syncTo(n, cast, on(until, "12:00"));
  return { cast, operator, national: n, sectors };
}

/** Each working morning due days are told, as the product's own job does. */
async function* duesScript(db: WorkerDb, clock: ScriptClock): Script {
  const { signal } = new AbortController();
  for (let day = dayAt(clock.now); ; day = addDays(day, 1)) {
    if (!isWorkingDay(day)) continue;
    yield on(day, "07:30");
    await tellDeadlines({ db, signal }, clock.now);
  }
}

const syncTo = (n: Pick<NationalScript, "programmeId" | "director">, cast: Actors, at: Date) =>
  withActor(cast.db.write, n.director, (tx) => setProgrammeClock(tx, n.director, { programmeId: n.programmeId, at }));

async function foundNation(
  cast: Actors,
  operator: Actor,
  plan: ReturnType<typeof generateProgramme>,
  storage: Storage,
) {
  const tenantId = await cast.tenant(operator, "national", "NATIONAL", "国家办公室", "National office");
  const base = { tenantId, tenantCode: "NATIONAL" };
  const director = await cast.hire(operator, {
    ...base,
    email: demoMail("director"),
    name: plan.national.director.zh,
    role: "national_director",
  });
  const editor = await cast.hire(director, {
    ...base,
    email: demoMail("editor"),
    name: plan.national.editors[0]?.zh ?? "编辑",
    role: "national_editor",
  });
  const auditor = await cast.hire(director, {
    ...base,
    email: demoMail("auditor"),
    name: plan.national.auditor.zh,
    role: "auditor",
  });
  const assessors: { actor: Actor; institutionId: string }[] = [];
  for (const [i, institution] of plan.institutions.entries()) {
    const institutionId = await cast.tenant(operator, "institution", `LAB${i + 1}`, institution.zh, institution.en);
    const actor = await cast.hire(operator, {
      tenantId: institutionId,
      tenantCode: `LAB${i + 1}`,
      email: demoMail(`assessor${i + 1}`),
      name: institution.assessors[0]?.zh ?? "测评师",
      role: "assessor",
    });
    assessors.push({ actor, institutionId });
  }
  const programmeId = await cast.act(director, (tx, a) =>
    createProgramme(tx, a, {
      code: "IOT-2013",
      titleZh: "物联网安全保障专项行动计划（2013—2015年）",
      titleEn: "Special action plan on IoT security assurance, 2013–2015",
      startsOn: "2013-01-01",
      endsOn: "2015-12-31",
      kThreshold: 5,
      clockOffsetMs: 0,
    }),
  );
  const national: NationalScript = { programmeId, director, editor, auditor, sectors: [], storage };
  const others: Others = { assessors, syncClock: () => syncTo(national, cast, cast.clock.now) };
  return { national, others };
}

/** Some people wear two hats: the editor audits the national office too, a regulator stands in for the lead of another sector's audit. */
async function secondHats(cast: Actors, n: NationalScript): Promise<void> {
  const [first, other] = n.sectors;
  if (!first || !other) return;
  const add = (by: Actor, email: string, name: string) =>
    withActor(cast.db.write, by, (tx) =>
      addMember(tx, by, { email, name, password: demoPassword, role: "auditor", tenantId: by.tenantId }),
    );
  await add(other.lead, demoMail(`${first.plausible.code.toLowerCase()}.lead`), first.plausible.people.lead.zh);
  await add(n.director, demoMail("editor"), n.editor.name);
}
