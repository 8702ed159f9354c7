import type { FlashMessage } from "#app/ui/shell/types.ts";

/*
 * What was just done, told once on the page it led to. Short-lived, for this browser alone; the text is ours, never an input's.
 */
const nameOf = (secure: boolean) => (secure ? "__Host-anshi-flash" : "anshi_flash");
const tones = new Set(["info", "done", "due", "late", "returned"]);

/** Set-Cookie value; null takes the message away after it was shown. */
export function flashCookie(flash: FlashMessage | null, secure: boolean): string {
  const name = nameOf(secure);
  const tail = `; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return flash
    ? `${name}=${encodeURIComponent(JSON.stringify(flash))}; Max-Age=60${tail}`
    : `${name}=; Max-Age=0${tail}`;
}

/** The message a redirect left, or null. A cookie that is not ours in form is ignored. */
export function readFlash(request: Request, secure: boolean): FlashMessage | null {
  const raw = new RegExp(`(?:^|; *)${nameOf(secure)}=([^;]+)`).exec(request.headers.get("Cookie") ?? "")?.[1];
  if (!raw) return null;
  try {
    const found = JSON.parse(decodeURIComponent(raw)) as Partial<FlashMessage>;
    return typeof found.text === "string" &&
      found.text.length < 500 &&
      typeof found.tone === "string" &&
      tones.has(found.tone)
      ? { tone: found.tone, text: found.text }
      : null;
  } catch {
    return null;
  }
}
