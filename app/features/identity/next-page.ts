/**
 * Where to go after signing in: a path of our own, never another site. Anything doubtful becomes the home page.
 */
export function safeNext(next: string | null | undefined): string {
  if (!next || !next.startsWith("/") || next.startsWith("//") || next.includes("\\") || /[\u0000-\u001f]/.test(next)) return "/";
  const url = new URL(next, "http://here.invalid");
  if (url.origin !== "http://here.invalid" || /^\/(login|logout|switch|reset|invitation|step-up|passkey)\b/.test(url.pathname)) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
