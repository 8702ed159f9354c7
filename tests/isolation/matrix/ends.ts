import type { MemberRole } from "#db/roles.ts";
import type { Acts, Forms, Writing } from "./forms.ts";

/*
 * How an act ends for whoever may do it, in this world: after the survey, with a plan sealed and batch one open, nobody's
 * session proved anew, and with the forms of `forms.ts`, of which many name what is nobody's or a version that is not.
 */

type Statuses = readonly number[];
export type End = Statuses | ((role: MemberRole | null) => Statuses);

/** Done; the page is shown again. */
const shown = [200] as const;
/** Done; somewhere else it goes on. */
const ledOn = [302] as const;
/** What the form names is nobody's. */
const notThere = [404] as const;
/** The object is in another state, or at another version. */
const otherwise = [409] as const;
/** A rule names what is missing or wrong. */
const lacking = [422] as const;
/** All roles comment from one address, of which ten comments in ten minutes are taken. */
const commented = [200, 429] as const;
/** Two roles bring the same revision: whoever is first has it. */
const first = [200, 409] as const;

/** Whoever must have a second factor cannot put the last one away. */
const withFactor: ReadonlySet<MemberRole | null> = new Set([
  "site_lead",
  "regulator_lead",
  "national_director",
  "operator",
] as const);
const unlessHeld: End = (role) => (withFactor.has(role) ? lacking : shown);

export const ends: { readonly [At in keyof Forms]: Readonly<Record<Acts<At>, End>> } = {
  "/": { createTenant: shown },
  "/projects": { createProject: otherwise },
  "/projects/:projectId": { act: otherwise, correct: otherwise },
  "/projects/:projectId/sites": { registerSite: ledOn, registerSystem: ledOn },
  "/projects/:projectId/survey": { invite: first, act: otherwise, remind: [200, 409] },
  "/sites/:siteId": { correctSite: otherwise, correctSystem: otherwise, extend: [302, 409] },
  "/projects/:projectId/survey/:documentId": {
    cell: otherwise,
    changeAsset: otherwise,
    addAsset: otherwise,
    removeAsset: otherwise,
    act: otherwise,
  },
  "/projects/:projectId/survey/:documentId/cells": { cells: otherwise },
  "/projects/:projectId/risk-report": {
    add: lacking,
    update: notThere,
    owner: notThere,
    dismiss: notThere,
    confirm: notThere,
    chapter: lacking,
    build: shown,
    method: otherwise,
    texts: first,
    act: otherwise,
  },
  "/projects/:projectId/pilot-plan": {
    done: notThere,
    updateLine: notThere,
    updateMeasure: notThere,
    addMeasure: notThere,
    deleteMeasure: notThere,
    deleteLine: notThere,
    deleteIndicator: notThere,
    share: otherwise,
    nominate: otherwise,
    text: lacking,
    withdraw: otherwise,
    addLine: ledOn,
    addIndicator: ledOn,
    act: otherwise,
    updateIndicator: ledOn,
  },
  "/projects/:projectId/batches/:batchNo": {
    seat: lacking,
    inviteExpert: shown,
    release: notThere,
    anonymous: shown,
    declare: notThere,
    lesson: otherwise,
    correctLesson: otherwise,
    decide: otherwise,
    silence: otherwise,
    nominate: shown,
    startReview: otherwise,
    takeOver: shown,
    saveReview: notThere,
    reviewAct: notThere,
    act: otherwise,
  },
  "/projects/:projectId/specification": {
    act: otherwise,
    propose: first,
    saveClause: [302, 409],
    removeClause: [404, 409],
  },
  "/pilots": { declare: notThere },
  "/pilots/:pilotId": {
    startReport: otherwise,
    saveReport: notThere,
    measure: notThere,
    reportAct: notThere,
    act: otherwise,
    recuse: otherwise,
    reconcile: otherwise,
    nomination: shown,
    score: otherwise,
    object: otherwise,
    settle: notThere,
    grant: shown,
    revoke: notThere,
    verify: shown,
  },
  "/audit/isolation": { check: ledOn },
  "/notices": { read: notThere, readAll: shown },
  "/settings/calendar": { make: shown, end: shown },
  "/settings/notices": { choose: shown, usual: shown },
  "/break-glass": { consent: notThere, end: notThere, refuse: notThere, ask: lacking },
  "/evidence": { add: otherwise, remove: notThere },
  "/national": {
    passLessons: shown,
    noLessons: first,
    planBatch: otherwise,
    createProgramme: ledOn,
    batchStatus: otherwise,
    createSpecification: ledOn,
    quota: shown,
    // Changed by nobody: the form says another number than the one that holds.
    threshold: otherwise,
    extendBatch: otherwise,
    consultationDays: first,
  },
  "/national/specifications/:specificationId": {
    addClause: ledOn,
    saveClause: notThere,
    removeEvidence: notThere,
    moveClause: notThere,
    removeClause: notThere,
    frontMatter: first,
    import: notThere,
    newEdition: otherwise,
    publish: otherwise,
    proposeConsultation: shown,
    openConsultation: otherwise,
    settle: notThere,
    act: otherwise,
  },
  "/action-plan": { record: first, accept: first, refuse: first },
  "/settings/webhooks": {
    sendTest: notThere,
    pauseEndpoint: notThere,
    createEndpoint: shown,
    rotateSecret: notThere,
    resumeEndpoint: notThere,
    sendAgain: notThere,
    removeEndpoint: notThere,
  },
  "/settings/security": {
    endSession: notThere,
    beginTotp: ledOn,
    addPasskey: lacking,
    endOthers: ledOn,
    password: lacking,
    removeTotp: unlessHeld,
    confirmTotp: lacking,
    removePasskey: unlessHeld,
    newCodes: shown,
  },
  "/settings/outbox": { sendAgain: notThere },
  "/settings/members": {
    revokeInvitation: notThere,
    endMembership: notThere,
    invite: (role) => (role === "operator" ? lacking : shown),
    switchAccount: notThere,
    clearFactors: notThere,
  },
  "/settings/:section?": { rename: shown, createToken: shown, revokeToken: notThere },
  "/specifications/:number": { post: commented },
  "/login": { passkey: lacking, signIn: lacking },
  "/login/second": {
    code: lacking,
    passkey: lacking,
    confirmTotp: lacking,
    addPasskey: lacking,
    newCodes: lacking,
    finish: lacking,
    cancel: ledOn,
  },
  "/passkey.json": {
    signIn: lacking,
    second: lacking,
    register: (role) => (role === null ? [401] : lacking),
    prove: lacking,
  },
  "/reset": { ask: shown, set: lacking },
  "/unsubscribe": { stop: ledOn },
  "/invitation": { accept: lacking },
  "/step-up": { passkey: lacking, code: lacking, password: lacking },
  "/logout": { post: ledOn },
  "/switch": { membership: notThere },
};

export const apiEnds: Readonly<Record<Writing, Statuses>> = {
  "POST /projects/{id}/events": otherwise,
  "POST /projects/{id}/corrections": otherwise,
  "POST /sites/{id}/corrections": otherwise,
  "POST /sites/{id}/extensions": otherwise,
  "POST /systems/{id}/corrections": otherwise,
  "PUT /projects/{id}/survey/responses/{siteId}": otherwise,
  "POST /documents/{id}/events": otherwise,
  "POST /pilots/{id}/events": otherwise,
  "POST /pilots/{id}/progress-reports": otherwise,
  // What is sealed takes no more files.
  "POST /evidence": otherwise,
};
