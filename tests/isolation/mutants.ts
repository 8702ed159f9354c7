import type { DeclaredPolicy } from "#db/catalogue.server.ts";

/*
 * Policies loosened by one condition each, as a careless hand would: the tenant forgotten and the level kept, a check or
 * a USING dropped, one of several conditions left out.
 */

export interface Mutant {
  name: string;
  policy: DeclaredPolicy;
  using: string | null;
  check: string | null;
  /** A right given along with it. */
  aid: string | null;
}

/** Conditions joined by AND at the top of an expression; the expression itself where it is joined otherwise. */
function conjuncts(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let quoted = false;
  for (let i = 0; i < expression.length; i += 1) {
    const c = expression[i];
    if (c === "'") quoted = !quoted;
    if (quoted) continue;
    if (c === "(") depth += 1;
    if (c === ")") depth -= 1;
    if (depth > 0) continue;
    const rest = expression.slice(i);
    if (/^\s+or\s/i.test(rest)) return [expression];
    if (/^\s+and\s/i.test(rest)) {
      parts.push(expression.slice(from, i));
      from = i + (/^\s+and\s/i.exec(rest)?.[0].length ?? 0);
    }
  }
  return [...parts, expression.slice(from)].map((p) => p.trim());
}

/** Whoever is of the level at all, whichever tenant, site, institution or person they are of. */
const forgetful = (expression: string): string =>
  expression
    .replaceAll(/\b[\w.]*id = (\(select auth\.claim\('\w+', '\w+'\)\))/g, "$1 is not null")
    .replaceAll(/\b[\w.]*id = any \((\(select auth\.granted_pilots\(\)\))::uuid\[\]\)/g, "$1 is not null");
const dropOne = (expression: string | null): { left: string; without: string }[] => {
  const parts = expression === null ? [] : conjuncts(expression);
  return parts.length < 2
    ? []
    : parts.map((p, i) => ({ left: parts.filter((_, j) => j !== i).join(" and "), without: p }));
};

/** What only the policy stands against, once the column right that guards it as well is given away. */
const keys = "tenant_id, site_id, membership_id, institution_id".split(", ");
const aidFor = (p: DeclaredPolicy, columns: readonly string[]): string =>
  `grant update (${keys.filter((k) => columns.includes(k)).join(", ")}) on public."${p.table}" to anshi_${p.level}`;

/** Loosenings that open a policy to others of its level: an attack has to get through each. */
export function openMutants(p: DeclaredPolicy, columns: readonly string[]): Mutant[] {
  const both = (of: (e: string) => string) => ({
    using: p.using === null ? null : of(p.using),
    check: p.check === null ? null : of(p.check),
  });
  const list: Mutant[] = [{ name: `${p.name}: whose it is forgotten`, policy: p, ...both(forgetful), aid: null }];
  if (p.verb === "update" && columns.includes("tenant_id"))
    list.push({
      name: `${p.name}: WITH CHECK (true), keys to be written`,
      policy: p,
      using: p.using,
      check: "true",
      aid: aidFor(p, columns),
    });
  return list.filter((m) => m.using !== p.using || m.check !== p.check);
}
/**
 * The same with the other wall down as well: many a row must hang on a parent that its author sees, which holds by itself
 * where the tenant is forgotten. @returns null where there is no such wall.
 */
export function withoutParent(m: Mutant): Mutant | null {
  if (m.check === null) return null;
  const left = conjuncts(m.check).filter((c) => !c.includes("exists ("));
  const check = left.length === 0 ? "true" : left.join(" and ");
  return check === m.check ? null : { ...m, name: `${m.name}, its parent too`, check };
}
/** One condition left out, or one clause dropped: many are held by another wall as well, so the catalogue has to miss each. */
export function looseMutants(p: DeclaredPolicy): Mutant[] {
  const list = [
    { name: `${p.name}: WITH CHECK (true)`, using: p.using, check: p.check === null ? null : "true" },
    { name: `${p.name}: USING (true)`, using: p.using === null ? null : "true", check: p.check },
    ...dropOne(p.using).map((d) => ({ name: `${p.name}: USING without ${d.without}`, using: d.left, check: p.check })),
    ...dropOne(p.check).map((d) => ({
      name: `${p.name}: WITH CHECK without ${d.without}`,
      using: p.using,
      check: d.left,
    })),
  ];
  return list.filter((m) => m.using !== p.using || m.check !== p.check).map((m) => ({ ...m, policy: p, aid: null }));
}
export const statementOf = (m: Mutant): string =>
  `${m.aid === null ? "" : `${m.aid}; `}alter policy "${m.policy.name}" on public."${m.policy.table}"${m.using === null ? "" : ` using (${m.using})`}${m.check === null ? "" : ` with check (${m.check})`}`;
