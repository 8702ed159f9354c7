import { type Day, dayAt } from "#app/platform/days.ts";
import type { Credentials } from "#db/client.server.ts";
import type { MemberRole, SignedInLevel } from "#db/roles.ts";

/**
 * What an API token may do of what its role may. `seal`, beside `write`: events that fix something for good; a token cannot
 * prove who sits there, so its owner proves who they are when they make it.
 */
export type Scope = "read" | "write" | "seal";

/** The membership in which a request acts, with the proof that the database asks for. Exactly one a request. */
export interface Actor extends Credentials {
  readonly level: SignedInLevel;
  readonly secret: string;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly membershipId: string;
  readonly role: MemberRole;
  readonly tenantId: string;
  readonly tenantKind: "sector" | "national" | "institution" | "platform";
  readonly tenantCode: string;
  readonly tenantName: { zh: string; en: string };
  readonly siteId: string | null;
  readonly siteName: string;
  /** The business clock: real time plus the programme's offset. Every rule that asks for "today" takes it from here. */
  readonly now: Date;
  /** Scopes of an API token; null for a person's session, which may do all its role may. */
  readonly scopes: readonly Scope[] | null;
}

/** Calendar day of the business clock in the programme's zone. */
export const today = (actor: Pick<Actor, "now">): Day => dayAt(actor.now);
