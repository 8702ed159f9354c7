import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/* Scripts in a folder of the test's own, with packages that lie beside it: no network. */

const plain = { PATH: process.env["PATH"], HOME: process.env["HOME"], NODE_ENV: "production" as const };
let place = "";
let folder = "";
const running: ChildProcess[] = [];

function npm(cwd: string, ...args: string[]): void {
  const { status, stderr } = spawnSync("npm", [...args, "--no-audit", "--no-fund"], {
    cwd,
    env: plain,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}
const json = (file: string, value: unknown) => writeFileSync(file, JSON.stringify(value));

/** package.json and lock file of a product that needs `used` in this version, and `tool` for its tests. */
function product(at: string, version: string): void {
  mkdirSync(at, { recursive: true });
  const tar = (name: string, v: string) => `file:../${name}-${v}.tgz`;
  json(join(at, "package.json"), {
    name: "product",
    version: "1.0.0",
    dependencies: { used: tar("used", version), other: tar("other", "1.0.0") },
    devDependencies: { tool: tar("tool", "1.0.0") },
  });
  npm(at, "install", "--package-lock-only");
}

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "anshi-packages-"));
  const made = [
    ["used", "1.0.0"],
    ["used", "2.0.0"],
    ["other", "1.0.0"],
    ["tool", "1.0.0"],
  ] as const;
  for (const [name, version] of made) {
    const source = join(place, "sources", `${name}-${version}`);
    mkdirSync(source, { recursive: true });
    json(join(source, "package.json"), { name, version, main: "index.js" });
    writeFileSync(join(source, "index.js"), `module.exports = "${name} ${version}";\n`);
  }
  npm(place, "pack", ...made.map(([name, version]) => `./sources/${name}-${version}`));
  product(join(place, "first"), "1.0.0");
  product(join(place, "second"), "2.0.0");
}, 60_000);
let count = 0;
beforeEach(() => {
  folder = join(place, `folder-${(count += 1)}`);
  cpSync(join(place, "first"), folder, { recursive: true });
});
afterAll(() => {
  for (const one of running) one.kill("SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

/** A script of ours that makes sure of the packages and, with `stays`, goes on using them. */
function script({ development = false, stays = false } = {}) {
  const module = pathToFileURL(join(import.meta.dirname, "packages.mjs")).href;
  const code = `import { ensurePackages } from ${JSON.stringify(module)};
    await ensurePackages({ development: ${development}, folder: ${JSON.stringify(folder)} });
    process.stdout.write("whole\\n");
    ${stays ? "setInterval(() => {}, 1000); process.once('SIGTERM', () => process.exit(0));" : ""}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "pipe"],
    env: plain,
  });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
  const over = once(child, "close").then(([status]) => ({ status: status as number | null, said }));
  const whole = async () => {
    await expect.poll(() => said, { timeout: 25_000 }).toContain("whole");
    return child;
  };
  return { child, over, whole };
}

const versionOf = (name: string): string | null => {
  const file = join(folder, "node_modules", name, "package.json");
  if (!existsSync(file)) return null;
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
};
const all = () => ["used", "other", "tool"].map(versionOf);
/** Which very files they are. */
const files = (...names: string[]) =>
  names.map((name) => {
    const { ino, ctimeMs } = statSync(join(folder, "node_modules", name, "index.js"));
    return [ino, ctimeMs];
  });

describe("packages in a folder that somebody uses", () => {
  it("what is missing is put beside what is there, which stays the very same files", async () => {
    const user = script({ stays: true });
    await user.whole();
    expect(all()).toEqual(["1.0.0", "1.0.0", null]);
    const before = files("used", "other");
    // A tool that keeps something here: npm takes its own account for outdated then, and looks for itself.
    mkdirSync(join(folder, "node_modules/.cache"));
    const { status, said } = await script({ development: true }).over;
    expect([status, said]).toEqual([0, expect.stringContaining("adding 1 packages")]);
    expect(all()).toEqual(["1.0.0", "1.0.0", "1.0.0"]);
    expect(files("used", "other")).toEqual(before);

    // Nor do the tests' tools go when the product alone misses something.
    rmSync(join(folder, "node_modules/other"), { recursive: true });
    const kept = files("used", "tool");
    expect((await script().over).status).toBe(0);
    expect(all()).toEqual(["1.0.0", "1.0.0", "1.0.0"]);
    expect(files("used", "tool")).toEqual(kept);
  });

  it("none is replaced before they have ended", async () => {
    const user = script({ stays: true });
    const { pid } = await user.whole();
    const before = files("used");
    cpSync(join(place, "second"), folder, { recursive: true });
    const refused = await script().over;
    expect(refused.status).toBe(1);
    expect(refused.said).toContain(`uses them (process ${pid}). Stop that one first.`);
    expect(files("used")).toEqual(before);

    user.child.kill("SIGTERM");
    await user.over;
    expect((await script().over).status).toBe(0);
    expect(all()).toEqual(["2.0.0", "1.0.0", null]);
  });
});

describe("packages in a fresh folder", () => {
  it("come whole to two scripts that start at once", async () => {
    const two = await Promise.all([script().over, script({ development: true }).over]);
    expect(two.map(({ status, said }) => [status, /whole/.test(said)])).toEqual([
      [0, true],
      [0, true],
    ]);
    expect(all()).toEqual(["1.0.0", "1.0.0", "1.0.0"]);
    // Nobody is left in the list, and no mark.
    expect(readdirSync(join(folder, "node_modules/.anshi"))).toEqual([]);
  });

  it.each([
    ["everything", "anew", ["1.0.0", "1.0.0", null]],
    ["the tools", "add", ["1.0.0", "1.0.0", "1.0.0"]],
  ] as const)("half a package of an installation of %s that was killed is made whole", async (_what, kind, wanted) => {
    const development = kind === "add";
    if (development) expect((await script().over).status).toBe(0);
    const half = join(folder, "node_modules", development ? "tool" : "used");
    mkdirSync(half, { recursive: true });
    json(join(half, "package.json"), { name: development ? "tool" : "used", version: "1.0.0" });
    mkdirSync(join(folder, "node_modules/.anshi"), { recursive: true });
    writeFileSync(join(folder, "node_modules/.anshi/half"), kind);
    // Its turn is still written down.
    json(join(folder, "node_modules/.anshi/installing"), [{ pid: 2 ** 22 + 1, mark: "" }]);
    expect((await script({ development }).over).status).toBe(0);
    expect(all()).toEqual(wanted);
    expect(existsSync(join(half, "index.js"))).toBe(true);
  });

  it("do not come where package.json names others than the lock file", async () => {
    cpSync(join(place, "second/package.json"), join(folder, "package.json"));
    const { status, said } = await script().over;
    expect([status, said]).toEqual([1, expect.stringContaining("name different dependencies")]);
  });
});
