import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isFree, lives, takeTurn, whoIs } from "./turn.mjs";

const folder = mkdtempSync(join(tmpdir(), "anshi-turn-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a turn", () => {
  it("is one process's, and the next one's when it has ended", async () => {
    const file = join(folder, "one");
    const first = await takeTurn(file);
    const waited: number[] = [];
    const order: string[] = [];
    const second = takeTurn(file, (pid) => waited.push(pid)).then((turn) => (order.push("second"), turn));
    await expect.poll(() => waited).toEqual([process.pid]);
    order.push("first ends");
    first.end();
    (await second).end();
    expect([order, isFree(file)]).toEqual([["first ends", "second"], true]);
  });

  it("of a process that is gone is taken over, but not before what it had started has ended too", async () => {
    const file = join(folder, "killed");
    const helper = spawn("sleep", ["60"]);
    const taker = join(import.meta.dirname, "turn.mjs");
    const code = `import { takeTurn } from ${JSON.stringify(taker)}; (await takeTurn(${JSON.stringify(file)})).with(${helper.pid}); process.kill(process.pid, "SIGKILL");`;
    await once(spawn(process.execPath, ["--input-type=module", "--eval", code]), "exit");
    expect(isFree(file)).toBe(false);
    let taken = false;
    const turn = takeTurn(file).then((mine) => ((taken = true), mine));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(taken).toBe(false);
    helper.kill("SIGKILL");
    (await turn).end();
  });

  it("is free when its number has come round to somebody else, or when nobody can read it", () => {
    expect(lives(whoIs(process.pid))).toBe(true);
    expect(lives({ pid: process.pid, mark: "another boot:1" })).toBe(process.platform !== "linux");
    const file = join(folder, "broken");
    writeFileSync(file, "{");
    expect([isFree(file), readFileSync(file, "utf8")]).toEqual([true, "{"]);
  });
});
