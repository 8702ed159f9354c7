import { may, type Permission } from "#app/features/identity/permissions.ts";
import type { MemberRole } from "#db/roles.ts";
import { findLink, linksOf } from "./html.ts";
import { oneOfEach, type Person, signIn } from "./person.ts";

const id = "[0-9a-f]{8}-[0-9a-f-]{27}";
/** Ids that the demonstration of this run has, found as people find them: by links. */
export interface Places {
  /** The project of TEN, in batch one. */
  project: string;
  /** A project of another sector. */
  foreignProject: string;
  specification: string | null;
  /** The oldest in the public list: published, whatever else is out for comments. */
  number: string | null;
}

let found: Promise<Places> | undefined;
export const places = (): Promise<Places> => (found ??= findPlaces());

async function projectOf(name: string): Promise<string> {
  const person = await signIn(name);
  const link = findLink((await person.get("/")).text, new RegExp(`^/projects/${id}$`));
  if (!link) throw new Error(`${name} sees no link to a project`);
  return link.slice("/projects/".length);
}

async function findPlaces(): Promise<Places> {
  const editor = await signIn("editor");
  const [project, foreignProject, national, list] = await Promise.all([projectOf("ten.lead"), projectOf("psf.lead"), editor.get("/national"), editor.get("/specifications")]);
  const specification = findLink(national.text, new RegExp(`^/national/specifications/${id}`))?.split("/")[3]?.split("?")[0] ?? null;
  return { project, foreignProject, specification, number: linksOf(list.text).findLast((link) => /^\/specifications\/[^/.]+$/.test(link))?.split("/")[2] ?? null };
}

export interface PageOf {
  /** As in app/routes.ts. */
  route: string;
  /** Null: anybody. */
  can: Permission | null;
  /** Looks the same for everybody who may see it: one look is enough. */
  alike?: boolean;
  /** Long, so that looking takes seconds: the first role that may see it and the one that may do most are enough. */
  long?: boolean;
  /** The address for this person; null when the demonstration holds none for him. */
  at(p: Places, person: Person): Promise<string | null> | string | null;
}

const inProject = (rest: string) => (p: Places) => `/projects/${p.project}${rest}`;
/** The first link on another page. */
const linkOn =
  (page: (p: Places) => string, pattern: string, tail = "") =>
  async (p: Places, person: Person): Promise<string | null> => {
    const link = linksOf((await person.get(page(p))).text).find((one) => new RegExp(`^${pattern}$`).test(one.split("?")[0] ?? ""));
    return link ? `${link.split("?")[0] ?? ""}${tail}` : null;
  };
const fixed = (path: string) => () => path;

let check: Promise<unknown> | undefined;
/** The page with a finding on it: whoever may runs a check first, once a run. */
async function checked(_p: Places, person: Person): Promise<string> {
  if (person.name === oneOfEach.auditor) await (check ??= person.post("/audit/isolation", { intent: "check" }));
  return "/audit/isolation";
}

