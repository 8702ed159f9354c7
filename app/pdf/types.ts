/**
 * Data of the printed documents. All text of the domain arrives in the language of the document; labels come
 * from the messages of this folder. Dates are ISO 8601 days (`2026-11-22`), money is 万元 as a number.
 */
export type PdfLocale = "zh-CN" | "en";
export type PdfKind = "riskReport" | "pilotPlan" | "specification" | "certificate";

/** Levels of likelihood, loss and risk: 1 很低 … 5 很高. */
export type Level = 1 | 2 | 3 | 4 | 5;
export type Dimension = "supervision" | "identity" | "network" | "privacy";
export type LifecycleStage = "design" | "acceptance" | "operation";

export interface PdfSeal {
  /** SHA-256 of the sealed content, 64 hexadecimal digits; absent in a draft. */
  readonly sha256?: string;
  /** Where a reader checks it, e.g. `https://…/verify/<sha256>`. */
  readonly verifyUrl?: string;
}

/** Facts that every document carries. `createdAt` (ISO date-time) is the file's creation date: equal data, equal bytes. */
export interface PdfHead {
  readonly title: string;
  readonly sector: string;
  readonly project: string;
  readonly number: string;
  readonly date: string;
  readonly body: string;
  readonly createdAt: string;
  readonly seal: PdfSeal;
}

