import { m } from "./paraglide/messages.js";
import type { Locale } from "./locale.ts";

export type { Locale };

type Message = (params: Record<string, string | number>, options: { locale: Locale }) => string;
const all = m as unknown as Record<string, Message | undefined>;

/**
 * A message by a key known only at run time (reasons of a state machine, error codes). For the server alone: it holds
 * every message, which a page must not ship.
 * @returns the text, or the key itself where there is no such message, so that nothing is hidden.
 */
export function translate(key: string, params: Record<string, string | number>, locale: Locale): string {
  const message = all[key];
  return message ? message(params, { locale }) : key;
}
export const hasMessage = (key: string): boolean => all[key] !== undefined;
