import type { FactShape } from "../types.ts";

/** What the guards of a national specification are told. */
export type SpecificationFacts = {
  clauseCount: number;
  /** Clauses without exactly one discipline of verb: 应/宜/可/能, shall/should/may/can (GB/T 1.1). */
  clausesWithoutVerb: number;
  /** Clauses that neither name evidence nor say that they have none. */
  clausesWithoutEvidence: number;
  /** Required elements of a document (GB/T 1.1) that it lacks, and clauses that hang on no chapter. */
  structureGaps: number;
  /** Length of the consultation as set, in days. */
  consultationDays: number;
  /** Days from today to its first day; below 0 when it would have begun before. Since version 2. */
  consultationStartsIn: number;
  /** Fewest days that the programme gives those who comment. Since version 2. */
  consultationMinDays: number;
  /** Days that it still runs; 0 or less when it is over. */
  consultationDaysLeft: number;
  /** Comments without a settlement and its reason. */
  unsettledComments: number;
  /** SHA-256 of the canonical JSON of the content as it is now, 64 lower-case hexadecimal digits. */
  contentHash: string;
  /** Number under which it is published, empty while none is assigned. */
  number: string;
  /** Edition about to be published, from 1. */
  edition: number;
  /** A later edition is published. */
  successorPublished: boolean;
};

/** The kind of each fact, checked when an event arrives. */
export const specificationFactShape = {
  clauseCount: "number",
  clausesWithoutVerb: "number",
  clausesWithoutEvidence: "number",
  structureGaps: "number",
  consultationDays: "number",
  consultationStartsIn: "number",
  consultationMinDays: "number",
  consultationDaysLeft: "number",
  unsettledComments: "number",
  contentHash: "text",
  number: "text",
  edition: "number",
  successorPublished: "boolean",
} as const satisfies FactShape<SpecificationFacts>;

export type SpecificationInput = {
  /** ISO instant at which drafting began. */
  at: string;
};

export type SpecificationContext = {
  /** When each state was last entered: state → ISO instant. */
  enteredAt: Record<string, string>;
  consultations: number;
  /** Why it last went back to drafting or to review. */
  returnReason: string | null;
  approvedHash: string | null;
  /** What was published and under which name; kept when it is superseded or withdrawn. */
  published: { number: string; edition: number; hash: string; at: string } | null;
  withdrawReason: string | null;
};
