import { apiAccess, accessByPath } from "./access.rules.ts";

/* What each address takes, from the list of ways in: for 405 and OPTIONS, which name it (RFC 9110, 9.3.7 and 15.5.6). */

interface Known {
  shape: RegExp;
  methods: Set<string>;
}

const readable = ["GET", "HEAD"];
const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** `/pilots/:pilotId`, `/settings/:section?` and `/specifications/:number.pdf` as the router reads them, in any case. */
function shapeOf(path: string): RegExp {
  const parts = path.split(/(\/?:\w+\??|\/?\{\w+\})/).map((part) => {
    if (!/[:{]/.test(part)) return literal(part);
    const slash = part.startsWith("/") ? "/" : "";
    return part.endsWith("?") ? `(?:${slash}[^/]+)?` : `${slash}[^/]+`;
  });
  return new RegExp(`^${parts.join("")}/?$`, "i");
}

function list(): Known[] {
  const byPath = new Map<string, Set<string>>();
  const add = (path: string, methods: readonly string[]) =>
    byPath.set(path, new Set([...(byPath.get(path) ?? []), ...methods]));
  for (const path of ["/healthz", "/readyz", "/metrics", "/notices/stream", "/api/v1/openapi.json"])
    add(path, readable);
  for (const [path, { get, acts }] of Object.entries(accessByPath))
    if (path !== "/*") add(path, [...(get === undefined ? [] : readable), ...(acts === undefined ? [] : ["POST"])]);
  for (const at of Object.keys(apiAccess)) {
    const [method = "", path = ""] = at.split(" ");
    add(`/api/v1${path}`, method === "GET" ? readable : [method]);
  }
  return [...byPath].map(([path, methods]) => ({ shape: shapeOf(path), methods }));
}
const known = list();

/**
 * Methods that an address takes, OPTIONS among them; null for one that nobody knows. Addresses that two ways share,
 * `/specifications/x.pdf` and `/specifications/:number`, take what either takes.
 * @param path of the request; with `.data` behind it where the interface's own script asks
 */
export function methodsAt(path: string): readonly string[] | null {
  const page = path.replace(/\/?_root\.data$|\.data$/, "") || "/";
  const found = known.filter(({ shape }) => shape.test(path) || shape.test(page));
  if (found.length === 0) return null;
  return [...new Set([...found.flatMap(({ methods }) => [...methods]), "OPTIONS"])].sort();
}
