/**
 * The packages of the lock file: what is missing is added, and what somebody uses stays as it is. Plain Node, since none of
 * them may be there yet.
 *
 * Never `npm ci`: it takes everything away first, from under a product that runs. Who needs the packages is named in
 * `node_modules/.anshi`, one process installs at a time, and what an interrupted one left half is thrown away by the next.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { begin, beginNode } from "./child.mjs";
import { root } from "./prepare.mjs";
import { fail, say, saying } from "./show.mjs";
import { isFree, lives, takeTurn, whoIs } from "./turn.mjs";

/** @typedef {Record<string, { version?: string, optional?: boolean, dev?: boolean, devOptional?: boolean, link?: boolean }>} Packages */

const KEPT = "node_modules/.package-lock.json";
const OURS = "node_modules/.anshi";
/** While one installs: `add` beside what is there, or `anew` everything. */
const HALF = `${OURS}/half`;
const TURN = `${OURS}/installing`;

/**
 * Makes sure of the packages, and tells others that this process needs them until it ends.
 * @param {{ development?: boolean, folder?: string }} [options] `development`: the tools for tests too; `folder`: for tests
 */
export async function ensurePackages({ development = false, folder = root } = {}) {
  const leave = use(folder);
  if (isFree(path.join(folder, TURN)) && isWhole(folder, development)) return;
  // Whoever waits does not use them yet: two that wait must not be in each other's way.
  leave();
  const turn = await takeTurn(path.join(folder, TURN), (pid) =>
    say(`waiting for process ${pid}, which installs packages`),
  ).catch((error) => fail(`Packages are missing, and node_modules cannot be written: ${error.message}`));
  try {
    if (!isWhole(folder, development)) await install(folder, development, turn);
    use(folder);
  } finally {
    turn.end();
  }
}

/** @param {string} folder @param {boolean} development */
function isWhole(folder, development) {
  const { missing, changed } = compare(folder, development);
  return missing.length + changed.length === 0 && !existsSync(path.join(folder, HALF)) && patched(folder);
}

/**
 * The lock file against what npm says is there, and whether it is.
 * @param {string} folder
 * @param {boolean} development
 */
function compare(folder, development) {
  /** @type {Packages} */
  const wanted = readJson(path.join(folder, "package-lock.json"))?.packages ?? {};
  const present = presentIn(folder);
  const needed = Object.entries(wanted).filter(
    ([name, { link, optional, dev, devOptional }]) =>
      name !== "" && !link && !optional && (development || !(dev || devOptional)),
  );
  return {
    missing: needed.filter(([name]) => !present[name]).map(([name]) => name),
    changed: needed.filter(([name, { version }]) => present[name] && present[name].version !== version),
    /** What an installation would replace or take away. */
    foreign: Object.entries(present).filter(([name, { version }]) => wanted[name]?.version !== version),
    tools: Object.values(present).some(({ dev }) => dev),
  };
}

/** npm keeps account itself; what was taken away by hand is not there. @param {string} folder @returns {Packages} */
function presentIn(folder) {
  /** @type {Packages} */
  const kept = readJson(path.join(folder, KEPT))?.packages ?? {};
  return Object.fromEntries(
    Object.entries(kept).filter(([name, { link }]) => link || existsSync(path.join(folder, name, "package.json"))),
  );
}

/** @param {string} folder @param {boolean} development @param {import("./turn.mjs").Turn} turn */
async function install(folder, development, turn) {
  clearHalf(folder);
  const { missing, changed, foreign, tools } = compare(folder, development);
  const accounted = existsSync(path.join(folder, KEPT));
  const adding = accounted && foreign.length === 0 && (patched(folder) || users(folder).length === 0);
  const user = adding ? undefined : users(folder)[0];
  if (user !== undefined)
    fail(
      `The packages have changed, and an Anshi that was started from this folder uses them (process ${user}). Stop that one first.`,
    );
  checkLock(folder);
  if (missing.length + changed.length > 0 || !accounted) {
    writeFileSync(path.join(folder, HALF), adding ? "add" : "anew");
    if (!accounted) clearAll(folder);
    const shown = saying(`${adding ? "adding" : "installing"} ${missing.length + changed.length} packages`);
    const said = await npmInstall(folder, development || tools, turn);
    shown.end();
    if (said !== null)
      fail(
        `${said.trim()}\n\nnpm install failed; its own message stands above. A network connection to the package registry is needed the first time.`,
      );
    rmSync(path.join(folder, HALF), { force: true });
  }
  await patch(folder);
}

