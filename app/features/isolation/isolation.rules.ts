import { countOfAll } from "#app/features/audit/check-record.rules.ts";
import type { CheckRecord, ProbeKind, ProbeRole } from "#app/features/audit/check-record.schema.ts";

/* Counting what was tried, the record that stays of it, and what the record says. Pure. */

/** One probe and how it ended. `rows`: how many came through, where that is what came through. */
export interface Tried {
  kind: ProbeKind;
  role: ProbeRole;
  name: string;
  table: string | null;
  end: "held" | "through" | "undecided";
  rows: number | null;
}

/** Counts by kind and role, as the record holds them. */
function tallied(tried: readonly Tried[]): CheckRecord["tried"] {
  const result: CheckRecord["tried"] = {};
  for (const { kind, role, end } of tried) {
    const row = (result[kind] ??= {});
    const cell = (row[role] ??= [0, 0, 0]);
    cell[0] += 1;
    if (end === "through") cell[1] += 1;
    if (end === "undecided") cell[2] += 1;
  }
  return result;
}
/**
 * held: nothing got through and all was looked at · failed: something got through, the catalogue has a hole or the chain is
 * broken · incomplete: nothing of that, but not all could be looked at, so that it shows less than it should.
 */
export type Verdict = "held" | "failed" | "incomplete";
/** The verdict of a check, from its record alone. */
export function verdictOf(record: CheckRecord): Verdict {
  const all = countOfAll(record);
  if (all.through > 0 || record.catalogue.complaints > 0 || record.chain.problem !== null || record.wrote)
    return "failed";
  return all.undecided > 0 || !record.catalogue.compared || !record.chain.complete ? "incomplete" : "held";
}

/** Longest text of a name or a complaint in the record, and most of either: a record is an entry of the trail, not a report. */
const longest = 160;
const most = 12;
const cut = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);

/** What is kept of the findings: all counts, and as many names as there is room for, tables that nobody named yet first. */
export function kept(
  tried: readonly Tried[],
  complaints: readonly string[],
): Pick<CheckRecord, "tried" | "through"> & { first: string[] } {
  const through = tried.filter((t) => t.end === "through");
  const named = new Set<string>();
  const fresh = through.filter(({ table, kind }) => {
    const key = table ?? kind;
    return !named.has(key) && Boolean(named.add(key));
  });
  const chosen = [...fresh, ...through.filter((t) => !fresh.includes(t))].slice(0, most);
  return {
    tried: tallied(tried),
    through: chosen.map(({ kind, role, name, table, rows }) => ({
      kind,
      role,
      name: cut(name),
      table: table === null ? null : cut(table),
      rows,
    })),
    first: complaints.slice(0, most).map(cut),
  };
}
