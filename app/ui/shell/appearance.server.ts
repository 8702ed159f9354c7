import { type Appearance, type Density, densities, type Theme, themes } from "./types.ts";

/*
 * Theme and density are kept in cookies of their own, so that the page arrives in them. A link `?theme=dark` or
 * `?density=comfortable` sets them without script, as `?lng=` does for the language.
 */

const cookieOf = { theme: "anshi_theme", density: "anshi_density" } as const;
const YEAR = 60 * 60 * 24 * 365;

function cookie(header: string | null, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

const isTheme = (value: unknown): value is Theme => themes.includes(value as Theme);
const isDensity = (value: unknown): value is Density => densities.includes(value as Density);

/** Theme and density of a request; what we do not know counts as absent. */
export function readAppearance(request: Request): Omit<Appearance, "locale"> {
  const asked = new URL(request.url).searchParams;
  const kept = request.headers.get("Cookie");
  const theme = [asked.get("theme"), cookie(kept, cookieOf.theme)].find(isTheme) ?? "system";
  const density = [asked.get("density"), cookie(kept, cookieOf.density)].find(isDensity) ?? "compact";
  return { theme, density };
}

/** `Set-Cookie` values for what the address asks to keep. @param secure whether people reach us over TLS, which a proxy may have ended */
export function appearanceCookies(request: Request, secure: boolean): string[] {
  const url = new URL(request.url);
  const tail = `; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure ? "; Secure" : ""}`;
  const [theme, density] = [url.searchParams.get("theme"), url.searchParams.get("density")];
  return [
    ...(isTheme(theme) ? [`${cookieOf.theme}=${theme}${tail}`] : []),
    ...(isDensity(density) ? [`${cookieOf.density}=${density}${tail}`] : []),
  ];
}
