/** What a client saw on its way through the product. */
export interface Walked {
  role: string;
  documents: number;
  /** Status of a list and of a document that were asked for again with their ETags. */
  unchanged: number[];
  /** Codes of the reasons listed beside a disabled event, and those it was refused for. */
  refused: { status: number; listed: string[]; given: string[] };
  /** A stale version: its status, and the state that the answer names. */
  stale: { status: number; state: string | undefined; since: string[] };
  /**
   * An event that was listed as enabled: from where it was said to lead to where it led; the repeat under its key likewise.
   * Null where none was enabled that fixes nothing for good.
   */
  sent: { told: string | null; state: string; again: string } | null;
}