/** A table given as data: column heads with shares of the width, cells as text. */
export interface PdfTable {
  readonly caption: string;
  readonly columns: readonly {
    readonly head: string;
    readonly share: number;
    readonly align?: "left" | "center" | "right";
  }[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

export interface PdfSection {
  readonly no: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly tables?: readonly PdfTable[];
}

export type ReportChapterKey =
  | "project"
  | "activity"
  | "object"
  | "assets"
  | "threats"
  | "vulnerabilities"
  | "analysis"
  | "evaluation"
  | "remediation";

/** Text of one chapter of the report; generated tables and figures are added after its sections. */
export interface ReportChapter {
  readonly key: ReportChapterKey;
  readonly sections: readonly PdfSection[];
}

export interface AssetRow {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly owner: string;
  readonly confidentiality: Level;
  readonly integrity: Level;
  readonly availability: Level;
  readonly value: Level;
}

export interface ThreatRow {
  readonly code: string;
  readonly name: string;
  readonly source: string;
  readonly description: string;
  readonly frequency: Level;
}

export interface VulnerabilityRow {
  readonly code: string;
  readonly name: string;
  readonly asset: string;
  readonly description: string;
  readonly severity: Level;
}

export interface RiskRow {
  readonly code: string;
  readonly asset: string;
  readonly threat: string;
  readonly vulnerability: string;
  readonly assetValue: Level;
  readonly threatFrequency: Level;
  readonly severity: Level;
  readonly likelihood: Level;
  readonly loss: Level;
  /** Value of the method (matrix 1…25). */
  readonly score: number;
  readonly level: Level;
  readonly owner: string;
}

export interface MeasureRow {
  readonly code: string;
  readonly name: string;
  readonly kind: "management" | "technical";
  readonly risks: readonly string[];
  readonly owner: string;
  readonly due: string;
  readonly residual: Level;
}

export interface RiskReportData {
  readonly head: PdfHead;
  readonly chapters: readonly ReportChapter[];
  readonly assets: readonly AssetRow[];
  readonly threats: readonly ThreatRow[];
  readonly vulnerabilities: readonly VulnerabilityRow[];
  readonly risks: readonly RiskRow[];
  /** Level by loss (row) and likelihood (column), 1 to 5 each, of the matrix method: for cells that hold no risk. */
  readonly matrix: readonly (readonly Level[])[];
  readonly measures: readonly MeasureRow[];
  readonly approvals: readonly Approval[];
}

/** One line of approval; `name` and `date` stay open in a draft. */
export interface Approval {
  readonly role: string;
  readonly unit: string;
  readonly name?: string;
  readonly date?: string;
  readonly opinion?: string;
}

export interface PlanMeasure {
  readonly code: string;
  readonly name: string;
  readonly dimension: Dimension;
  readonly stage: LifecycleStage;
  readonly owner: string;
  readonly start: string;
  readonly end: string;
  /** 万元. */
  readonly budget: number;
}

export interface PlanRisk {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly measures: readonly PlanMeasure[];
}

export interface PlanIndicator {
  readonly name: string;
  readonly unit: string;
  readonly baseline: number;
  readonly target: number;
  readonly method: string;
}

export interface PlanSite {
  readonly name: string;
  readonly system: string;
  readonly grade: string;
  readonly batch: 1 | 2;
  readonly reason: string;
}

interface PlanBudgetLine {
  readonly item: string;
  /** 万元. */
  readonly total: number;
  readonly security: number;
}

export interface PlanTask {
  readonly name: string;
  readonly batch?: 1 | 2;
  readonly start: string;
  readonly end: string;
  readonly milestone?: boolean;
}

/** Keys of the plan's chapters in their order. */
export type PlanSectionKey =
  | "organisation"
  | "system"
  | "findings"
  | "goals"
  | "construction"
  | "mechanism"
  | "technology"
  | "schedule"
  | "budget"
  | "partners"
  | "results"
  | "risks"
  | "commitment";

export interface PilotPlanData {
  readonly head: PdfHead;
  /** Number of the risk report the plan rests on. */
  readonly reportNumber: string;
  readonly sections: readonly {
    readonly key: PlanSectionKey;
    readonly paragraphs: readonly string[];
    readonly items?: readonly string[];
    readonly tables?: readonly PdfTable[];
  }[];
  readonly goals: readonly string[];
  readonly risks: readonly PlanRisk[];
  readonly indicators: readonly PlanIndicator[];
  readonly sites: readonly PlanSite[];
  readonly tasks: readonly PlanTask[];
  readonly budget: readonly PlanBudgetLine[];
  /** Security share the sector asks for, 0…1, and the reason when it is not met. */
  readonly securityThreshold: number;
  readonly shortfallReason?: string;
  readonly approvals: readonly Approval[];
}

export interface ClauseTags {
  readonly dimensions: readonly string[];
  readonly objects: readonly string[];
  readonly lifecycle: readonly string[];
  readonly mechanisms: readonly string[];
}

/** A clause; `text` holds 应/宜/可/能 (shall/should/may/can) as decided, items are set as a) b) c). */
export interface Clause {
  readonly no: string;
  readonly title?: string;
  readonly text?: string;
  readonly items?: readonly string[];
  readonly note?: string;
  readonly tags?: ClauseTags;
  /** Numbers of the entries of the provenance annex, e.g. `["C.1"]`. */
  readonly provenance?: readonly string[];
  readonly clauses?: readonly Clause[];
}

export interface SpecificationAnnex {
  readonly letter: string;
  readonly title: string;
  readonly normative: boolean;
  readonly clauses: readonly Clause[];
  readonly tables?: readonly PdfTable[];
}

export interface ProvenanceRow {
  readonly no: string;
  readonly clause: string;
  readonly finding: string;
  readonly pilots: string;
  readonly batch: string;
  readonly effect: string;
  readonly strength: string;
  readonly dissent?: string;
}

export interface SpecificationData {
  readonly title: string;
  readonly englishTitle: string;
  /** e.g. `ICS 35.030`, `CCS L 80`. */
  readonly ics: string;
  readonly ccs: string;
  readonly level: string;
  readonly code: string;
  readonly number: string;
  readonly replaces?: string;
  readonly conformity?: string;
  readonly published: string;
  readonly effective: string;
  readonly issuer: string;
  readonly status: string;
  readonly createdAt: string;
  readonly seal: PdfSeal;
  readonly foreword: readonly string[];
  readonly introduction: readonly string[];
  readonly scope: readonly string[];
  readonly references: readonly string[];
  readonly terms: readonly {
    readonly no: string;
    readonly term: string;
    readonly english: string;
    readonly definition: string;
    readonly source?: string;
  }[];
  /** Chapters from 4 on. */
  readonly chapters: readonly { readonly no: string; readonly title: string; readonly clauses: readonly Clause[] }[];
  readonly annexes: readonly SpecificationAnnex[];
  /** Entries of the informative annex on pilot data; printed as that annex's table. */
  readonly provenance: { readonly letter: string; readonly title: string; readonly rows: readonly ProvenanceRow[] };
  readonly bibliography: readonly string[];
}

/** A part of a certificate: what it says, then a numbered list, facts and tables, whichever there are. */
export interface CertificatePart {
  readonly title: string;
  readonly paragraphs?: readonly string[];
  readonly facts?: readonly (readonly [label: string, value: string])[];
  readonly tables?: readonly PdfTable[];
  readonly items?: readonly string[];
}

/** A short paper that says what was found, when and by whom: no cover, no contents. All words are its author's. */
export interface CertificateData {
  /** Of the file, with its owner; `heading` stands on the paper, under `of`. */
  readonly title: string;
  readonly heading: string;
  readonly kind: string;
  /** Of whom. */
  readonly of: string;
  readonly number: string;
  readonly body: string;
  readonly subject: string;
  readonly createdAt: string;
  readonly seal: PdfSeal;
  /** The verdict in a word, then in a sentence. */
  readonly verdict: { readonly word: string; readonly text: string; readonly bad: boolean };
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly parts: readonly CertificatePart[];
  readonly approvals: readonly Approval[];
}

/** Data of each kind of document. */
export interface PdfData {
  readonly riskReport: RiskReportData;
  readonly pilotPlan: PilotPlanData;
  readonly specification: SpecificationData;
  readonly certificate: CertificateData;
}
