import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { readEnv } from "./env.server.ts";

const root = new URL("../..", import.meta.url).pathname;
const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
const section = /^## Settings\n([^]*?)^## /m.exec(readme)?.[1] ?? "";
/** The rows of the section's two tables: the settings, and what commands and tests read beside them. */
const [settings = [], beside = []] = section
  .split(/\n\n+/)
  .filter((part) => part.startsWith("|"))
  .map((part) =>
    part
      .split("\n")
      .slice(2)
      .map((row) =>
        row
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
const namesIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

/** The names that `readEnv` looks for. */
function namesRead(): string[] {
  const names = new Set<string>();
  readEnv(new Proxy<Record<string, string>>({}, { get: (_, name) => void names.add(String(name)) }));
  return [...names];
}

it("the table of settings has every setting that the start reads, and no other", () => {
  expect(settings.flatMap(([name]) => namesIn(name)).sort()).toEqual(namesRead().sort());
});

it("the table says what holds where a setting is absent", () => {
  const env: Readonly<Record<string, unknown>> = { ...readEnv({}) };
  const told = settings.map(([name, value]) => [namesIn(name)[0] ?? "", namesIn(value)[0]] as const);
  const plain = told.filter(([name]) => env[name] !== undefined && name !== "DATA_DIR");
  expect(plain.length).toBeGreaterThan(12);
  for (const [name, value] of plain) expect([name, value]).toEqual([name, String(env[name])]);
  const of = Object.fromEntries(told);
  expect(env["DATA_DIR"]).toBe(resolve(of["DATA_DIR"] ?? ""));
  expect([of["HOST"], of["MFA_REQUIRED"], of["ANSHI_DEMO"]]).toEqual([
    env["listenOn"],
    env["mfaRequired"],
    env["demo"] === true ? "1" : "0",
  ]);
  // Without a word of its own, a setting has no default.
  for (const [name] of settings.filter(([, value]) => value === "–"))
    expect([name, env[namesIn(name)[0] ?? ""]]).toEqual([name, undefined]);
});

/** What any program finds in its environment. */
const everybodys = new Set(["PATH", "HOME", "npm_execpath", "npm_lifecycle_event"]);

it("what commands and tests read from the environment themselves stands beside it", () => {
  const known = new Set([...settings, ...beside].flatMap(([name]) => namesIn(name)));
  const files = ["app", "db", "seeds", "workflows", "tests"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const read = files
    .filter((name) => /\.(?:tsx?|mjs|cjs)$/.test(name) && !/paraglide|node_modules/.test(name))
    .flatMap((name) => [
      ...readFileSync(join(root, name), "utf8").matchAll(/process\.env(?:\.(\w+)|\[["'](\w+)["']\])/g),
    ])
    .map(([, plain, quoted]) => plain ?? quoted ?? "");
  expect(read.length).toBeGreaterThan(20);
  expect([...new Set(read)].filter((name) => !known.has(name) && !everybodys.has(name))).toEqual([]);
});
