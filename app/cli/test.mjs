/** `npm test`: lint with types, walls, dead exports, then every test. Each stage runs even when one before it failed; one failure fails all. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { ensurePackages } from "./packages.mjs";
import { checkNode, ensureMessages, enterRoot, isBuilt, root } from "./prepare.mjs";
import { say } from "./show.mjs";

checkNode();
enterRoot();
delete process.env.NODE_ENV;
await ensurePackages({ development: true });
await ensureMessages();
const bin = (...parts) => path.join(root, "node_modules", ...parts);
/** Names of the stages that failed, and what every stage printed. @type {string[]} */
const failed = [];
/** @type {string[]} */
const said = [];
/** What apt-get's sources have, asked for once. @type {Promise<boolean> | undefined} */
let listed;

// Beside everything that does not need it, from the first moment.
const built = isBuilt() ? Promise.resolve() : stage("build", [path.join(root, "app/cli/build.mjs"), "--unless-built"]);
const vitest = [bin("vitest/vitest.mjs"), "run", "--config", "tests/vitest.config.ts"];
const asked = process.argv.slice(2);
const of = (...names) => names.flatMap((name) => ["--project", name]);
const rules = of("unit", "db", "isolation");
const withoutBrowser = [...rules, ...of("slow")];
const walls = (name, config, folders) =>
  stage(name, [bin("dependency-cruiser/bin/dependency-cruise.mjs"), "--config", config, ...folders]);
// Once over everything, once from the product's own entries alone: what only tests reach is dead as well.
const dead = (name, ...how) =>
  stage(name, [bin("knip/bin/knip.js"), "--config", ".knip.mjs", "--no-progress", "--no-config-hints", ...how]);
const source = inTurn([
  () => stage("format", [bin("@biomejs/biome/bin/biome"), "ci", "--colors=off", "--config-path=.biome.json"]),
  // Types are checked on the way, by a compiler that reads the house once for both: half of what `tsc` beside it took.
  () => stage("lint and types", [bin("oxlint/bin/oxlint"), "--type-aware", "--type-check", "--max-warnings", "0"]),
]);
/** How the house hangs together; after what asks the product, so that both streams end at about one time. */
const structure = [
  () => walls("walls", ".dependency-cruiser.cjs", ["app", "db", "workflows", "seeds"]),
  () => walls("rooms", ".dependency-cruiser.rooms.cjs", ["app"]),
  () => dead("dead exports", "--no-tag-hints"),
  () => dead("exports for tests alone", "--production", "--include=files,exports,types", "--treat-tag-hints-as-errors"),
];
// What the machine lacks is fetched beside it.
const browser = await findBrowser();
if (browser === null) {
  process.stdout.write(
    "\nThere is no Chromium on this machine, so the browser tests are left out. Install one (Debian, Ubuntu: apt-get install chromium; others: any Chromium or Chrome) or name it in CHROMIUM_PATH.\n\n",
  );
}
await installBouncer();
const tests = (name, args) => () => stage(name, [...vitest, ...args], { CHROMIUM_PATH: browser ?? undefined });
if (browser === null || asked.length > 0) {
  await Promise.all([source.then(() => inTurn(structure)), built]);
  await tests("tests", [...(browser === null ? withoutBrowser : []), ...asked])();
} else {
  // What reads the source and asks rules and databases, beside what asks one running product, one file after another.
  await Promise.all([
    source.then(tests("rules, database and isolation", rules)),
    built
      .then(tests("the running product", of("keys", "e2e", "api")))
      .then(tests("slow rules", of("slow")))
      .then(() => inTurn(structure)),
  ]);
}
const counted = (word) =>
  said.reduce((sum, text) => sum + Number(new RegExp(`^ +Tests .*?(\\d+) ${word}`, "m").exec(text)?.[1] ?? 0), 0);
say(
  `tests: ${counted("passed")} passed, ${counted("failed")} failed, ${counted("expected fail")} expected to fail, ${counted("skipped")} skipped`,
);
if (failed.length > 0) process.stderr.write(`\nFailed: ${failed.join(", ")}\n`);
process.exit(failed.length > 0 ? 1 : 0);

/** @param {(() => Promise<void>)[]} stages */
async function inTurn(stages) {
  for (const next of stages) await next();
}

/** Printed whole when it has ended: another stage runs beside it. @param {string} name @param {string[]} args */
async function stage(name, args, env = {}) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += String(part)));
  const status = await new Promise((resolve) => child.once("close", resolve));
  process.stdout.write(text);
  said.push(text);
  if (status !== 0) failed.push(name);
  say(`${name}: ${status === 0 ? "fine" : "failed"} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
}

/** @param {(string | undefined)[]} names @returns {string | null} */
function firstThatStarts(names) {
  return names.find((name) => name && spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0) ?? null;
}

/** Debian's Chromium without a window of its own comes first: a page costs it a third of what the whole browser takes. */
async function findBrowser() {
  const whole = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  const quick = [process.env.CHROMIUM_PATH, "chromium-headless-shell"];
  const there = firstThatStarts(quick);
  if (there !== null) return there;
  // Older releases have the whole browser alone.
  for (const name of ["chromium-headless-shell", "chromium"])
    if (await install("Chromium for the browser tests", name, "fonts-noto-cjk")) break;
  return firstThatStarts([...quick, ...whole]);
}

/**
 * A transaction pooler for the isolation tests; where there is none, they say so and leave that one out. Not under
 * systemd: the package would start a service there, which nobody asked for.
 */
async function installBouncer() {
  const there = firstThatStarts(["pgbouncer", "/usr/sbin/pgbouncer"]) !== null;
  if (!there && !existsSync("/run/systemd/system")) await install("PgBouncer for the isolation tests", "pgbouncer");
}

/** Debian and Ubuntu, as root. @param {string} what @param {string[]} names @returns {Promise<boolean>} whether it is there now */
async function install(what, ...names) {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return false;
  say(`installing ${what} (apt-get)`);
  const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const get = async (...args) => {
    const child = spawn("apt-get", args, options);
    return (await new Promise((resolve) => child.on("close", resolve).on("error", resolve))) === 0;
  };
  await (listed ??= get("update", "-qq"));
  return get("install", "-y", "-qq", "--no-install-recommends", ...names);
}
