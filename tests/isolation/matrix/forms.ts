import { organisationCheck } from "#app/domain/organisation-code.ts";
import { randomUUID } from "node:crypto";
import { sendersOf } from "#workflows/authority.ts";
import { grantable } from "#app/request/permissions.ts";
import type { ApiOperation, PagePath, pageAccess } from "#app/request/access.rules.ts";
import { levelOfRole, type MemberRole } from "#db/roles.ts";
import { phases } from "#db/vocabulary.ts";

/*
 * A valid form for every act of every page, and a valid body for every endpoint that writes: what is invalid is answered
 * before anybody looks whose the object is. The types ask for one of each; a new act does not compile without.
 */

/** Ids that forms name beside those of the address. */
export interface Named {
  programme: string;
  sector: string;
  institution: string;
  site: string;
  system: string;
  indicator: string;
  document: string;
  national: string;
}
type Pairs = Readonly<Record<string, string>>;
export interface Form {
  fields(n: Named, role: MemberRole | null): Pairs;
  /** The section of the page it is sent from, where one module has several. */
  section?: string;
  /** A body that is no form of fields. */
  multipart?: true;
}

export type Acts<At extends PagePath> = (typeof pageAccess)[At] extends { readonly acts: infer A }
  ? keyof A & string
  : never;
export type Forms = {
  readonly [At in PagePath as Acts<At> extends never ? never : At]: Readonly<Record<Acts<At>, Form>>;
};

const none = (): Pairs => ({});
const plain: Form = { fields: none };
/** A form that names something nobody has. */
const lost = (...names: string[]): Form => ({
  fields: () => Object.fromEntries(names.map((name) => [name, randomUUID()])),
});
const of = (fields: Form["fields"], more: Omit<Form, "fields"> = {}): Form => ({ fields, ...more });
/** One event of a machine that no version can be at: nothing moves, but who may not send it is refused before. */
const act = (type: string): Form => of(() => ({ type, expectedVersion: "999999" }));
const day = "2014-04-01";
/** Not past by the clock of this world, which is the true one. */
const later = "2016-11-30";
/** An organisation code that nobody has yet. */
function anyCode(): string {
  const own = String(Math.floor(Math.random() * 1e8)).padStart(8, "0");
  return `${own}${organisationCheck(own) ?? ""}`;
}
const tags = { dimension: "identity", object: "equipment", lifecycle: "design", mechanism: "defend" };
const measure: Pairs = { title: "x", ...tags, threatCut: "0", vulnerabilityCut: "0" };
const asset: Pairs = { name: "x", object: "equipment", c: "1", i: "1", a: "1" };
const answer: Pairs = { controlCode: "SUP-SOL-01", value: "compliant", rev: "0" };
const indicator: Pairs = { name: "x", unit: "%", dimension: "identity", direction: "down" };
const clause: Pairs = { parentId: "", headingZh: "x", textZh: "x" };
const endpoint = lost("endpointId");
const words: Pairs = { credential: "{}" };

/** Of a row as nobody has read it. */
const correcting = { expectedVersion: "0123456789abcdef", reason: "x" };

