import { type Appearance, appearanceCookie, type Density, densities, type Theme, themes } from "./types.ts";

/*
 * Theme and density are kept in cookies of their own, so that the page arrives in them. A link `?theme=dark` or
 * `?density=comfortable` sets them without script, as `?lng=` does for the language.
 */

const YEAR = 60 * 60 * 24 * 365;

function valueOf(header: string | null, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** What is kept under the name bound to this host, or under the plain one from before TLS. */
const kept = (request: Request, name: "theme" | "density"): (string | undefined)[] =>
  [true, false].map((secure) => valueOf(request.headers.get("Cookie"), appearanceCookie(name, secure)));

const isTheme = (value: unknown): value is Theme => themes.includes(value as Theme);
const isDensity = (value: unknown): value is Density => densities.includes(value as Density);

/** Theme and density of a request; what we do not know counts as absent. */
export function readAppearance(request: Request): Omit<Appearance, "locale"> {
  const asked = new URL(request.url).searchParams;
  const theme = [asked.get("theme"), ...kept(request, "theme")].find(isTheme) ?? "system";
  const density = [asked.get("density"), ...kept(request, "density")].find(isDensity) ?? "compact";
  return { theme, density };
}

/** `Set-Cookie` values for what the address asks to keep. @param secure whether people reach us over TLS, which a proxy may have ended */
export function appearanceCookies(request: Request, secure: boolean): string[] {
  const url = new URL(request.url);
  const tail = `; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure ? "; Secure" : ""}`;
  const [theme, density] = [url.searchParams.get("theme"), url.searchParams.get("density")];
  return [
    ...(isTheme(theme) ? [`${appearanceCookie("theme", secure)}=${theme}${tail}`] : []),
    ...(isDensity(density) ? [`${appearanceCookie("density", secure)}=${density}${tail}`] : []),
  ];
}