/** Throws away what an installation that did not end has left, where npm cannot tell half a package from a whole one. @param {string} folder */
function clearHalf(folder) {
  const half = path.join(folder, HALF);
  if (!existsSync(half)) return;
  if (readFileSync(half, "utf8") === "add") {
    const present = presentIn(folder);
    /** @type {Packages} */
    const wanted = readJson(path.join(folder, "package-lock.json"))?.packages ?? {};
    for (const name of Object.keys(wanted))
      if (name !== "" && !present[name]) rmSync(path.join(folder, name), { recursive: true, force: true });
  } else clearAll(folder);
  rmSync(half, { force: true });
}

/** Nobody who lives can use them: everyone asks `isWhole` first. @param {string} folder */
function clearAll(folder) {
  const modules = path.join(folder, "node_modules");
  for (const name of readdirSync(modules))
    if (name !== path.basename(OURS)) rmSync(path.join(modules, name), { recursive: true, force: true });
}

/** As `npm ci` does: `npm install` would go by package.json and leave the lock file behind. @param {string} folder */
function checkLock(folder) {
  const named = readJson(path.join(folder, "package.json")) ?? {};
  const locked = readJson(path.join(folder, "package-lock.json"))?.packages?.[""] ?? {};
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
    const sorted = (/** @type {Record<string, string> | undefined} */ list) =>
      JSON.stringify(Object.entries(list ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (sorted(named[kind]) !== sorted(locked[kind]))
      fail(
        `package.json and package-lock.json name different ${kind}. Run npm install, which brings the second up to date.`,
      );
  }
}

/** @param {string} folder @param {boolean} development @param {import("./turn.mjs").Turn} turn @returns {Promise<string | null>} what npm said when it failed */
async function npmInstall(folder, development, turn) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const args = ["install", "--no-save", ...quiet, development ? "--include=dev" : "--omit=dev"];
  // The lock file pins digests: what the cache knows of a package need not be asked for again.
  for (const more of [["--prefer-offline"], []]) {
    const { child, ended } = beginNpm([...args, ...more], folder);
    turn.with(child.pid);
    const { status, said } = await ended;
    if (status === 0) return null;
    // The cache may know a package from before this version of it.
    if (more.length === 0 || !/ETARGET|ENOVERSIONS/.test(said)) return said;
  }
  return null;
}

/** @param {string[]} args @param {string} cwd */
function beginNpm(args, cwd) {
  // Set by npm itself: the very npm that started us, wherever it lies.
  const own = process.env.npm_execpath;
  return own && /\.[cm]?js$/.test(own) ? beginNode([own, ...args], { cwd }) : begin("npm", args, { cwd });
}

/** Tells others that this process needs the packages until it ends. @param {string} folder @returns {() => void} it does not, after all */
function use(folder) {
  const name = path.join(folder, OURS, String(process.pid));
  const leave = () => {
    process.off("exit", leave);
    rmSync(name, { force: true });
  };
  try {
    mkdirSync(path.join(folder, OURS), { recursive: true });
    writeFileSync(name, JSON.stringify(whoIs(process.pid)));
  } catch {
    // A folder that may not be written is not installed into either.
    return () => {};
  }
  process.on("exit", leave);
  return leave;
}

/** @param {string} folder @returns {number[]} processes that live and need the packages, but ours */
function users(folder) {
  const place = path.join(folder, OURS);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readJson(path.join(place, name)) ?? { pid: Number(name), mark: "" })
    .filter(
      (who) => who.pid !== process.pid && (lives(who) || rmSync(path.join(place, String(who.pid)), { force: true })),
    )
    .map(({ pid }) => pid);
}

/** Where install scripts are switched off in npm's settings, the patches are still to be made. @param {string} folder */
async function patch(folder) {
  if (patched(folder)) return;
  const tool = path.join(folder, "node_modules/patch-package/index.js");
  const { said } = await beginNode([tool, "--patch-dir", "db/patches"], { cwd: folder }).ended;
  if (!patched(folder))
    fail(`${said}\nThe patches in db/patches could not be applied. Remove node_modules and run the command again.`);
}

/** Does every patched file hold every line its patch adds? @param {string} folder */
function patched(folder) {
  const patches = path.join(folder, "db/patches");
  if (!existsSync(patches)) return true;
  return readdirSync(patches)
    .filter((name) => name.endsWith(".patch"))
    .every((name) => {
      let file = "";
      return readFileSync(path.join(patches, name), "utf8")
        .split("\n")
        .every((line) => {
          if (line.startsWith("+++ b/")) {
            const target = path.join(folder, line.slice("+++ b/".length));
            if (!existsSync(target)) return false;
            file = readFileSync(target, "utf8");
            return true;
          }
          return !line.startsWith("+") || file.includes(line.slice(1));
        });
    });
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
