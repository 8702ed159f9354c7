import { type ObjectKind, type Permission, may, reachOf } from "#app/request/permissions.ts";
import {
  type ApiOperation,
  apiAccess,
  type Asked,
  type PagePath,
  pageAccess,
  accessByPath,
} from "#app/request/access.rules.ts";
import type { MemberRole } from "#db/roles.ts";
import { authorities, maySend } from "#workflows/authority.ts";
import { apiEnds, type End, ends } from "./ends.ts";
import { bodies, type Form, forms, type Writing } from "./forms.ts";
import { control, type Ids, type Target, targets } from "./ground.ts";

/*
 * Every cell: way in × method or act × who asks × whose object, with the statuses that the table allows. Nothing here looks
 * at the product; what it expects is computed from `permissions.ts` and `access.rules.ts`.
 */

export interface Cell {
  /** `GET /pilots/:pilotId`, `POST /pilots/:pilotId score`, `PUT /api/v1/…`. */
  name: string;
  way: { page: PagePath; act: string | null } | { api: ApiOperation };
  role: MemberRole | null;
  target: Target;
  /** With a token that may only read. */
  readOnly?: true;
  /** Path with ids in it, below /api/v1 for endpoints. */
  path: string;
  form?: Form;
  /** Body of an endpoint, where it is not the one of `bodies`. */
  body?: unknown;
  expected: readonly number[];
  /** It is let through to what it asks for, and may move what others ask for. */
  acts?: boolean;
}

const isPermission = (asked: Asked): asked is Permission => asked !== "anybody" && asked !== "signedIn";

/** What the parameters of addresses name. */
const kinds: Readonly<Record<string, ObjectKind>> = {
  projectId: "project",
  documentId: "surveyResponse",
  siteId: "surveyResponse",
  systemId: "surveyResponse",
  pilotId: "pilot",
  evidenceId: "evidence",
  specificationId: "specification",
  number: "specification",
  accessId: "access",
  checkId: "audit",
  sha256: "seal",
};

/** Whether a role is let see an object: what `reach` says of it. */
function sees(role: MemberRole, kind: ObjectKind, target: Target): boolean {
  const reach = target === "unknown" ? null : reachOf(role, kind);
  if (reach === null) return false;
  // A panel sees what it is to score: nothing of this world is in scoring.
  if (reach === "panel") return false;
  if (reach === "tenant") return target !== "other";
  return reach === "own" || reach === "granted" ? target === "own" : true;
}

