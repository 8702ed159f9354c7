import type { RouteConfigEntry } from "@remix-run/route-config";
import { decode } from "turbo-stream";
import pageRoutes from "#app/routes.ts";

/*
 * What a page's script is given instead of the page: the answers of its loaders, or of its action, decoded as the
 * framework's own client decodes them.
 */

/** Where an act or a loader sends one. */
interface Redirected {
  redirect: string;
  status: number;
}
export interface ScriptAnswer {
  status: number;
  /** By the id of the route for GET, the action's own answer for POST; null where one is sent elsewhere. */
  data: unknown;
  redirect: Redirected | null;
}

class Moved {
  constructor(readonly to: Redirected) {}
}

/** @throws when the answer is no such stream */
export async function readScriptAnswer(response: Response): Promise<ScriptAnswer> {
  if (!response.body) return { status: response.status, data: null, redirect: null };
  const found: Moved[] = [];
  const plugin = (type: string, ...rest: unknown[]) => {
    if (type === "SingleFetchRedirect") {
      const moved = new Moved(rest[0] as Redirected);
      found.push(moved);
      return { value: moved };
    }
    if (type === "ErrorResponse") return { value: { data: rest[0], status: rest[1] } };
    if (type === "SanitizedError") return { value: new Error(String(rest[1])) };
    return undefined;
  };
  const rest = (type: unknown, value: unknown) =>
    type === "SingleFetchFallback" ? { value: undefined } : type === "SingleFetchClassInstance" ? { value } : undefined;
  const { value, done } = await decode(response.body, { plugins: [plugin, rest] });
  await done;
  const [moved] = found;
  // An action's own redirect comes as it is.
  if (response.status === 202 && typeof value === "object" && value !== null && "redirect" in value) {
    const to = value as Redirected;
    return { status: to.status, data: null, redirect: to };
  }
  return moved
    ? { status: moved.to.status, data: null, redirect: moved.to }
    : { status: response.status, data: value, redirect: null };
}

/** Modules of a page in `app/routes.ts`, by the ids that the framework gives them: a layout and its index are one page. */
export function modulesOf(page: string, entries: readonly RouteConfigEntry[] = pageRoutes, above = ""): string[] {
  return entries.flatMap((entry) => {
    const path = entry.path === undefined ? above : `${above}/${entry.path}`;
    return [
      ...((path || "/") === page ? [entry.file.replace(/\.tsx?$/, "")] : []),
      ...modulesOf(page, entry.children ?? [], path),
    ];
  });
}

/** The address at which a page's script asks. */
export function scriptPath(path: string): string {
  const [pathname = "", search] = path.split("?");
  return `${pathname === "/" ? "/_root" : pathname}.data${search === undefined ? "" : `?${search}`}`;
}
