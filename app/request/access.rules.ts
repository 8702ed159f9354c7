import type { MemberRole } from "#db/roles.ts";
import { may, type Permission } from "./permissions.ts";

/*
 * Which permission each way in asks for: every page, file, form and endpoint, by the paths of `app/routes.ts` and of the
 * API. The builders (`pageLoader`, `pageAction`, `fileLoader`, `Api`) look here and nowhere else, and their types do not
 * take a way that is not here. Tests compare the list with the product's own.
 */

/** `anybody` needs no sign-in, `signedIn` a person but no role: what belongs to the account itself. */
export type Asked = Permission | "anybody" | "signedIn";

interface Access {
  /** GET; absent where there is nothing to get. */
  readonly get?: Asked;
  /** Forms by their `intent`; `post` where a form has none. */
  readonly acts?: Readonly<Record<string, Asked>>;
}

export const pageAccess = {
  "/": { get: "home.read", acts: { createTenant: "tenants.write" } },
  "/projects": { get: "project.read", acts: { createProject: "project.create" } },
  "/projects/:projectId": { get: "project.read", acts: { act: "project.act", correct: "project.correct" } },
  "/projects/:projectId/sites": {
    get: "site.write",
    acts: { registerSite: "site.write", registerSystem: "site.write" },
  },
  "/projects/:projectId/survey": {
    get: "survey.read",
    acts: { act: "survey.run", invite: "survey.run", remind: "survey.run" },
  },
  "/projects/:projectId/survey/:documentId": {
    get: "survey.read",
    acts: {
      cell: "survey.answer",
      act: "survey.act",
      addAsset: "asset.write",
      changeAsset: "asset.write",
      removeAsset: "asset.write",
    },
  },
  "/projects/:projectId/survey/:documentId/cells": { acts: { cells: "survey.answer" } },
  "/projects/:projectId/survey.xlsx": { get: "survey.read" },
  "/projects/:projectId/risk-report": {
    get: "risk.page",
    acts: {
      build: "risk.write",
      confirm: "risk.write",
      dismiss: "risk.write",
      owner: "risk.write",
      update: "risk.write",
      add: "risk.write",
      method: "risk.method",
      texts: "report.write",
      chapter: "report.write",
      act: "report.act",
    },
  },
  "/projects/:projectId/risk-report.pdf": { get: "report.read" },
  "/projects/:projectId/pilot-plan": {
    get: "plan.read",
    acts: {
      addMeasure: "measure.write",
      updateMeasure: "measure.write",
      deleteMeasure: "measure.write",
      done: "measure.report",
      addLine: "measure.write",
      updateLine: "measure.write",
      deleteLine: "measure.write",
      addIndicator: "measure.write",
      updateIndicator: "measure.write",
      deleteIndicator: "measure.write",
      share: "plan.write",
      nominate: "plan.write",
      withdraw: "plan.write",
      text: "plan.write",
      act: "plan.act",
    },
  },
  "/projects/:projectId/pilot-plan.pdf": { get: "plan.print" },
  "/projects/:projectId/batches/:batchNo": {
    get: "batch.read",
    acts: {
      act: "project.act",
      nominate: "batch.write",
      seat: "panel.name",
      inviteExpert: "panel.name",
      release: "panel.name",
      anonymous: "panel.name",
      declare: "panel.declare",
      lesson: "batch.write",
      correctLesson: "batch.write",
      decide: "batch.write",
      takeOver: "batch.write",
      silence: "batch.write",
      startReview: "review.write",
      saveReview: "review.write",
      reviewAct: "review.act",
    },
  },
  "/projects/:projectId/specification": {
    get: "specification.read",
    acts: {
      saveClause: "specification.draft",
      removeClause: "specification.draft",
      propose: "specification.draft",
      act: "specification.act",
    },
  },
  "/sites/:siteId": {
    get: "site.read",
    acts: { correctSite: "site.correct", correctSystem: "site.correct", extend: "site.extend" },
  },
  "/pilots": { get: "pilot.read", acts: { declare: "panel.declare" } },
  "/pilots/:pilotId": {
    get: "pilot.read",
    acts: {
      act: "pilot.act",
      score: "pilot.score",
      recuse: "pilot.score",
      reconcile: "pilot.reconcile",
      nomination: "nomination.write",
      object: "objection.raise",
      settle: "objection.settle",
      startReport: "progress.start",
      saveReport: "progress.write",
      reportAct: "progress.act",
      measure: "measure.report",
      grant: "grant.write",
      revoke: "grant.write",
      verify: "pilot.verify",
    },
  },
  "/evidence": { get: "evidence.read", acts: { add: "evidence.write", remove: "evidence.write" } },
  "/evidence/:evidenceId": { get: "evidence.read" },
  "/compare": { get: "compare.read" },
  "/comparison.xlsx": { get: "compare.read" },
  "/tasks": { get: "tasks.read" },
  "/notices": { get: "notices.own", acts: { read: "notices.own", readAll: "notices.own" } },
  "/search": { get: "search.read" },
  "/search.json": { get: "search.read" },
  "/national": {
    get: "national.read",
    acts: {
      createProgramme: "programme.write",
      passLessons: "national.write",
      noLessons: "national.write",
      planBatch: "programme.write",
      batchStatus: "programme.write",
      quota: "programme.write",
      threshold: "programme.write",
      extendBatch: "programme.write",
      consultationDays: "programme.write",
      createSpecification: "edition.create",
    },
  },
  "/national/specifications/:specificationId": {
    get: "edition.read",
    acts: {
      addClause: "edition.text",
      saveClause: "edition.text",
      moveClause: "edition.text",
      removeClause: "edition.text",
      removeEvidence: "edition.text",
      frontMatter: "edition.text",
      import: "edition.text",
      proposeConsultation: "edition.text",
      openConsultation: "edition.act",
      settle: "edition.settle",
      publish: "edition.act",
      newEdition: "edition.renew",
      act: "edition.act",
    },
  },
  "/action-plan": {
    get: "actionPlan.read",
    acts: { record: "actionPlan.write", accept: "actionPlan.accept", refuse: "actionPlan.accept" },
  },
  "/audit": { get: "audit.read" },
  "/audit.jsonl": { get: "audit.export" },
  "/audit/isolation": { get: "isolation.check", acts: { check: "isolation.check" } },
  "/audit/isolation/:checkId.pdf": { get: "isolation.check" },
  "/break-glass": {
    get: "glass.see",
    acts: { ask: "glass.ask", consent: "glass.answer", refuse: "glass.answer", end: "glass.end" },
  },
  "/break-glass/:accessId": { get: "glass.read" },
  "/permissions": { get: "permissions.read" },
  "/permissions.xlsx": { get: "permissions.read" },
  "/settings/webhooks": {
    get: "webhooks.write",
    acts: {
      createEndpoint: "webhooks.write",
      rotateSecret: "webhooks.write",
      sendTest: "webhooks.write",
      pauseEndpoint: "webhooks.write",
      resumeEndpoint: "webhooks.write",
      removeEndpoint: "webhooks.write",
      sendAgain: "webhooks.write",
    },
  },
  "/settings/security": {
    get: "settings.own",
    acts: {
      password: "signedIn",
      endSession: "signedIn",
      endOthers: "signedIn",
      beginTotp: "signedIn",
      confirmTotp: "signedIn",
      removeTotp: "signedIn",
      addPasskey: "signedIn",
      removePasskey: "signedIn",
      newCodes: "signedIn",
    },
  },
  "/settings/outbox": { get: "tenants.write", acts: { sendAgain: "tenants.write" } },
  "/settings/members": {
    get: "members.read",
    acts: {
      invite: "members.write",
      revokeInvitation: "members.write",
      endMembership: "members.write",
      switchAccount: "tenants.write",
      clearFactors: "tenants.write",
    },
  },
  "/settings/notices": { get: "notices.own", acts: { choose: "notices.own", usual: "notices.own" } },
  "/settings/calendar": { get: "settings.own", acts: { make: "settings.own", end: "settings.own" } },
  "/settings/:section?": {
    get: "settings.own",
    acts: { rename: "signedIn", createToken: "tokens.own", revokeToken: "tokens.own" },
  },
  // no sign-in needed
  "/specifications": { get: "anybody" },
  "/specifications/:number": { get: "anybody", acts: { post: "anybody" } },
  "/specifications/:number.pdf": { get: "anybody" },
  "/verify/:sha256?": { get: "anybody" },
  "/verify/:sha256/content.json": { get: "seal.read" },
  "/login": { get: "anybody", acts: { signIn: "anybody", passkey: "anybody" } },
  "/login/second": {
    get: "anybody",
    acts: {
      code: "anybody",
      passkey: "anybody",
      confirmTotp: "anybody",
      addPasskey: "anybody",
      newCodes: "anybody",
      finish: "anybody",
      cancel: "anybody",
    },
  },
  "/login/oidc": { get: "anybody" },
  "/passkey.json": { acts: { signIn: "anybody", second: "anybody", prove: "signedIn", register: "anybody" } },
  "/reset": { get: "anybody", acts: { ask: "anybody", set: "anybody" } },
  "/calendar/:secret.ics": { get: "anybody" },
  "/unsubscribe": { get: "anybody", acts: { stop: "anybody" } },
  "/invitation": { get: "anybody", acts: { accept: "anybody" } },
  "/step-up": { get: "signedIn", acts: { password: "signedIn", code: "signedIn", passkey: "signedIn" } },
  "/logout": { get: "anybody", acts: { post: "anybody" } },
  "/switch": { get: "anybody", acts: { membership: "signedIn" } },
  "/*": { get: "anybody" },
} as const satisfies Record<string, Access>;

