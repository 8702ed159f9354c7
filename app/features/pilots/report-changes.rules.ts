/** How a progress report differs from the one that was approved: each difference is material, for figures and words both count. */

/** What is sealed of a progress report, as far as it can change. */
export interface ReportContent {
  values: readonly { indicatorId: string; code: string; name: string; valueMilli: number }[];
  text: string;
  problems: string;
  next: string;
  measures: readonly { measureId: string; code: string; title: string; doneOn: string | null }[];
}
export type ReportChange =
  | { kind: "value"; id: string; label: string; before: number | null; after: number | null }
  | { kind: "text" | "problems" | "next"; before: string; after: string }
  | { kind: "measure"; id: string; label: string; before: string | null; after: string | null };

const words = (text: string): string => text.replaceAll(/\s+/gu, " ").trim();

/** Field by field: figures and measures by id, in the order of the codes, then texts, where white space does not count. */
export function reportChanges(before: ReportContent, after: ReportContent): ReportChange[] {
  const values = pairs(
    before.values,
    after.values,
    (v) => v.indicatorId,
    (v) => v.valueMilli,
    (v) => v.name,
  );
  const measures = pairs(
    before.measures,
    after.measures,
    (m) => m.measureId,
    (m) => m.doneOn,
    (m) => m.title,
  );
  const texts = (["text", "problems", "next"] as const).flatMap((kind) =>
    words(before[kind]) === words(after[kind]) ? [] : [{ kind, before: before[kind], after: after[kind] }],
  );
  return [
    ...values.map((v) => ({ kind: "value" as const, ...v })),
    ...texts,
    ...measures.map((x) => ({ kind: "measure" as const, ...x })),
  ];
}

function pairs<T extends { code: string }, V>(
  before: readonly T[],
  after: readonly T[],
  idOf: (row: T) => string,
  valueOf: (row: T) => V,
  nameOf: (row: T) => string,
) {
  const [was, is] = [new Map(before.map((r) => [idOf(r), r])), new Map(after.map((r) => [idOf(r), r]))];
  return [...new Map([...was, ...is]).values()]
    .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
    .map((row) => {
      const id = idOf(row);
      const [old, now] = [was.get(id), is.get(id)];
      return {
        id,
        label: `${row.code} ${nameOf(row)}`,
        before: old ? valueOf(old) : null,
        after: now ? valueOf(now) : null,
      };
    })
    .filter((c) => c.before !== c.after);
}