/** Every page of CONTRACT.md and app/routes.ts that is looked at, not downloaded. */
export const pages: readonly PageOf[] = [
  { route: "/", can: "home.read", at: fixed("/") },
  { route: "/projects", alike: true, can: "project.read", at: fixed("/projects") },
  { route: "/projects/:projectId", can: "project.read", at: inProject("") },
  { route: "/projects/:projectId/sites", can: "site.write", at: inProject("/sites") },
  { route: "/projects/:projectId/survey", can: "survey.read", at: inProject("/survey") },
  { route: "/projects/:projectId/survey/:documentId", long: true, can: "survey.read", at: linkOn(inProject("/survey"), `/projects/${id}/survey/${id}`) },
  { route: "/projects/:projectId/survey/:documentId?tab=assets", can: "survey.read", at: linkOn(inProject("/survey"), `/projects/${id}/survey/${id}`, "?tab=assets") },
  { route: "/projects/:projectId/survey/:documentId?tab=history", can: "survey.read", at: linkOn(inProject("/survey"), `/projects/${id}/survey/${id}`, "?tab=history") },
  { route: "/projects/:projectId/risk-report", long: true, can: "risk.page", at: inProject("/risk-report") },
  { route: "/projects/:projectId/risk-report?view=report", long: true, can: "risk.page", at: inProject("/risk-report?view=report") },
  { route: "/projects/:projectId/pilot-plan", long: true, can: "plan.read", at: inProject("/pilot-plan") },
  { route: "/projects/:projectId/batches/1", can: "batch.read", at: inProject("/batches/1") },
  { route: "/projects/:projectId/batches/2", can: "batch.read", at: inProject("/batches/2") },
  { route: "/projects/:projectId/specification", can: "specification.read", at: inProject("/specification") },
  { route: "/pilots", can: "pilot.read", at: fixed("/pilots") },
  { route: "/pilots?view=board", can: "pilot.read", at: fixed("/pilots?view=board") },
  { route: "/pilots/:pilotId", long: true, can: "pilot.read", at: linkOn(fixed("/pilots"), `/pilots/${id}`) },
  { route: "/compare", can: "compare.read", at: fixed("/compare") },
  { route: "/tasks", can: "tasks.read", at: fixed("/tasks") },
  { route: "/search", alike: true, can: "search.read", at: fixed("/search?q=%E7%B3%BB%E7%BB%9F") },
  { route: "/national", can: "national.read", at: fixed("/national") },
  ...["text", "import", "comments", "coverage", "front", "changes"].map((view) => ({
    route: `/national/specifications/:specificationId?view=${view}`,
    can: "national.read" as const,
    alike: true,
    at: (p: Places) => (p.specification ? `/national/specifications/${p.specification}?view=${view}` : null),
  })),
  { route: "/action-plan", alike: true, can: "actionPlan.read", at: fixed("/action-plan") },
  { route: "/audit", can: "audit.read", at: fixed("/audit") },
  { route: "/audit/isolation", can: "isolation.check", at: checked },
  ...["profile", "security", "tokens", "members", "webhooks"].map((section) => ({ route: `/settings/${section}`, can: "settings.own" as const, alike: section !== "members" && section !== "webhooks", at: fixed(`/settings/${section}`) })),
  { route: "/break-glass/:accessId?", can: "glass.see", at: fixed("/break-glass") },
  { route: "/settings/outbox", can: "tenants.write", at: fixed("/settings/outbox") },
  { route: "/settings/security?enrol=totp", can: "settings.own", alike: true, at: fixed("/settings/security?enrol=totp") },
];

/** Pages that need no sign-in. */
export const publicPages: readonly PageOf[] = [
  { route: "/login", can: null, at: fixed("/login?next=%2Fpilots") },
  { route: "/reset", can: null, at: fixed("/reset") },
  { route: "/reset?token", can: null, at: fixed(`/reset?token=${"0".repeat(40)}`) },
  { route: "/invitation", can: null, at: fixed("/invitation?token=x") },
  { route: "/specifications", can: null, at: fixed("/specifications") },
  { route: "/specifications/:number", can: null, at: (p) => (p.number ? `/specifications/${p.number}` : null) },
  { route: "/verify", can: null, at: fixed("/verify") },
  { route: "/verify/:sha256", can: null, at: fixed(`/verify/${"0".repeat(64)}`) },
  { route: "/nowhere", can: null, at: fixed("/nowhere") },
];

export const roles = Object.keys(oneOfEach) as MemberRole[];
export const rolesOf = (page: PageOf): MemberRole[] => roles.filter((role) => page.can === null || may(role, page.can));

/** Whether a page is looked at as this role; every role reads every page as the server sends it. */
export const looksAs = (page: PageOf, role: MemberRole): boolean => {
  const [first] = rolesOf(page);
  return role === first || !(page.alike || (page.long && role !== "regulator_lead"));
};
