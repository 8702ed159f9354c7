/*
 * A list of things that are saved together and do not hang on each other: a faulty one holds back itself alone. It is told
 * with what is wrong with it, and the others are saved.
 */

/** Field errors by path: `answers.3.note`, or as forms name it `answers[3].note`. */
export type Faults = Readonly<Record<string, readonly string[]>>;
/** One that was not taken. */
export interface Aside {
  /** As it was sent. */
  given: unknown;
  /** What is wrong with it, by its own field; «» is the whole of it. In the reader's language where a use-case is handed it. */
  errors: Record<string, string[]>;
}
/** Longer lists are taken whole or not at all: each round looks at all that is left. */
const most = 500;

/** Faults of the members of `list` by their place in it; null when something else is at fault as well, or nothing is. */
export function faultsOfMembers(list: string, faults: Faults): Map<number, Record<string, string[]>> | null {
  const found = new Map<number, Record<string, string[]>>();
  for (const [path, messages] of Object.entries(faults)) {
    const [name, at = "", ...rest] = path.replaceAll(/\[([0-9]+)\]/g, ".$1").split(".");
    if (name !== list || !/^[0-9]{1,6}$/.test(at)) return null;
    const own = found.get(Number(at)) ?? {};
    own[rest.join(".")] = [...messages];
    found.set(Number(at), own);
  }
  return found.size === 0 ? null : found;
}

type Judged<T> = { ok: true; value: T } | { ok: false; faults: Faults };
/**
 * Takes of a list what can be taken, as `judge` sees it.
 * @param judge the whole body with the members that are left
 * @returns null when nothing of it can be taken, or when the fault lies elsewhere
 */
export function takeEach<T>(
  body: unknown,
  list: string,
  judge: (body: unknown) => Judged<T>,
): { value: T; aside: Aside[] } | null {
  const given = (body as Record<string, unknown> | null)?.[list];
  if (!Array.isArray(given) || given.length > most) return null;
  const aside: Aside[] = [];
  for (let left: unknown[] = given; left.length > 0; ) {
    const judged = judge({ ...(body as object), [list]: left });
    if (judged.ok) return { value: judged.value, aside };
    const bad = faultsOfMembers(list, judged.faults);
    if (!bad) return null;
    for (const [at, errors] of bad) aside.push({ given: left[at], errors });
    left = left.filter((_, at) => !bad.has(at));
  }
  return null;
}

/** Fields of a form without some members of a list, the others numbered anew; what was taken out, by the names of its fields. */
export function withoutMembers(
  fields: readonly (readonly [string, string])[],
  list: string,
  bad: ReadonlySet<number>,
): { fields: [string, string][]; out: Map<number, Record<string, string>> } {
  const places = new Map<number, number>();
  const out = new Map<number, Record<string, string>>();
  const kept: [string, string][] = [];
  const start = `${list}[`;
  for (const [name, value] of fields) {
    const end = name.startsWith(start) ? name.indexOf("]", start.length) : -1;
    const at = end < 0 ? Number.NaN : Number(name.slice(start.length, end));
    if (Number.isNaN(at)) kept.push([name, value]);
    else if (bad.has(at)) out.set(at, { ...out.get(at), [name.slice(end + 2)]: value });
    else {
      const place = places.get(at) ?? places.size;
      places.set(at, place);
      kept.push([`${list}[${place}]${name.slice(end + 1)}`, value]);
    }
  }
  return { fields: kept, out };
}
