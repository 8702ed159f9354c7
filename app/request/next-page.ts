const here = "http://here.invalid";
/** Pages that sign in and out: nobody comes back to one of them. */
const passing = /^\/(login|logout|switch|reset|invitation|step-up|passkey)\b/i;

/**
 * Where to go after signing in: a path of our own, never another site. Anything doubtful becomes the home page.
 *
 * What counts is what a browser opens, and it reads an address anew: a path whose dot segments are gone can begin with two
 * slashes, and then it names a host. So the address that goes out is judged, by the parser that browsers have (WHATWG URL),
 * and it must come back from there as it went in.
 */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith("/") || !URL.canParse(next, here)) return "/";
  const { origin, pathname, search, hash } = new URL(next, here);
  const path = `${pathname}${search}${hash}`;
  if (origin !== here || passing.test(pathname)) return "/";
  return URL.canParse(path, here) && new URL(path, here).href === `${here}${path}` ? path : "/";
}
