import divisionsJson from "#seeds/catalogue/divisions.json" with { type: "json" };
import { z } from "zod";
import type { Day } from "#app/platform/days.ts";

/*
 * Administrative divisions (GB/T 2260) by code, as the lists of the statistics bureau and of the ministry of civil affairs have
 * had them since 2002. A list says what held in its month; when between two lists something changed is not known, and not told.
 */

/** Code, name, month of the first list with it, month of the first list without it, packages it comes from. */
const rows = z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()])).parse(divisionsJson);
type Row = (typeof rows)[number];

const byCode = new Map<string, Row[]>();
for (const row of rows) byCode.set(row[0], [...(byCode.get(row[0]) ?? []), row]);

const holds = ([, , from, to]: Row, month: string) => from <= month && (to === "" || month < to);
const nameAt = (code: string, month: string): string => byCode.get(code)?.find((row) => holds(row, month))?.[1] ?? "";

export type Division =
  /** In the list of the day; `name` with province and prefecture. */
  | { known: "valid"; code: string; name: string }
  /** In another list: its name then, first month with it (empty: before 2002-12) and first month without it (empty: none). */
  | { known: "otherTime"; code: string; name: string; from: string; to: string }
  /** In no list: nothing is guessed. */
  | { known: "unknown"; code: string };

/** A county's name with those of its prefecture and province; places directly under a province have no prefecture between. */
function fullName(code: string, month: string): string {
  const parts = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code];
  return [...new Set(parts)].map((part) => nameAt(part, month)).join("");
}

/** What a code of six digits stands for on a day. */
export function divisionOn(code: string, day: Day): Division {
  const month = day.slice(0, 7);
  const known = byCode.get(code) ?? [];
  if (known.some((row) => holds(row, month))) return { known: "valid", code, name: fullName(code, month) };
  const near = known.find(([, , from]) => from > month) ?? known.at(-1);
  if (!near) return { known: "unknown", code };
  const [, , from, to] = near;
  return { known: "otherTime", code, name: fullName(code, from === "" ? firstList : from), from, to };
}
const firstList = "2002-12";

/**
 * Codes of the places that a name stands for on a day, said in full or without what stands before it («湖北省武汉市», «武汉市»).
 * Several where a name is not one place's.
 */
export function divisionsNamed(name: string, day: Day): string[] {
  const month = day.slice(0, 7);
  return rows.flatMap((row) => {
    const [code, own] = row;
    if (!name.endsWith(own) || !holds(row, month)) return [];
    const full = fullName(code, month);
    const above = full.slice(0, full.length - own.length);
    const prefecture = nameAt(`${code.slice(0, 4)}00`, month);
    return [full, own, ...(above.endsWith(prefecture) ? [prefecture + own] : [])].includes(name) ? [code] : [];
  });
}
