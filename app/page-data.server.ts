import { matchRoutes } from "@remix-run/react";
import type { ServerBuild } from "@remix-run/server-runtime";
import { notFound } from "#app/platform/errors.ts";

/*
 * Remix asks for a page's data at the page's address with `.data` behind it, and answers so at the address of a file as
 * well: it reads the whole file into memory, as text. What has no page has no data of one.
 */

interface Branch {
  id: string;
  path?: string;
  index?: boolean;
  children: Branch[];
}

function branches(routes: ServerBuild["routes"], parentId?: string): Branch[] {
  return Object.values(routes)
    .filter((route) => route !== undefined && route.parentId === parentId)
    .map((route) => ({
      id: route?.id ?? "",
      ...(route?.path === undefined ? {} : { path: route.path }),
      ...(route?.index ? { index: true } : {}),
      children: branches(routes, route?.id),
    }));
}

/** A check of addresses: lets those of pages' data through. @throws notFound before any loader runs */
export function pageDataOnly(build: Pick<ServerBuild, "routes">): (request: Request) => void {
  const tree = branches(build.routes);
  return (request) => {
    const { pathname } = new URL(request.url);
    // Forms are sent there by script, to places without a page as well.
    if (!pathname.endsWith(".data") || !["GET", "HEAD"].includes(request.method)) return;
    const path = pathname.replace(/\.data$/, "").replace(/^\/_root$/, "/");
    const leaf = matchRoutes(tree as never, path)?.at(-1)?.route.id;
    if (leaf !== undefined && build.routes[leaf]?.module.default === undefined)
      throw notFound({ logMessage: `no page, but its data asked for: ${leaf}` });
  };
}
