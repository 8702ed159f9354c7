import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/* What READMEs name, so that a test can ask whether it is there. Paths are told from the top of the project. */

const folders = ["app", "db", "workflows", "seeds", "tests", "deploy", "findings"] as const;

/** Every file of the project that somebody wrote, folders too. */
export function placesOf(root: string): string[] {
  const below = folders.flatMap((folder) => [
    folder,
    ...readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  ]);
  const top = readdirSync(root).filter((name) => !["node_modules", "build", "out"].includes(name));
  return [...new Set([...below, ...top])].filter((name) => !name.includes("paraglide"));
}

/** The words of a README that stand between backticks, without blocks of code. */
const quoted = (text: string): string[] =>
  [...text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, word = ""]) => word);

const written = /\.(?:tsx?|mjs|cjs|sql|md|json|sh|py)$/;
/** What only looks like a place: patterns, addresses, packages, and what a run or an installation makes. */
const elsewhere =
  /[*<>{}\s…:?&]|^[/@.]|^(?:DATA_DIR|BASE_URL|out|build|kept)\/|\/$|^(?:connection|demo-accounts|postgres)\.json$/;

/** Places that a README names and the project does not have. A place may be told from the top, from the README or by its end. */
export function missingPlaces(root: string, readme: string, places: readonly string[]): string[] {
  const known = new Set(places);
  const text = readFileSync(join(root, readme), "utf8");
  const named = quoted(text)
    .map((word) => word.replace(/^#/, ""))
    .filter((word) => written.test(word) && !elsewhere.test(word) && !/^v\d\.ts$/.test(word));
  const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to = ""]) => to);
  return [
    ...named.filter(
      (place) =>
        !known.has(place) &&
        !known.has(join(dirname(readme), place)) &&
        !places.some((one) => one.endsWith(`/${place}`)),
    ),
    ...linked.filter((to) => !existsSync(join(root, dirname(readme), to))),
  ];
}

/** Names in backticks that a text tells with their file: «`withActor` (`db/client.server.ts`)». */
export const namedWithFile = (text: string): { name: string; file: string }[] =>
  [...text.matchAll(/`(\w+)` \(`([\w/.-]+\.(?:tsx?|sql))`\)/g)].map(([, name = "", file = ""]) => ({ name, file }));
