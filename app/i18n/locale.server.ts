import { AsyncLocalStorage } from "node:async_hooks";
import {
  cookieMaxAge,
  cookieName,
  extractLocaleFromRequest,
  getServerAsyncLocalStorage,
  isLocale,
  overwriteServerAsyncLocalStorage,
  type Locale,
} from "#app/i18n/paraglide/runtime.js";

/** Storage through which the compiled messages find the locale of the request they run in. */
function storage() {
  const present = getServerAsyncLocalStorage();
  if (present) return present;
  const fresh = new AsyncLocalStorage<{ locale?: Locale; origin?: string }>();
  overwriteServerAsyncLocalStorage(fresh);
  return fresh;
}

/** The language asked for in the address (`?lng=`), if it is one we have. */
export function localeInAddress(request: Request): Locale | null {
  const asked = new URL(request.url).searchParams.get("lng");
  return asked !== null && isLocale(asked) ? asked : null;
}

/** The cookie's name over TLS, where browsers bind it to this host; before, its plain one. */
const nameOf = (secure: boolean) => (secure ? "__Host-anshi-lng" : cookieName);
function localeBoundHere(request: Request): Locale | null {
  const kept = new RegExp(`(?:^|; *)${nameOf(true)}=([\\w-]+)`).exec(request.headers.get("Cookie") ?? "")?.[1];
  return kept !== undefined && isLocale(kept) ? kept : null;
}

/** `?lng=` wins, then the cookie, then Chinese (CONTRACT.md «Pages»). A value we do not have counts as absent. */
export function localeOf(request: Request): Locale {
  return localeInAddress(request) ?? localeBoundHere(request) ?? extractLocaleFromRequest(request);
}

/** Runs `work` with every message in `locale`; for requests, and for jobs that render for one reader. */
export function inLocale<T>(locale: Locale, work: () => T): T {
  return storage().run({ locale }, work) as T;
}

/** `Set-Cookie` value that keeps a language. Scripts take it from the page itself. */
function localeCookie(locale: Locale, secure: boolean): string {
  return `${nameOf(secure)}=${locale}; Path=/; Max-Age=${cookieMaxAge}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}

/**
 * Answers a request in its own language. A language chosen in the address is kept in the cookie, so that the next click
 * without `?lng=` stays in it. `secure`: people reach us over TLS, which a proxy may have ended before us.
 */
export async function withLocale(
  request: Request,
  next: (locale: Locale) => Response | Promise<Response>,
  secure = false,
): Promise<Response> {
  const locale = localeOf(request);
  const response = await inLocale(locale, () => next(locale));
  const chosen = localeInAddress(request);
  if (chosen === null) return response;
  const headers = new Headers(response.headers);
  headers.append("Set-Cookie", localeCookie(chosen, secure));
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
