import type { Locale } from "#app/i18n/locale.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import type { projects } from "#db/schema/index.ts";
import type { DocumentKind } from "#db/vocabulary.ts";
import type { ProjectFacts } from "#workflows/index.ts";
import type { ContentShape } from "./difference.rules.ts";
import type { OwnWords } from "./difference.server.ts";
import type { Completeness, DocumentRow, SubmissionRow } from "./document.server.ts";

/*
 * What one kind of document is, said once: how its content is made, what is sealed beside it, what keeps it from going up,
 * what an approval of it answers for, and what its events entail. The engine moves all kinds by these alone, whoever sends
 * the event.
 */

/** What a content is derived for: a document, or one that nobody has begun yet. */
export type Subject = Pick<DocumentRow, "id" | "tenantId" | "projectId" | "siteId" | "systemId" | "pilotId" | "period">;

/** A content as it would be sealed now. */
export interface Sealable<Content> {
  content: Content;
  /** What lists, comparisons and gates need of it without opening it. */
  summary: object;
  /** What keeps it from going up, in the reader's language. */
  completeness(locale: Locale): Completeness;
}

/** A part that a reviewer may send back with a reason. */
export interface Part {
  part: string;
  label: string;
}

/** What has just happened to a document. */
export interface Moved<Content> {
  /** As it stands after the event. */
  document: DocumentRow;
  /** The one that the event was about. */
  submission: SubmissionRow;
  content: Content;
  locale: Locale;
}
/** What an event entails, by the event; one handed in again has gone through SUBMIT. */
interface Entailed<Content> {
  SUBMIT?(tx: Tx, actor: Actor, moved: Moved<Content>): Promise<void>;
  WITHDRAW?(tx: Tx, actor: Actor, moved: Moved<Content>): Promise<void>;
  RETURN?(tx: Tx, actor: Actor, moved: Moved<Content>): Promise<void>;
  APPROVE?(tx: Tx, actor: Actor, moved: Moved<Content>): Promise<void>;
}

/** How a document of a project, of which there is one, is begun. */
interface Beginning {
  title: string;
  /** `YYYY-MM-DD`. */
  dueOn: string | null;
}

/** What a document takes over from the register of systems. */
export interface RegisteredSystem {
  name: string;
  grade: number;
  description: string;
  devices: number;
}

export interface DocumentKindOf<Content> {
  readonly kind: DocumentKind;
  /** Whose text it is; these alone can derive what would be sealed now. */
  readonly author: "site" | "sector";
  /** The content as it would be sealed now, from the draft and the rows that belong to it. For its authors. */
  now(tx: Tx, actor: Actor, document: Subject): Promise<Sealable<Content>>;
  /** A content as it was stored once, in today's form; of a kind whose form has grown since. */
  read?(stored: unknown): Content;
  /**
   * A sealed content with what the register says of its system today; of a kind that takes these over. Whoever corrects the register
   * cannot make the content anew, for its draft is its author's.
   */
  registered?(content: Content, system: RegisteredSystem): Content;
  /** What of a content its approval answers for. */
  shape(content: Content): ContentShape;
  /** Words for codes in a difference of two contents. */
  words?(after: Content, before: Content | null): OwnWords;
  /** What of a sealed content can be returned with a reason of its own; `*` stands for the whole. */
  parts(content: Content, locale: Locale): Part[];
  /** For a kind of which a project has one. */
  begin?(project: typeof projects.$inferSelect): Beginning;
  /** What the gate of the phase asks, from a summary as it is stored; nothing where it does not hold what its kind must hold. */
  gate?(summary: unknown): Partial<ProjectFacts>;
  /** Its approval by the sector hands a copy to the national office. */
  readonly handedOnWhenApproved?: true;
  /** Goes out as a PDF: what its fonts lack is told before it is sealed. */
  readonly printed?: true;
  /** Kinds whose change or approval may leave the approval of this one behind. */
  readonly restsOn?: readonly DocumentKind[];
  readonly after?: Entailed<Content>;
}
