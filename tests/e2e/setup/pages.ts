import { opens, type PagePath } from "#app/request/access.rules.ts";
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
/** The next file looks anew: this one may have published or begun something. */
export const forgetPlaces = (): void => void (found = undefined);

async function projectOf(name: string): Promise<string> {
  const person = await signIn(name);
  const link = findLink((await person.get("/")).text, new RegExp(`^/projects/${id}$`));
  if (!link) throw new Error(`${name} sees no link to a project`);
  return link.slice("/projects/".length);
}

async function findPlaces(): Promise<Places> {
  const editor = await signIn("editor");
  const [project, foreignProject, national, list] = await Promise.all([
    projectOf("ten.lead"),
    projectOf("psf.lead"),
    editor.get("/national"),
    editor.get("/specifications"),
  ]);
  const specification =
    findLink(national.text, new RegExp(`^/national/specifications/${id}`))
      ?.split("/")[3]
      ?.split("?")[0] ?? null;
  return {
    project,
    foreignProject,
    specification,
    number:
      linksOf(list.text)
        .findLast((link) => /^\/specifications\/[^/.]+$/.test(link))
        ?.split("/")[2] ?? null,
  };
}

export interface PageOf {
  /** As in app/routes.ts, with what is looked at of it. */
  route: string;
  /** The page in the table of permissions, where it is not the route without its query. */
  way?: PagePath;
  /** The address for this person; null when the demonstration holds none for them. */
  at(p: Places, person: Person): Promise<string | null> | string | null;
}

const inProject = (rest: string) => (p: Places) => `/projects/${p.project}${rest}`;
/** The first link on another page. */
const linkOn =
  (page: (p: Places) => string, pattern: string, tail = "") =>
  async (p: Places, person: Person): Promise<string | null> => {
    const link = linksOf((await person.get(page(p))).text).find((one) =>
      new RegExp(`^${pattern}$`).test(one.split("?")[0] ?? ""),
    );
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
  { route: "/", at: fixed("/") },
  { route: "/projects", at: fixed("/projects") },
  { route: "/projects/:projectId", at: inProject("") },
  { route: "/projects/:projectId?correct=1", at: inProject("?correct=1") },
  { route: "/projects/:projectId/sites", at: inProject("/sites") },
  {
    route: "/sites/:siteId?correct=site",
    // A site's people come from their home page, the sector's from the list.
    at: async (p, person) =>
      (await linkOn(fixed("/"), `/sites/${id}`, "?correct=site")(p, person)) ??
      linkOn((at) => `/projects/${at.project}/sites`, `/sites/${id}`, "?correct=site")(p, person),
  },
  { route: "/projects/:projectId/survey", at: inProject("/survey") },
  {
    route: "/projects/:projectId/survey/:documentId",
    at: linkOn(inProject("/survey"), `/projects/${id}/survey/${id}`),
  },
  {
    route: "/projects/:projectId/survey/:documentId?tab=assets",
    at: linkOn(inProject("/survey"), `/projects/${id}/survey/${id}`, "?tab=assets"),
  },
  {
    route: "/projects/:projectId/survey/:documentId?tab=history",
    at: linkOn(inProject("/survey"), `/projects/${id}/survey/${id}`, "?tab=history"),
  },
  { route: "/projects/:projectId/risk-report", at: inProject("/risk-report") },
  { route: "/projects/:projectId/risk-report?view=report", at: inProject("/risk-report?view=report") },
  { route: "/projects/:projectId/pilot-plan", at: inProject("/pilot-plan") },
  {
    route: "/projects/:projectId/batches/1",
    way: "/projects/:projectId/batches/:batchNo",
    at: inProject("/batches/1"),
  },
  {
    route: "/projects/:projectId/batches/2",
    way: "/projects/:projectId/batches/:batchNo",
    at: inProject("/batches/2"),
  },
  { route: "/projects/:projectId/specification", at: inProject("/specification") },
  { route: "/pilots", at: fixed("/pilots") },
  { route: "/pilots?view=board", at: fixed("/pilots?view=board") },
  { route: "/pilots/:pilotId", at: linkOn(fixed("/pilots"), `/pilots/${id}`) },
  { route: "/compare", at: fixed("/compare") },
  { route: "/tasks", at: fixed("/tasks") },
  { route: "/notices", at: fixed("/notices") },
  { route: "/search", at: fixed("/search?q=%E7%B3%BB%E7%BB%9F") },
  { route: "/national", at: fixed("/national") },
  ...["text", "import", "comments", "coverage", "front", "changes"].map((view) => ({
    route: `/national/specifications/:specificationId?view=${view}`,
    at: (p: Places) => (p.specification ? `/national/specifications/${p.specification}?view=${view}` : null),
  })),
  { route: "/action-plan", at: fixed("/action-plan") },
  { route: "/audit", at: fixed("/audit") },
  { route: "/audit/isolation", at: checked },
  { route: "/break-glass", at: fixed("/break-glass") },
  { route: "/permissions", at: fixed("/permissions") },
  { route: "/permissions?of=pilot", at: fixed("/permissions?of=pilot&state=scoring&role=regulator_lead") },
  ...["profile", "tokens"].map((section) => ({
    route: `/settings/${section}`,
    way: "/settings/:section?" as const,
    at: fixed(`/settings/${section}`),
  })),
  { route: "/settings/notices", at: fixed("/settings/notices") },
  { route: "/settings/calendar", at: fixed("/settings/calendar") },
  { route: "/settings/security", at: fixed("/settings/security") },
  { route: "/settings/members", at: fixed("/settings/members") },
  { route: "/settings/webhooks", at: fixed("/settings/webhooks") },
  { route: "/settings/outbox", at: fixed("/settings/outbox") },
  { route: "/settings/security?enrol=totp", at: fixed("/settings/security?enrol=totp") },
];

/** Pages that need no sign-in. */
export const publicPages: readonly PageOf[] = [
  { route: "/login", at: fixed("/login?next=%2Fpilots") },
  { route: "/reset", at: fixed("/reset") },
  { route: "/reset?token", at: fixed(`/reset?token=${"0".repeat(40)}`) },
  { route: "/unsubscribe", at: fixed(`/unsubscribe?token=${"0".repeat(40)}`) },
  { route: "/invitation", at: fixed("/invitation?token=x") },
  { route: "/specifications", at: fixed("/specifications") },
  { route: "/specifications/:number", at: (p) => (p.number ? `/specifications/${p.number}` : null) },
  { route: "/verify", way: "/verify/:sha256?", at: fixed("/verify") },
  { route: "/verify/:sha256", way: "/verify/:sha256?", at: fixed(`/verify/${"0".repeat(64)}`) },
  { route: "/nowhere", way: "/*", at: fixed("/nowhere") },
];

export const roles = Object.keys(oneOfEach) as MemberRole[];
export const wayOf = (page: PageOf): PagePath => page.way ?? ((page.route.split("?")[0] ?? "") as PagePath);
export const rolesOf = (page: PageOf): MemberRole[] => roles.filter((role) => opens(role, wayOf(page)));
