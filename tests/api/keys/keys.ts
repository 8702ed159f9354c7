import type { MemberRole } from "#db/roles.ts";

/*
 * The names under which an answer holds what it holds. A value is of no interest here; that a name is there at all for a
 * role that should not have it is what is looked for.
 */

/** Names that are data themselves: ids, codes of catalogues, days, numbers of sections. */
const isData =
  /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[A-Z]{1,4}\d*(?:-[A-Z0-9]+)+|\d[\d.-]*|annex\.\d+|M\d+|R\d+)$/;

/** Paths of all names in a value, sorted: `items[].owner`. Keys that are data stand as `*`; dates and other leaves end a path. */
export function keysOf(value: unknown): string[] {
  const found = new Set<string>();
  const walk = (one: unknown, path: string): void => {
    if (Array.isArray(one)) for (const item of one) walk(item, `${path}[]`);
    else if (typeof one === "object" && one !== null && !(one instanceof Date)) {
      for (const [key, inner] of one instanceof Map ? one : Object.entries(one)) {
        const name = `${path}${path && !path.endsWith(".") ? "." : ""}${isData.test(String(key)) ? "*" : String(key)}`;
        found.add(name);
        walk(inner, name);
      }
    }
  };
  walk(value, "");
  return [...found].sort();
}

/** What was seen: by way in, by role, the keys. */
export type Seen = Map<string, Map<MemberRole, Set<string>>>;
/** As it is kept: by way in, by the roles that see the same, the keys. */
export type Allowed = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export function note(seen: Seen, way: string, role: MemberRole, keys: readonly string[]): void {
  const roles = seen.get(way) ?? new Map<MemberRole, Set<string>>();
  seen.set(way, roles);
  const known = roles.get(role) ?? new Set<string>();
  roles.set(role, known);
  for (const key of keys) known.add(key);
}

/** Each key under the roles that have it; sorted, so that a change of one key is a change of few lines. */
export function toAllowed(seen: Seen): Allowed {
  const ways = [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([way, roles]) => {
      const all = [...new Set([...roles.values()].flatMap((keys) => [...keys]))].sort();
      const groups: Record<string, string[]> = {};
      for (const key of all)
        (groups[[...roles].flatMap(([role, keys]) => (keys.has(key) ? [role] : [])).join(" ")] ??= []).push(key);
      return [
        way,
        Object.fromEntries(Object.entries(groups).sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))),
      ] as const;
    });
  return Object.fromEntries(ways);
}

export function allowedFor(allowed: Allowed, way: string, role: MemberRole): Set<string> {
  return new Set(
    Object.entries(allowed[way] ?? {}).flatMap(([roles, keys]) => (roles.split(" ").includes(role) ? keys : [])),
  );
}

/** Keys that reached a role and are not on its list. */
export function beyond(allowed: Allowed, seen: Seen): string[] {
  return [...seen].flatMap(([way, roles]) =>
    [...roles].flatMap(([role, keys]) => {
      const list = allowedFor(allowed, way, role);
      return [...keys].filter((key) => !list.has(key)).map((key) => `${way} shows ${role} «${key}»`);
    }),
  );
}
