import type { Locale } from "#app/i18n/locale.ts";
import type { IconName } from "../icon.tsx";

/** Name of the cookie that keeps a choice: over TLS one that browsers bind to this host. */
export const appearanceCookie = (name: "theme" | "density", secure: boolean): string =>
  secure ? `__Host-anshi-${name}` : `anshi_${name}`;

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];
export const densities = ["compact", "comfortable"] as const;
export type Density = (typeof densities)[number];

export interface Appearance {
  locale: Locale;
  theme: Theme;
  density: Density;
}

/** A place in the rail. Words come ready in the reader's language. */
export interface Place {
  key: string;
  to: string;
  label: string;
  icon: IconName;
  /** How many things wait for me there; 0 shows nothing. */
  count?: number | undefined;
  /** Current only on this very address, not below it: for «/». */
  exact?: boolean | undefined;
}

/** One membership as a person knows it: whose data, and as what. */
export interface MembershipItem {
  id: string;
  /** Sector, institution or office: «智慧城市». */
  tenant: string;
  /** «监管负责人». */
  role: string;
  /** «第三人民医院», for people of a site. */
  site?: string | null | undefined;
}

export interface ShellData {
  person: { name: string; email: string };
  membership: MembershipItem;
  /** All of the person's, the present one among them. */
  memberships: readonly MembershipItem[];
  /** At most seven. */
  places: readonly Place[];
  counts: { tasks: number; notices: number };
  /** Told on every page: the demonstration's clock. */
  banner?: string | null | undefined;
  /** Operators whom the tenant's lead has let in, while they may read: told to each of its members on every page. */
  visits: readonly { id: string; text: string; mayEnd: boolean }[];
}

export type ShellProps = ShellData & Appearance;

/** The answer to what was just done, carried over a redirect. */
export interface FlashMessage {
  tone: "info" | "done" | "due" | "late" | "returned";
  text: string;
  /** A way back or onward: «撤销». */
  link?: { to: string; label: string } | undefined;
}

/** What the root loader hands to every page. */
export interface RootData extends Appearance {
  /** null when nobody is signed in: pages then stand in the public frame or alone. */
  shell: ShellData | null;
  flash: FlashMessage | null;
  requestId: string;
  /** Drawn anew with each page: what forms are told apart by when one comes twice. */
  formKey: string;
}

/**
 * `export const handle = { frame: "public" } satisfies RouteHandle` in a route:
 * `app` (default) stands in the shell; `public` in the public frame, without script; `bare` alone, with script and a `<main>`
 * of its own; so does `app` while nobody is signed in.
 * `script: true` gives a public page its scripts all the same.
 */
export interface RouteHandle {
  frame?: "app" | "public" | "bare";
  script?: boolean;
}