/** Endpoints below /api/v1. Each asks for a token besides; of scope `read` for GET, else `write`. */
export const apiAccess = {
  "GET /me": "home.read",
  "GET /projects": "project.read",
  "GET /projects/{id}": "project.read",
  "POST /projects/{id}/events": "project.act",
  "POST /projects/{id}/corrections": "project.correct",
  "GET /sites": "site.read",
  "GET /sites/{id}": "site.read",
  "POST /sites/{id}/corrections": "site.correct",
  "POST /sites/{id}/extensions": "site.extend",
  "POST /systems/{id}/corrections": "site.correct",
  "GET /projects/{id}/comparison": "compare.pilots",
  "GET /projects/{id}/survey/responses/{siteId}": "survey.read",
  "PUT /projects/{id}/survey/responses/{siteId}": "survey.answer",
  "GET /projects/{id}/risks": "risk.read",
  "GET /documents": "document.read",
  "GET /documents/{id}": "document.read",
  "GET /documents/{id}/events": "document.read",
  "POST /documents/{id}/events": "document.act",
  "GET /pilots": "pilot.read",
  "GET /pilots/{id}": "pilot.read",
  "POST /pilots/{id}/events": "pilot.act",
  "GET /pilots/{id}/progress-reports": "progress.read",
  "POST /pilots/{id}/progress-reports": "progress.write",
  "POST /evidence": "evidence.write",
  "GET /evidence/{id}": "evidence.read",
  "GET /specifications": "published.read",
  "GET /specifications/{number}": "published.read",
  "GET /specifications/{number}/clauses/{clause}/provenance": "published.read",
  "GET /audit": "audit.read",
} as const satisfies Record<string, Permission>;