const parameters = (template: string): string[] => [...template.matchAll(/[:{](\w+)/g)].map((found) => found[1] ?? "");
const named = (template: string): ObjectKind[] => parameters(template).flatMap((name) => kinds[name] ?? []);
function fill(template: string, ids: Ids): string {
  return (
    template
      .replace("/*", "/nowhere")
      .replaceAll(/:(\w+)\??|\{(\w+)\}/g, (_, page: string | undefined, api: string | undefined) =>
        encodeURIComponent(ids[page ?? api ?? ""] ?? ""),
      )
      .replace(/\/$/, "") || "/"
  );
}

/** Pages whose object stands in the query. */
const queries: Partial<Record<PagePath, { search: string; kind: ObjectKind; param: string }>> = {
  "/evidence": { search: "document", kind: "surveyResponse", param: "documentId" },
};

const redirected = [302] as const;
/** What the open pages answer to whom: signed out, signed in. */
const open: Partial<Record<PagePath, readonly [number, number]>> = {
  "/login": [200, 302],
  "/login/second": [302, 302],
  "/login/oidc": [404, 404],
  "/logout": [302, 302],
  "/switch": [302, 302],
  "/step-up": [302, 200],
  "/*": [404, 404],
};
/** Somebody's only project stands in the place of a list of one. */
const leadsOn = (page: PagePath, role: MemberRole): boolean =>
  page === "/projects" && reachOf(role, "project") === "tenant";
/** Printed documents: the sector's as they stand, the national office's as they were handed on. In this world plans were. */
const printed: Partial<Record<PagePath, { handed: boolean; begun: boolean }>> = {
  "/projects/:projectId/risk-report.pdf": { handed: false, begun: true },
  "/projects/:projectId/pilot-plan.pdf": { handed: true, begun: true },
};

function expectedOfPage(page: PagePath, role: MemberRole | null, target: Target): readonly number[] {
  const asked = accessByPath[page].get;
  // A way in without a page: nothing is there to get, whoever asks.
  if (asked === undefined) return [400, 405];
  if (!isPermission(asked)) {
    const [out, signed] = open[page] ?? [200, 200];
    // A published file is printed when it is published; this world publishes nothing.
    if (page === "/specifications/:number.pdf" || (page === "/specifications/:number" && target === "unknown"))
      return [404];
    return [role === null ? out : signed];
  }
  if (role === null) return redirected;
  if (!may(role, asked)) return [403];
  const query = queries[page];
  if (![...named(page), ...(query ? [query.kind] : [])].every((kind) => sees(role, kind, target))) return [404];
  // What this world seals are responses, and those are handed on to nobody.
  if (page === "/verify/:sha256/content.json" && reachOf(role, "seal") === "handed") return [404];
  const print = printed[page];
  if (print && !(reachOf(role, "riskReport") === "handed" ? print.handed : print.begun)) return [404];
  return leadsOn(page, role) ? redirected : [200];
}

/** How an act ends for who may do it; whatever else comes back is wrong, done or refused. */
function endOf(page: PagePath, act: string, role: MemberRole | null): readonly number[] {
  const end = (ends as Readonly<Record<string, Readonly<Record<string, End>>>>)[page]?.[act];
  if (end === undefined) throw new Error(`nothing says how ${act} of ${page} ends`);
  return typeof end === "function" ? end(role) : end;
}

/** Why an act is not let through, as a status; null where it is. */
function refusalOfAct(page: PagePath, act: string, role: MemberRole | null, target: Target): readonly number[] | null {
  const asked = accessByPath[page].acts?.[act];
  if (asked === undefined) throw new Error(`${page} ${act} is not in the table`);
  if (asked === "anybody") return page === "/specifications/:number" && target === "unknown" ? [404] : null;
  if (asked === "signedIn") return role === null ? [401] : null;
  if (role === null) return redirected;
  if (!may(role, asked)) return [403];
  const query = queries[page];
  return [...named(page), ...(query ? [query.kind] : [])].every((kind) => sees(role, kind, target)) ? null : [404];
}

/** Addresses that differ: a page that names no site looks the same for the site beside. */
function distinct(template: string, ids: Readonly<Record<Target, Ids>>): { target: Target; path: string }[] {
  const seen = new Set<string>();
  return targets.flatMap((target) => {
    const query = queries[template as PagePath];
    const path = `${fill(template, ids[target])}${query ? `?${query.search}=${ids[target][query.param] ?? ""}&part=${control}` : ""}`;
    if (seen.has(path)) return [];
    seen.add(path);
    return [{ target, path }];
  });
}

type Roles = readonly (MemberRole | null)[];

export function pageCells(ids: Readonly<Record<Target, Ids>>, roles: Roles): Cell[] {
  return (Object.keys(pageAccess) as PagePath[]).flatMap((page) =>
    distinct(page, ids).flatMap(({ target, path }) =>
      roles.flatMap((role): Cell[] => [
        {
          name: `GET ${page}`,
          way: { page, act: null },
          role,
          target,
          path,
          expected: expectedOfPage(page, role, target),
        },
        ...Object.keys(accessByPath[page].acts ?? {}).map((act): Cell => {
          const form = (forms as Readonly<Record<string, Readonly<Record<string, Form>>>>)[page]?.[act];
          if (!form) throw new Error(`no form for ${act} of ${page}`);
          const refused = refusalOfAct(page, act, role, target);
          return {
            name: `POST ${page} ${act}`,
            way: { page, act },
            role,
            target,
            path: form.section ? path.replace(/profile$/, form.section) : path,
            form,
            expected: refused ?? endOf(page, act, role),
            acts: refused === null,
          };
        }),
      ]),
    ),
  );
}

function expectedOfEndpoint(
  at: ApiOperation,
  template: string,
  role: MemberRole | null,
  target: Target,
  readOnly: boolean,
): readonly number[] {
  if (role === null) return [401];
  if (!may(role, apiAccess[at]) || readOnly) return [403];
  if (!named(template).every((kind) => sees(role, kind, target))) return [404];
  // No clause of what is out for comments has a number yet.
  if (template.endsWith("/provenance")) return [404];
  return at.startsWith("GET") ? [200] : apiEnds[at as Writing];
}

/**
 * Every event of a machine by every role, sent to one object in the state it is in: who may not send it is refused, what
 * does not lead out of the state is refused, and who may is let through to the machine, by a version that nobody saw.
 */
export function eventCells(
  at: "POST /projects/{id}/events" | "POST /pilots/{id}/events",
  object: { id: string; state: string; version: number },
  roles: readonly MemberRole[],
): Cell[] {
  const machine = at.includes("projects") ? "project" : "pilot";
  const events = [...new Set(authorities.filter((a) => a.machine === machine).map((a) => a.event))];
  return events.flatMap((event) =>
    roles.map((role): Cell => {
      const leaves = authorities.some(
        (a) => a.machine === machine && a.event === event && a.states.includes(object.state),
      );
      const sends = maySend(role, machine, event, object.state);
      return {
        name: `${at} ${event}`,
        way: { api: at },
        role,
        target: "own",
        path: (at.split(" ")[1] ?? "").replace("{id}", object.id),
        body: { type: event, expectedVersion: sends ? 999_999 : object.version, reason: "x", result: "normal" },
        expected: !may(role, apiAccess[at]) ? [403] : sends ? [409] : leaves ? [403] : [422],
      };
    }),
  );
}

/** An endpoint's path with its ids named as those of pages are. */
const templateOf = (at: ApiOperation): string =>
  `${(at.split(" ")[1] ?? "").replace("/projects/{id}", "/projects/{projectId}").replace("/pilots/{id}", "/pilots/{pilotId}").replace("/documents/{id}", "/documents/{documentId}").replace("/evidence/{id}", "/evidence/{evidenceId}").replace("/sites/{id}", "/sites/{siteId}").replace("/systems/{id}", "/systems/{systemId}")}${at === "POST /evidence" ? `?document={documentId}&part=${control}` : ""}`;

export function apiCells(ids: Readonly<Record<Target, Ids>>, roles: Roles): Cell[] {
  return (Object.keys(apiAccess) as ApiOperation[]).flatMap((at) => {
    const template = templateOf(at);
    const of = (role: MemberRole | null, target: Target, path: string, readOnly: boolean): Cell => ({
      name: at,
      way: { api: at },
      role,
      target,
      path,
      ...(readOnly ? { readOnly: true as const } : {}),
      expected: expectedOfEndpoint(at, template, role, target, readOnly),
      acts: at in bodies,
    });
    return distinct(template, ids).flatMap(({ target, path }) =>
      roles.flatMap((role) => [
        of(role, target, path, false),
        ...(at in bodies && role !== null ? [of(role, target, path, true)] : []),
      ]),
    );
  });
}
