import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { createLogger } from "./log.server.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(
    createLogger("trace", new Writable({ write: (chunk, _encoding, next) => (lines.push(String(chunk)), next()) })),
  );
  return lines;
}

it("whatever is written down stays one line of JSON, with its time in UTC and its level", () => {
  const lines = logged((log) =>
    log.info({ path: 'x\n{"level":"fatal","msg":"forged"}\r\n\u2028\u001b[31m' }, 'two\nlines "quoted"'),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd().includes("\n")).toBe(false);
  const line = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
  expect(line).toMatchObject({ level: "info", msg: 'two\nlines "quoted"' });
  expect(line["time"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

it("secrets are removed wherever they are named, three levels down", () => {
  const [line = ""] = logged((log) =>
    log.info(
      { password: "hunter2", form: { token: "hunter2", more: { authorization: "hunter2" } }, cookie: "hunter2" },
      "x",
    ),
  );
  expect(line).not.toContain("hunter2");
  expect(line).toContain("[removed]");
});
