/** The languages of the interface. For components, rules and jobs alike: nothing here reads a request. */
export { getLocale, isLocale } from "#app/i18n/paraglide/runtime.js";
export type { Locale } from "#app/i18n/paraglide/runtime.js";
