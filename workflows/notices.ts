import type { MachineId } from "./registry.ts";

/*
 * Who is told of which event. Every event of every machine stands here, with nothing where nobody is told; a test holds the list to
 * the machines.
 */

/**
 * Whom a notice goes to: the people of the thing's site; those who write it; those who may judge it in the state it came
 * to; the sector's office; everybody of the sector; the national office; the offices of all sectors.
 */
export type Audience = "site" | "authors" | "reviewers" | "office" | "sector" | "national" | "sectors";
/** What a notice of an event says has happened, in its reader's eyes. */
type TellingKind =
  | "survey_opened"
  | "handed_in"
  | "returned"
  | "approved"
  | "selected"
  | "rejected"
  | "stopped"
  | "resumed"
  | "ended"
  | "moved"
  | "consultation"
  | "published";
export interface Telling {
  kind: TellingKind;
  to: readonly Audience[];
}
const tell = (kind: TellingKind, ...to: Audience[]): Telling => ({ kind, to });

export const tellings: Readonly<Record<MachineId, Readonly<Record<string, Telling | null>>>> = {
  project: {
    OPEN_SURVEY: tell("survey_opened", "sector"),
    REOPEN_SURVEY: tell("survey_opened", "sector"),
    START_BATCH: tell("moved", "sector", "national"),
    SKIP_BATCH_ONE: tell("moved", "sector", "national"),
    SKIP_BATCH_TWO: tell("moved", "sector"),
    START_REVIEW: tell("moved", "office"),
    REOPEN_BATCH: tell("moved", "office"),
    CLOSE_BATCH: tell("moved", "office", "national"),
    FINISH_LEARNING: tell("moved", "office"),
    SUSPEND: tell("stopped", "sector"),
    RESUME: tell("resumed", "sector"),
    TERMINATE: tell("ended", "sector"),
    // Of these nobody is told: their doer knows, or the document that goes with them tells.
    START_CLOSING: null,
    CLOSE_SURVEY: null,
    SUBMIT_RISK_REPORT: null,
    RETURN_RISK_REPORT: null,
    APPROVE_RISK_REPORT: null,
    SUBMIT_PLAN: null,
    RETURN_PLAN: null,
    APPROVE_PLAN_SECTOR: null,
    RETURN_PLAN_NATIONAL: null,
    APPROVE_PLAN: null,
    SUBMIT_SPECIFICATION_DRAFT: null,
    RETURN_SPECIFICATION: null,
    APPROVE_SPECIFICATION_SECTOR: null,
    RETURN_SPECIFICATION_NATIONAL: null,
    ACCEPT_SPECIFICATION: null,
  },
  pilot: {
    START_SCREENING: tell("moved", "site"),
    RETURN_NOMINATION: tell("returned", "site"),
    PASS_SCREENING: tell("moved", "site", "office"),
    FINISH_SCORING: tell("moved", "site"),
    SELECT: tell("selected", "site"),
    REJECT: tell("rejected", "site"),
    COMPLETE_DESIGN: tell("handed_in", "office"),
    RETURN_DESIGN: tell("returned", "site"),
    APPROVE_DESIGN: tell("approved", "site"),
    REQUEST_ACCEPTANCE: tell("handed_in", "office"),
    FAIL_ACCEPTANCE: tell("returned", "site"),
    PASS_ACCEPTANCE: tell("approved", "site"),
    MIDTERM_CHECK: tell("moved", "site"),
    START_SUMMARY: tell("handed_in", "office"),
    RETURN_SUMMARY: tell("returned", "site"),
    ACCEPT: tell("approved", "site"),
    SUSPEND: tell("stopped", "site", "office"),
    RESUME: tell("resumed", "site", "office"),
    FAIL: tell("ended", "site", "office"),
    WITHDRAW: tell("ended", "site", "office"),
    // Of these nobody is told: their doer knows, or the document that goes with them tells.
    RETURN_TO_SCORING: null,
    START_DESIGN: null,
    RECORD_PROGRESS: null,
  },
  document: {
    SUBMIT: tell("handed_in", "reviewers"),
    RESUBMIT: tell("handed_in", "reviewers"),
    RETURN: tell("returned", "authors"),
    ENDORSE: tell("handed_in", "reviewers"),
    APPROVE: tell("approved", "authors"),
    // Of these nobody is told: their doer knows, or the document that goes with them tells.
    WITHDRAW: null,
    START_REVIEW: null,
    NOTE_CHANGE: null,
    SUPERSEDE: null,
  },
  specification: {
    OPEN_CONSULTATION: tell("consultation", "sectors"),
    APPROVE: tell("approved", "national"),
    RETURN_TO_DRAFTING: tell("returned", "national"),
    PUBLISH: tell("published", "sectors"),
    WITHDRAW: tell("ended", "sectors"),
    // Of these nobody is told: their doer knows, or the document that goes with them tells.
    CLOSE_CONSULTATION: null,
    REOPEN_REVIEW: null,
    SUPERSEDE: null,
  },
};
