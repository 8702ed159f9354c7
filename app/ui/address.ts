/** Addresses of the same page with other parameters: sorting, pages, columns, tabs. Pure; `search` as in `location.search`. */

export function withParams(
  search: string,
  change: Readonly<Record<string, string | readonly string[] | null>>,
): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    params.delete(name);
    if (value === null) continue;
    for (const one of typeof value === "string" ? [value] : value) params.append(name, one);
  }
  const text = params.toString();
  return text === "" ? "?" : `?${text}`;
}

/** Parameters that a GET form has to carry along as hidden fields, because it replaces the whole query. */
export function carried(search: string, without: readonly string[]): [string, string][] {
  return [...new URLSearchParams(search)].filter(([name]) => !without.includes(name));
}

export interface Sort {
  key: string;
  down: boolean;
}

/** `?sort=-due` ⇄ {key: "due", down: true}. Which keys exist, the loader's schema says. */
export function readSort(text: string | null | undefined): Sort | null {
  if (!text) return null;
  return text.startsWith("-") ? { key: text.slice(1), down: true } : { key: text, down: false };
}
export const writeSort = (sort: Sort): string => (sort.down ? `-${sort.key}` : sort.key);