export const forms: Forms = {
  "/": { createTenant: of(() => ({ kind: "institution", code: randomUUID().slice(0, 8), nameZh: "x", nameEn: "x" })) },
  "/projects": {
    createProject: of((n) => ({
      programmeId: n.programme,
      code: randomUUID().slice(0, 8),
      nameZh: "x",
      nameEn: "x",
      responseThreshold: "80",
      securityShare: "10",
      ...Object.fromEntries(phases.map((phase) => [`dueOn.${phase}`, day])),
    })),
  },
  "/projects/:projectId": {
    act: act("SUSPEND"),
    correct: of(() => ({
      nameZh: "x",
      nameEn: "x",
      responseThreshold: "80",
      securityShare: "10",
      ...Object.fromEntries(phases.map((phase, n) => [`dueOn.${phase}`, `2015-0${n + 1}-01`])),
      ...correcting,
    })),
  },
  "/projects/:projectId/sites": {
    registerSite: of(() => ({
      code: anyCode(),
      name: "x",
      size: "small",
    })),
    registerSystem: of((n) => ({ siteId: n.site, name: "x", grade: "3", devices: "1" })),
  },
  "/projects/:projectId/survey": {
    act: act("START_CLOSING"),
    invite: plain,
    remind: plain,
  },
  "/sites/:siteId": {
    correctSite: of((n) => ({
      siteId: n.site,
      code: anyCode(),
      name: "x",
      size: "small",
      ...correcting,
    })),
    correctSystem: of((n) => ({
      systemId: n.system,
      name: "x",
      grade: "3",
      devices: "1",
      ...correcting,
    })),
    extend: of((n) => ({ siteId: n.site, dueOn: "2015-12-31", reason: "x" })),
  },
  "/projects/:projectId/survey/:documentId": {
    cell: of(() => answer),
    act: act("WITHDRAW"),
    addAsset: of(() => asset),
    changeAsset: of(() => ({ ...asset, assetId: randomUUID(), rev: "1" })),
    removeAsset: lost("assetId"),
  },
  "/projects/:projectId/survey/:documentId/cells": {
    cells: of(() => Object.fromEntries(Object.entries(answer).map(([k, v]) => [`cells[0].${k}`, v]))),
  },
  "/projects/:projectId/risk-report": {
    build: plain,
    confirm: lost("riskIds"),
    dismiss: lost("riskIds"),
    owner: of(() => ({ riskIds: randomUUID(), owner: "x" })),
    update: of(() => ({ riskId: randomUUID(), rev: "1", threat: "1", vulnerability: "1" })),
    add: of(() => ({
      assetId: randomUUID(),
      threatCode: "T-01",
      vulnerabilityCode: "V-01",
      threat: "1",
      vulnerability: "1",
    })),
    method: of(() => ({ method: "matrix" })),
    texts: plain,
    chapter: of(() => ({ language: "zh", rev: "0", "texts.1": "x" })),
    act: act("SUBMIT"),
  },
  "/projects/:projectId/pilot-plan": {
    addMeasure: of(() => ({ riskId: randomUUID(), ...measure })),
    updateMeasure: of(() => ({ measureId: randomUUID(), rev: "1", ...measure })),
    deleteMeasure: of(() => ({ measureId: randomUUID(), rev: "1" })),
    done: lost("measureId"),
    addLine: of((n) => ({ siteId: n.site, title: "x", amount: "1", lifecycle: "design" })),
    updateLine: of((n) => ({
      budgetLineId: randomUUID(),
      siteId: n.site,
      title: "x",
      amount: "1",
      lifecycle: "design",
    })),
    deleteLine: lost("budgetLineId"),
    share: of((n) => ({ siteId: n.site, reason: "x", rev: "0" })),
    addIndicator: of(() => indicator),
    updateIndicator: of((n) => ({ indicatorId: n.indicator, ...indicator })),
    deleteIndicator: lost("indicatorId"),
    nominate: of((n) => ({ systemId: n.system, batchNo: "1", direction: "identity", rev: "0" })),
    withdraw: of((n) => ({ systemId: n.system, batchNo: "1", rev: "0" })),
    text: of(() => ({ language: "zh", rev: "0", "texts.1": "x" })),
    // The sector hands in, the national office sends back: each its own event.
    act: of((_n, role) => ({
      type: role !== null && sendersOf("document", "pilotPlan", "SUBMIT").includes(role) ? "SUBMIT" : "RETURN",
      expectedVersion: "999999",
    })),
  },
  "/projects/:projectId/batches/:batchNo": {
    act: act("START_BATCH"),
    nominate: plain,
    seat: of(() => ({ membershipId: randomUUID() })),
    inviteExpert: of(() => ({ email: `${randomUUID()}@matrix.example`, name: "x", language: "en" })),
    release: of(() => ({ membershipId: randomUUID(), reason: "x" })),
    anonymous: plain,
    declare: of(() => ({ panelId: randomUUID() })),
    lesson: of(() => ({ dimension: "identity", text: "x" })),
    correctLesson: of(() => ({ lessonId: randomUUID(), rev: "1", dimension: "identity", text: "x" })),
    decide: of(() => ({ lessons: `${randomUUID()}:1`, decision: "refused", reason: "x" })),
    silence: of(() => ({ pilotId: randomUUID(), reason: "x" })),
    takeOver: plain,
    startReview: plain,
    saveReview: of(() => ({ documentId: randomUUID(), rev: "0", conclusions: "x" })),
    reviewAct: of(() => ({ documentId: randomUUID(), type: "SUBMIT", expectedVersion: "999999" })),
  },
  "/projects/:projectId/specification": {
    saveClause: of(() => ({ rev: "0", chapter: "general", text: "应登记。", verb: "requirement" })),
    removeClause: of(() => ({ rev: "0", key: "x" })),
    propose: of(() => ({ rev: "0" })),
    act: of((_n, role) => ({
      type:
        role === "regulator"
          ? "SUBMIT_SPECIFICATION_DRAFT"
          : role === "regulator_lead"
            ? "RETURN_SPECIFICATION"
            : "RETURN_SPECIFICATION_NATIONAL",
      expectedVersion: "999999",
      reason: "x",
    })),
  },
  "/pilots": { declare: of(() => ({ panelId: randomUUID() })) },
  "/pilots/:pilotId": {
    act: act("SUSPEND"),
    score: of(() => ({ comment: "x", "points.x": "50" })),
    recuse: of(() => ({ reason: "x" })),
    reconcile: of(() => ({ reconciliation: "x" })),
    nomination: of(() => ({ partners: "", otherProgrammes: "", builtOn: day, committed: "1" })),
    object: of(() => ({ raisedBy: "x", text: "x" })),
    settle: of(() => ({ objectionId: randomUUID(), settlement: "x" })),
    startReport: of(() => ({ period: "2013-05" })),
    saveReport: of(() => ({ documentId: randomUUID(), rev: "0", text: "x" })),
    reportAct: of(() => ({ documentId: randomUUID(), type: "SUBMIT", expectedVersion: "999999" })),
    measure: of(() => ({ measureId: randomUUID(), doneOn: day })),
    grant: of((n) => ({ institutionId: n.institution, purpose: "operation", from: day, to: later })),
    revoke: lost("grantId"),
    verify: of(() => ({ kind: "design", result: "passed", reportNumber: "x" })),
  },
  "/audit/isolation": { check: plain },
  "/notices": { read: lost("noticeId"), readAll: { fields: () => ({}) } },
  "/settings/calendar": { make: plain, end: plain },
  "/settings/notices": { choose: of(() => ({ returned: "daily" })), usual: plain },
  "/break-glass": {
    ask: of((n) => ({ tenantId: n.sector, reason: "核对报送件的状态与编号，报表打不开，已经确认", minutes: "60" })),
    consent: lost("accessId"),
    refuse: lost("accessId"),
    end: lost("accessId"),
  },
  "/evidence": { add: of(none, { multipart: true }), remove: lost("evidenceId") },
  "/national": {
    createProgramme: of(() => ({
      code: randomUUID().slice(0, 8),
      titleZh: "x",
      titleEn: "x",
      startsOn: "2012-01-01",
      endsOn: "2015-12-31",
    })),
    passLessons: of((n) => ({ programmeId: n.programme })),
    noLessons: of((n) => ({ programmeId: n.programme, reason: "x" })),
    planBatch: of((n) => ({ programmeId: n.programme, no: "1", opensOn: day, closesOn: later })),
    batchStatus: of((n) => ({ programmeId: n.programme, no: "1", status: "open" })),
    quota: of((n) => ({ programmeId: n.programme, batchNo: "1", sectorId: n.sector, quota: "2", note: "x" })),
    extendBatch: of((n) => ({ programmeId: n.programme, no: "2", closesOn: later, reason: "x" })),
    consultationDays: of((n) => ({ programmeId: n.programme, days: "30", reason: "x" })),
    threshold: of((n) => ({ programmeId: n.programme, from: "4", kThreshold: "6", reason: "x" })),
    createSpecification: of((n) => ({ programmeId: n.programme, titleZh: "x", titleEn: "x" })),
  },
  "/national/specifications/:specificationId": {
    addClause: of(() => clause),
    saveClause: of(() => ({ clauseId: randomUUID(), rev: "1", ...clause })),
    moveClause: of(() => ({ clauseId: randomUUID(), direction: "up" })),
    removeClause: lost("clauseId"),
    removeEvidence: lost("evidenceId"),
    frontMatter: of(() => ({ rev: "1", titleZh: "x", titleEn: "x", scope: "x", issuedBy: "x" })),
    import: of(() => ({ picks: `${randomUUID()}/x` })),
    proposeConsultation: of(() => ({ from: "2014-07-01", to: "2014-08-30" })),
    openConsultation: of(() => ({ from: "2014-07-01", to: "2014-08-30", expectedVersion: "999999" })),
    settle: of(() => ({ commentId: randomUUID(), rev: "1", disposition: "adopted", reply: "x" })),
    publish: of(() => ({ effectiveOn: "2015-12-01", expectedVersion: "999999" })),
    newEdition: plain,
    act: act("APPROVE"),
  },
  "/action-plan": {
    record: of((n) => ({ programmeId: n.programme, id: "A1-M1", note: "x", rev: "0" })),
    accept: of((n) => ({ programmeId: n.programme, id: "A1-M2", rev: "0" })),
    refuse: of((n) => ({ programmeId: n.programme, id: "A1-M2", rev: "0", reason: "x" })),
  },
  "/settings/webhooks": {
    createEndpoint: of(() => ({ url: "https://hooks.example/x" })),
    rotateSecret: endpoint,
    sendTest: endpoint,
    pauseEndpoint: endpoint,
    resumeEndpoint: endpoint,
    removeEndpoint: endpoint,
    sendAgain: lost("deliveryId"),
  },
  "/settings/security": {
    password: of(() => ({ current: "x", next: "a-long-enough-sentence-41", repeat: "a-long-enough-sentence-41" })),
    endSession: lost("sessionId"),
    endOthers: plain,
    beginTotp: plain,
    confirmTotp: of(() => ({ code: "000000" })),
    removeTotp: plain,
    addPasskey: of(() => ({ ...words, name: "x" })),
    removePasskey: of(() => ({ passkeyId: "x" })),
    newCodes: plain,
  },
  "/settings/outbox": { sendAgain: lost("mailId") },
  "/settings/members": {
    // To a role that the caller hands out, in a tenant of theirs.
    invite: of((n, role) => {
      const given = role === null ? undefined : grantable(role)[0];
      return {
        email: `${randomUUID()}@mail.example`,
        name: "x",
        role: given ?? "regulator",
        tenantId: given && levelOfRole[given] === "national" ? n.national : n.sector,
        siteId: given && levelOfRole[given] === "site" ? n.site : "",
        language: "en",
      };
    }),
    revokeInvitation: lost("invitationId"),
    endMembership: lost("membershipId"),
    switchAccount: of(() => ({ accountId: randomUUID(), off: "1" })),
    clearFactors: lost("accountId"),
  },
  "/settings/:section?": {
    rename: of(() => ({ name: "测试" }), { section: "profile" }),
    createToken: of(() => ({ name: "x", days: "1" }), { section: "tokens" }),
    revokeToken: { ...lost("tokenId"), section: "tokens" },
  },
  "/specifications/:number": { post: of(() => ({ authorName: "x", text: "x" })) },
  "/login": { signIn: of(() => ({ email: `${randomUUID()}@mail.example`, password: "x" })), passkey: of(() => words) },
  "/login/second": {
    code: of(() => ({ code: "000000" })),
    passkey: of(() => words),
    confirmTotp: of(() => ({ code: "000000" })),
    addPasskey: of(() => ({ ...words, name: "x" })),
    newCodes: plain,
    finish: plain,
    cancel: plain,
  },
  "/passkey.json": { signIn: plain, second: plain, prove: plain, register: plain },
  "/reset": {
    ask: of(() => ({ email: `${randomUUID()}@mail.example` })),
    set: of(() => ({ token: "x", next: "a-long-enough-sentence-41", repeat: "a-long-enough-sentence-41" })),
  },
  "/unsubscribe": { stop: of(() => ({ token: "x" })) },
  "/invitation": { accept: of(() => ({ token: "x" })) },
  "/step-up": {
    password: of(() => ({ password: "x" })),
    code: of(() => ({ code: "000000" })),
    passkey: of(() => words),
  },
  "/logout": { post: plain },
  "/switch": { membership: lost("membershipId") },
};

