import type { DocumentKind } from "#db/vocabulary.ts";
import type { DocumentKindOf } from "./kind.ts";

/*
 * The kinds, handed in from above: each is declared in the room of its feature, and the engine knows no feature
 * (`app/declarations.server.ts` lists all six).
 */

export type Kinds = Readonly<Record<DocumentKind, DocumentKindOf<unknown>>>;

let known: Kinds | null = null;

/** Called once, where the program begins. */
export function declareKinds(kinds: Kinds): void {
  known = kinds;
}

/** @throws Error where the program began without `app/declarations.server.ts`. */
export function allKinds(): Kinds {
  if (!known)
    throw new Error(
      "no kinds of documents were declared: call declareAll (app/declarations.server.ts) where the program begins",
    );
  return known;
}
/** The declaration of a kind. @throws Error as allKinds */
export const kindOf = (kind: DocumentKind): DocumentKindOf<unknown> => allKinds()[kind];
/** A stored content in today's form. */
export function readContent(kind: DocumentKindOf<unknown>, stored: unknown): unknown {
  return kind.read ? kind.read(stored) : stored;
}
