import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDirectory, lockHolder } from "./lock.server.ts";
import { StartError } from "./start-error.ts";

let directory = "";
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lock with blanks "));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

/** A real process that takes the lock, tells so, and stays; or tells why it did not. */
async function taker(): Promise<{ child: ChildProcess; said: string }> {
  const program = `import { lockDirectory } from ${JSON.stringify(new URL("./lock.server.ts", import.meta.url).href)};
    try { lockDirectory(${JSON.stringify(directory)}); console.log("taken"); setInterval(() => {}, 1000); } catch (error) { console.log(error.message); }`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: said.toString().trim() };
}

describe("the lock of a data directory", () => {
  it("is given to one of two processes, and the other is told who has it", async () => {
    const { child, said } = await taker();
    expect(said).toBe("taken");
    expect(() => lockDirectory(directory)).toThrow(StartError);
    expect(() => lockDirectory(directory)).toThrow(new RegExp(`in use by another Anshi \\(process ${child.pid}\\)`));
    expect(lockHolder(directory)).toBe(child.pid);
  });

  it("is taken over from a killed process", async () => {
    const { child } = await taker();
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    expect(lockHolder(directory)).toBeNull();
    const lock = lockDirectory(directory);
    expect(lockHolder(directory)).toBe(process.pid);
    lock.release();
    expect(lockHolder(directory)).toBeNull();
  });

  it("is won by exactly one of many that find a stale one", async () => {
    writeFileSync(join(directory, "anshi.lock"), JSON.stringify({ pid: 2 ** 22 + 5, startMark: "gone" }));
    const answers = await Promise.all(Array.from({ length: 6 }, taker));
    expect(answers.filter(({ said }) => said === "taken")).toHaveLength(1);
  });

  it("does not take another process under a reused number for its holder", () => {
    writeFileSync(join(directory, "anshi.lock"), JSON.stringify({ pid: process.ppid, startMark: "an-earlier-boot:1" }));
    lockDirectory(directory).release();
  });

  it("survives a damaged file, and releases only what is its own", () => {
    const path = join(directory, "anshi.lock");
    writeFileSync(path, "{");
    const lock = lockDirectory(directory);
    writeFileSync(path, "somebody else's");
    lock.release();
    expect(existsSync(path) && readFileSync(path, "utf8")).toBe("somebody else's");
  });
});
