import { declareAll } from "#app/declarations.server.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { addMember, createTenant } from "#app/features/identity/identity.server.ts";
import { signIn } from "#app/features/identity/sign-in.server.ts";
import { openSessions, type Sessions } from "#app/request/session.server.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";
import { createProject, registerSite, registerSystem } from "#app/features/project/project.server.ts";
import { addAssets } from "#app/features/survey/assets.server.ts";
import { saveAnswers } from "#app/features/survey/survey.server.ts";
import { type Database, openDatabase, type Tx, withActor } from "#db/client.server.ts";
import type { MemberRole } from "#db/roles.ts";
import { controls, documents } from "#db/schema/index.ts";
import { account, Person, product } from "./person.ts";

const password = "a small world of its own";
const locale = "zh-CN";

/** A sector with one site, its survey open: the demonstration has none in that phase. Made through the use-cases, in the running product. */
export interface SmallWorld {
  projectId: string;
  documentId: string;
  controlCodes: string[];
  people: Record<"lead" | "regulator" | "regulator2" | "officer" | "officer2" | "siteLead", Person>;
  /** Answers every question but these, and one asset. */
  fillIn(except: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

class Builder {
  private readonly sessions: Sessions;
  readonly code = `Z${randomBytes(3).toString("hex").toUpperCase()}`;
  constructor(readonly db: Database) {
    this.sessions = openSessions(db, false);
  }
  as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return withActor(this.db.write, actor, work);
  }
  async enter(email: string, secretWord: string): Promise<Actor> {
    const found = await this.sessions.find(
      await signIn(this.db, this.sessions, { email, password: secretWord }, { ip: "127.0.0.1", agent: "test" }),
    );
    if (!found?.actor) throw new Error(`no membership for ${email}`);
    return found.actor;
  }
  async hire(
    by: Actor,
    name: string,
    role: MemberRole,
    tenantId: string,
    siteId?: string,
  ): Promise<{ actor: Actor; person: Person }> {
    const email = `${this.code.toLowerCase()}.${name}@test.example`;
    await this.as(by, (tx) =>
      addMember(tx, by, {
        email,
        name: `${this.code} ${name}`,
        password,
        role,
        tenantId,
        ...(siteId ? { siteId } : {}),
      }),
    );
    const person = new Person(email);
    const answer = await person.post("/login", { intent: "signIn", email, password, next: "/" });
    if (answer.status !== 302) throw new Error(`${email} could not sign in: ${answer.status}`);
    return { actor: await this.enter(email, password), person };
  }
}

export async function smallWorld(): Promise<SmallWorld> {
  declareAll();
  const urls = JSON.parse(readFileSync(join(product().dataDir, "connection.json"), "utf8")) as {
    app: string;
    auth: string;
  };
  const b = new Builder(openDatabase({ appUrl: urls.app, authUrl: urls.auth, max: 3 }));
  const operatorAccount = account("operator");
  const operator = await b.enter(operatorAccount.email, operatorAccount.password);
  const tenantId = await b.as(operator, (tx) =>
    createTenant(tx, operator, {
      kind: "sector",
      code: b.code,
      nameZh: `试验领域${b.code}`,
      nameEn: `Trial sector ${b.code}`,
    }),
  );
  const lead = await b.hire(operator, "lead", "regulator_lead", tenantId);
  const regulator = await b.hire(lead.actor, "regulator", "regulator", tenantId);
  const regulator2 = await b.hire(lead.actor, "regulator2", "regulator", tenantId);
  const chief = regulator.actor;
  const projectId = await b.as(chief, async (tx) => {
    const programme = await currentProgramme(tx);
    if (!programme) throw new Error("no programme");
    const dueOn = {
      survey: "2014-09-30",
      riskReport: "2014-10-31",
      pilotPlan: "2014-11-30",
      batchOne: "2014-12-31",
      batchTwo: "2015-06-30",
      specification: "2015-12-31",
    };
    return createProject(tx, chief, {
      programmeId: programme.id,
      code: `${b.code}-2014`,
      nameZh: `${b.code} 试点`,
      nameEn: `${b.code} pilot`,
      riskMethod: "matrix",
      assetRule: "max",
      responseThresholdBp: 8000,
      securityShareBp: 1000,
      dueOn,
    });
  });
  const siteId = await b.as(chief, (tx) =>
    registerSite(tx, chief, {
      code: "91110000MA00000X75",
      name: `${b.code} 水厂`,
      division: "",
      region: "北京",
      size: "medium",
      contact: "",
    }),
  );
  await b.as(chief, (tx) =>
    registerSystem(tx, chief, { siteId, name: `${b.code} 泵站监控`, description: "", grade: 3, devices: 100 }),
  );
  const [officer, officer2, siteLead] = [
    await b.hire(lead.actor, "officer", "site_officer", tenantId, siteId),
    await b.hire(lead.actor, "officer2", "site_officer", tenantId, siteId),
    await b.hire(lead.actor, "site-lead", "site_lead", tenantId, siteId),
  ];
  await b.as(chief, (tx) => transitionProject(tx, chief, { projectId, type: "OPEN_SURVEY", locale }));
  const [document] = await b.as(officer.actor, (tx) =>
    tx.select({ id: documents.id }).from(documents).where(eq(documents.kind, "surveyResponse")),
  );
  const codes = await b.as(officer.actor, (tx) => tx.select({ code: controls.code }).from(controls));
  const documentId = document?.id ?? "";
  const controlCodes = [...new Set(codes.map((c) => c.code))].sort();
  return {
    projectId,
    documentId,
    controlCodes,
    people: {
      lead: lead.person,
      regulator: regulator.person,
      regulator2: regulator2.person,
      officer: officer.person,
      officer2: officer2.person,
      siteLead: siteLead.person,
    },
    async fillIn(except) {
      const cells = controlCodes
        .filter((c) => !except.includes(c))
        .map((controlCode, n) => ({
          controlCode,
          value: n % 9 === 0 ? ("non_compliant" as const) : ("compliant" as const),
          note: n % 9 === 0 ? "尚未实施" : "",
          evidenceRef: "制度文件",
          rev: 0,
        }));
      await b.as(officer.actor, (tx) => saveAnswers(tx, officer.actor, { documentId, cells, locale }));
      await b.as(officer.actor, (tx) =>
        addAssets(tx, officer.actor, {
          documentId,
          list: [
            {
              name: "泵站网关",
              object: "equipment",
              supplier: "甲厂",
              singleSource: true,
              replacementTested: false,
              c: 3,
              i: 4,
              a: 5,
              note: "",
            },
          ],
          locale,
        }),
      );
    },
    close: () => b.db.close(),
  };
}