type PageAccess = typeof pageAccess;
export type PagePath = keyof PageAccess;
export type ApiOperation = keyof typeof apiAccess;
type Acts<At extends PagePath> = PageAccess[At] extends { readonly acts: infer A } ? A : never;

/** Pages and files that ask for a permission, and those that do not. */
export type GuardedPath = {
  [At in PagePath]: PageAccess[At] extends { readonly get: Permission } ? At : never;
}[PagePath];
export type OpenPath = { [At in PagePath]: PageAccess[At] extends { readonly get: "anybody" } ? At : never }[PagePath];
/** Intents of a page that ask for a permission, and those that do not. */
export type GuardedIntent<At extends PagePath> = {
  [I in keyof Acts<At>]: Acts<At>[I] extends Permission ? I : never;
}[keyof Acts<At>] &
  string;
export type OpenIntentName<At extends PagePath> = {
  [I in keyof Acts<At>]: Acts<At>[I] extends "anybody" | "signedIn" ? I : never;
}[keyof Acts<At>] &
  string;

/** The rules with one type: what a page does not have is absent. */
export const accessByPath: Readonly<Record<PagePath, Access>> = pageAccess;
export const permissionOfIntent = <At extends PagePath>(at: At, intent: GuardedIntent<At>): Permission =>
  accessByPath[at].acts?.[intent] as Permission;
export const permissionOfPage = (at: GuardedPath): Permission => pageAccess[at].get;

/** Whether a page would let a role in: for links that lead nowhere otherwise. */
export function opens(role: MemberRole, at: PagePath): boolean {
  const asked = accessByPath[at].get;
  return asked === "anybody" || asked === "signedIn" || (asked !== undefined && may(role, asked));
}
