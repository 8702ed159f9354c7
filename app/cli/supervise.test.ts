import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { causeOf } from "./supervise.mjs";

/* The supervisor with programs of the test's own in the server's place. */

let folder = "";
const running: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "anshi-supervise-"));
});
afterAll(() => {
  for (const one of running) one.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
/** @param program runs with `n`, the number of this start, and `ready()` */
function keep(program: string, flags: string[] = []) {
  const name = join(folder, `p${(count += 1)}`);
  writeFileSync(`${name}.starts`, "");
  writeFileSync(
    `${name}.mjs`,
    `import { appendFileSync, readFileSync } from "node:fs";
     process.once("disconnect", () => (appendFileSync(${JSON.stringify(`${name}.starts`)}, "alone\\n"), process.exit(0)));
     appendFileSync(${JSON.stringify(`${name}.starts`)}, process.pid + " " + (process.env.PORT ?? "") + "\\n");
     const n = readFileSync(${JSON.stringify(`${name}.starts`)}, "utf8").trim().split("\\n").length;
     const ready = () => process.send({ ready: true, port: 4711 });
     setInterval(() => {}, 1000);
     ${program}`,
  );
  const code = `import { supervise } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, "supervise.mjs")).href)};
    process.exit(await supervise({ args: ${JSON.stringify([...flags, `${name}.mjs`])}, name: "It", whenGivenUp: "The rest runs on.", restsMs: [0, 10, 10, 10] }));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], NODE_ENV: "test" },
  });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
  const over = once(child, "close").then(([status]) => status as number | null);
  const starts = () => readFileSync(`${name}.starts`, "utf8").trim().split("\n").filter(Boolean);
  const until = async (n: number) => {
    for (const end = Date.now() + 25_000; starts().length < n; await sleep(20))
      if (Date.now() > end) throw new Error(said);
  };
  return { child, over, starts, until, said: () => said };
}

describe("what ends by accident", () => {
  it.each([
    [
      "its heap's end",
      `if (n === 1) { ready(); const kept = []; for (;;) kept.push(new Array(1e5).fill(n)); } else process.exit(0);`,
      "out of memory",
      ["--max-old-space-size=16"],
    ],
    [
      "being killed",
      `if (n === 1) { ready(); process.kill(process.pid, "SIGKILL"); } else process.exit(0);`,
      "killed \\(SIGKILL\\)",
      [],
    ],
    [
      "an error that nobody caught",
      `if (n === 1) { ready(); setTimeout(() => process.exit(1), 50); } else process.exit(0);`,
      "an error that nobody caught",
      [],
    ],
  ])("is started again at its port, and the log says the cause: %s", async (_what, program, cause, flags) => {
    const { over, starts, said } = keep(program, flags);
    expect(await over).toBe(0);
    expect(starts()).toHaveLength(2);
    expect(starts()[1]).toMatch(/ 4711$/);
    const line =
      said()
        .split("\n")
        .find((one) => one.startsWith("{")) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      level: "fatal",
      cause: expect.stringMatching(cause) as unknown,
      msg: "the server ended by accident and is started again",
    });
  });

  it("again and again is given up with one clear line", async () => {
    const { over, starts, said } = keep(`ready(); setTimeout(() => process.exit(7), 50);`);
    expect(await over).toBe(1);
    expect(starts()).toHaveLength(5);
    expect(said()).toContain(
      "It ended 5 times in a row and is not started again. The last time: exit status 7. Its own lines stand above. The rest runs on.",
    );
  });
});

describe("what cannot start", () => {
  it("and has said why is not tried again", async () => {
    const { over, starts, said } = keep(
      `process.stderr.write("PORT must be a number.\\n"); process.exitCode = 1; process.exit();`,
    );
    expect(await over).toBe(1);
    expect(starts()).toHaveLength(1);
    expect(said()).toBe("PORT must be a number.\n");
  });
});

describe("signals", () => {
  const counts = `let asked = 0; for (const s of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(s, () => { asked += 1; process.stdout.write(s + asked + "\\n"); if (s !== "SIGINT") process.exit(0); if (asked === 3) process.exit(1); }); ready();`;
  it.each(["SIGTERM", "SIGHUP"] as const)("%s ends it in order", async (signal) => {
    const { child, over, starts, until } = keep(counts);
    await until(1);
    await sleep(300);
    child.kill(signal);
    expect(await over).toBe(0);
    expect(starts()).toHaveLength(1);
  });

  it("each Ctrl-C is passed on once; the third leaves at once with status 1", async () => {
    const { child, over, said, until } = keep(counts);
    await until(1);
    await sleep(300);
    for (const n of [1, 2, 3]) {
      child.kill("SIGINT");
      if (n < 3) await expect.poll(said, { timeout: 10_000 }).toContain(`SIGINT${n}`);
    }
    expect(await over).toBe(1);
    expect(said()).not.toContain("SIGINT4");
  });

  it("reach the program that was started in another's place", async () => {
    const { child, over, starts, until, said } = keep(
      `if (n === 1) { ready(); setTimeout(() => process.exit(9), 50); } else { ${counts} }`,
    );
    await until(2);
    await sleep(1_500);
    child.kill("SIGTERM");
    expect(await over).toBe(0);
    expect(starts()).toHaveLength(2);
    expect(said()).toContain("SIGTERM1");
  });

  it("the supervisor's own death ends the server in order", async () => {
    const { child, until } = keep(`ready();`);
    await until(1);
    await sleep(300);
    child.kill("SIGKILL");
    await until(2);
  });
});

describe("a cause", () => {
  it("that the watchdog wrote is told in its words", () => {
    const said = "x\nanshi-watchdog: the event loop stood for 120 s\n";
    expect(causeOf({ pid: 1, code: null, signal: "SIGKILL", said })).toBe("the event loop stood for 120 s");
    expect(causeOf({ pid: 1, code: 139, signal: null, said: "" })).toBe("ended by signal SIGSEGV");
  });
});
