import { z } from "zod";

/** What a person sets for his own eyes; kept in cookies that scripts may read. */
export const themes = ["system", "light", "dark"] as const;
export const densities = ["compact", "comfortable"] as const;
export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];
export const themeCookie = "anshi_theme";
export const densityCookie = "anshi_density";

const pick = <T extends readonly string[]>(values: T, header: string | null, name: string): T[number] => {
  const found = new RegExp(`(?:^|; *)${name}=([^;]*)`).exec(header ?? "")?.[1];
  return values.includes(found ?? "") ? (found as T[number]) : (values[0] as T[number]);
};
/** Reads the cookies; what is absent or unknown counts as the first value. */
export const preferencesOf = (cookies: string | null): { theme: Theme; density: Density } => ({
  theme: pick(themes, cookies, themeCookie),
  density: pick(densities, cookies, densityCookie),
});
export const preferenceCookie = (name: string, value: string, secure: boolean): string =>
  `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure ? "; Secure" : ""}`;
export const preferenceSchema = z.object({
  theme: z.enum(themes).optional(),
  density: z.enum(densities).optional(),
  lng: z.enum(["zh-CN", "en"]).optional(),
  next: z.string().max(500).optional(),
});
