/** `npm test`: lint, types, walls, then every test. Each stage runs even when one before it failed; one failure fails all. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { checkNode, ensureMessages, ensurePackages, enterRoot, isBuilt, root, say } from "./prepare.mjs";

checkNode();
enterRoot();
delete process.env.NODE_ENV;
ensurePackages({ development: true });
ensureMessages();
const bin = (...parts) => path.join(root, "node_modules", ...parts);
const failed = [];

/** One after another, but never so that what runs beside them is kept waiting. @param {string} name @param {string[]} args */
async function stage(name, args, env = {}) {
  say(name);
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) failed.push(name);
  else say(`${name}: fine (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
}

// Beside lint, types and walls, which leave a core free; it says what it has to say when it has ended.
const building = isBuilt() ? null : beside([path.join(root, "app/cli/build.mjs")]);
await stage("lint", [bin("oxlint/bin/oxlint"), "--type-aware", "--max-warnings", "0"]);
await stage("types", [bin("typescript/bin/tsc"), "--noEmit"]);
await stage("walls", [
  bin("dependency-cruiser/bin/dependency-cruise.mjs"),
  "--config",
  ".dependency-cruiser.cjs",
  "app",
  "db",
  "workflows",
  "seeds",
]);
if (building) {
  say("build");
  const { status, said, seconds } = await building;
  process.stdout.write(said);
  if (status !== 0) failed.push("build");
  else say(`build: fine (${seconds.toFixed(1)} s)`);
}

const browser = findBrowser();
if (browser === null) {
  process.stdout.write(
    "\nThere is no Chromium on this machine, so the browser tests are left out. Install one (Debian, Ubuntu: apt-get install chromium; others: any Chromium or Chrome) or name it in CHROMIUM_PATH.\n\n",
  );
}
installBouncer();
const vitest = [bin("vitest/vitest.mjs"), "run", "--config", "tests/vitest.config.ts"];
const asked = process.argv.slice(2);
const of = (...names) => names.flatMap((name) => ["--project", name]);
const withoutBrowser = of("unit", "db", "isolation");
if (browser === null || asked.length > 0) {
  await stage("tests", [...vitest, ...(browser === null ? withoutBrowser : []), ...asked], { CHROMIUM_PATH: browser ?? undefined });
} else {
  await sideBySide([
    ["rules, database and isolation", [...vitest, ...withoutBrowser]],
    ["the running product", [...vitest, ...of("keys", "e2e", "api")]],
  ]);
}
if (failed.length > 0) process.stderr.write(`\nFailed: ${failed.join(", ")}\n`);
process.exit(failed.length > 0 ? 1 : 0);

/**
 * What asks rules and databases beside what asks one running product, which has to be asked one file after another and
 * leaves much of the machine free. Each is printed whole when it has ended, then the count of both.
 * @param {[string, string[]][]} parts
 */
async function sideBySide(parts) {
  const ended = await Promise.all(
    parts.map(async ([name, args]) => {
      const part = { name, ...(await beside(args, { CHROMIUM_PATH: browser ?? undefined })) };
      process.stdout.write(part.said);
      if (part.status !== 0) failed.push(name);
      say(`${name}: ${part.status === 0 ? "fine" : "failed"} (${part.seconds.toFixed(1)} s)`);
      return part;
    }),
  );
  const counted = (word) => ended.reduce((sum, { said }) => sum + Number(new RegExp(`^ +Tests .*?(\\d+) ${word}`, "m").exec(said)?.[1] ?? 0), 0);
  say(`tests: ${counted("passed")} passed, ${counted("failed")} failed, ${counted("expected fail")} expected to fail, ${counted("skipped")} skipped`);
}

/** @param {string[]} args @returns {Promise<{ status: number | null, said: string, seconds: number }>} */
function beside(args, env = {}) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1", ...env } });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
  return new Promise((resolve) => {
    child.once("close", (status) => resolve({ status, said, seconds: (performance.now() - begun) / 1000 }));
  });
}

/** @param {(string | undefined)[]} names @returns {string | null} */
function firstThatStarts(names) {
  return names.find((name) => name && spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0) ?? null;
}

/** Debian's Chromium without a window of its own comes first: a page costs it a third of what the whole browser takes. */
function findBrowser() {
  const whole = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  const quick = [process.env.CHROMIUM_PATH, "chromium-headless-shell"];
  return firstThatStarts(quick) ?? (installBrowser() ? firstThatStarts([...quick, ...whole]) : firstThatStarts(whole));
}

/** Debian and Ubuntu, as root; older releases have the whole browser alone. @returns {boolean} whether it tried */
function installBrowser() {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return false;
  say("installing Chromium for the browser tests (apt-get)");
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  for (const browser of ["chromium-headless-shell", "chromium"]) {
    const { status } = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", browser, "fonts-noto-cjk"], quiet);
    if (status === 0) break;
  }
  return true;
}

/**
 * A transaction pooler for the isolation tests; where there is none, they say so and leave that one out. Not under
 * systemd: the package would start a service there, which nobody asked for.
 */
function installBouncer() {
  const there = ["pgbouncer", "/usr/sbin/pgbouncer"].some((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
  if (there || process.getuid?.() !== 0 || existsSync("/run/systemd/system") || spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return;
  say("installing PgBouncer for the isolation tests (apt-get)");
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "pgbouncer"], quiet);
}