export type Writing = Exclude<ApiOperation, `GET ${string}`>;
/** Bodies of endpoints that write. The event is of a version that no instance is at. */
export const bodies: Readonly<Record<Writing, (n: Named) => unknown>> = {
  "POST /projects/{id}/events": () => ({ type: "SUSPEND", expectedVersion: 999_999 }),
  "POST /projects/{id}/corrections": () => ({
    nameZh: "x",
    nameEn: "x",
    responseThreshold: "80",
    securityShare: "10",
    dueOn: Object.fromEntries(phases.map((phase, n) => [phase, `2015-0${n + 1}-01`])),
    ...correcting,
  }),
  "POST /sites/{id}/corrections": () => ({
    code: anyCode(),
    name: "x",
    division: "",
    region: "",
    size: "small",
    contact: "",
    ...correcting,
  }),
  "POST /sites/{id}/extensions": () => ({ dueOn: "2015-12-31", reason: "x" }),
  "POST /systems/{id}/corrections": () => ({ name: "x", description: "", grade: 3, devices: 1, ...correcting }),
  "PUT /projects/{id}/survey/responses/{siteId}": (n) => ({
    documentId: n.document,
    answers: [{ controlCode: "SUP-SOL-01", value: "compliant", rev: 0 }],
  }),
  "POST /documents/{id}/events": () => ({ type: "APPROVE", expectedVersion: 999_999 }),
  "POST /pilots/{id}/events": () => ({ type: "SUSPEND", expectedVersion: 999_999 }),
  "POST /pilots/{id}/progress-reports": () => ({ period: "2013-05" }),
  "POST /evidence": () => null,
};
