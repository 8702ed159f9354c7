import type { ActionResult } from "./page.server.ts";

/* What came back of a form that was refused, so that it keeps what was typed and says what is wrong beside the field. */

export interface Refused {
  values: Record<string, unknown>;
  errors: Record<string, string[] | null>;
}
/** By field; empty where this act of the page was not refused. */
export function typed(result: ActionResult | undefined, intent: string): Refused {
  if (!result || result.ok || result.intent !== intent) return { values: {}, errors: {} };
  return { values: result.lastResult.initialValue ?? {}, errors: result.lastResult.error ?? {} };
}

/** One field by its name, with dots where it lies deeper; undefined where nothing was typed. */
export function typedText(result: ActionResult | undefined, intent: string, name: string): string | undefined {
  const value = name
    .split(".")
    .reduce<unknown>(
      (of, key) => (of && typeof of === "object" ? (of as Record<string, unknown>)[key] : undefined),
      typed(result, intent).values,
    );
  return typeof value === "string" ? value : undefined;
}

/** The text of a chapter, of which each language is a form of its own. */
export const typedIn = (
  result: ActionResult | undefined,
  intent: string,
  language: string,
  name: string,
): string | undefined =>
  typedText(result, intent, "language") === language ? typedText(result, intent, name) : undefined;

/** Why an act of the page was refused, in one line for the top of it; null where none was. */
export const refusalText = (result: ActionResult | undefined): string | null =>
  result && !result.ok
    ? (result.error?.message ??
      Object.values(result.lastResult.error ?? {})
        .flat()
        .join(" "))
    : null;
