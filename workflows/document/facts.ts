import type { FactShape, PartReason } from "../types.ts";

export const documentKinds = [
  "surveyResponse",
  "riskReport",
  "pilotPlan",
  "progressReport",
  "batchReview",
  "specDraft",
] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** What the guards of a document are told about its present content. */
export type DocumentFacts = {
  /** Percent of the required content that is there, 0–100. */
  completeness: number;
  /** Codes of the required parts that are missing. */
  missingParts: string[];
  /** SHA-256 of the canonical JSON of the content as it is now, 64 lower-case hexadecimal digits. */
  contentHash: string;
};

/** The kind of each fact, checked when an event arrives. */
export const documentFactShape = {
  completeness: "number",
  missingParts: "texts",
  contentHash: "text",
} as const satisfies FactShape<DocumentFacts>;

export type DocumentInput = {
  /** ISO instant at which the draft was begun. */
  at: string;
  kind: DocumentKind;
};

type DocumentSeal = { hash: string; at: string; membershipId: string | null };

export type DocumentContext = {
  kind: DocumentKind;
  /** When each leaf was last entered: dotted path → ISO instant. */
  enteredAt: Record<string, string>;
  submissions: number;
  /** At which level it is being reviewed; null when it is with its author or approved. */
  level: "sector" | "national" | null;
  /** The content that went up; what is approved must be the same. */
  submittedHash: string | null;
  reviewStartedAt: string | null;
  endorsedAt: string | null;
  /** What came back, part by part; kept until it goes up again. */
  returnedParts: PartReason[];
  /** The content that was last approved. */
  sealedHash: string | null;
  /** Every approval, the oldest first. */
  seals: DocumentSeal[];
  /** The content differs from what was approved. */
  reapprovalNeeded: boolean;
};
