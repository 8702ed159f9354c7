import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileOfForm, FormOfTwoFiles, nameOf } from "./multipart.server.ts";
import { type Spooled, spool } from "./spool.server.ts";

const type = "multipart/form-data; boundary=b";
const part = (head: string, content: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from("--b--\r\n")]);
const whole = form(
  part('name="note"', "x"),
  part('name="file"; filename="a.txt"', "甲乙丙丁".repeat(20)),
  part('name="after"', "y"),
);

let folder = "";
const uncaught: unknown[] = [];
const catching = (error: unknown) => void uncaught.push(error);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anshi-form-"));
  process.on("uncaughtException", catching).on("unhandledRejection", catching);
});
afterAll(async () => {
  process.off("uncaughtException", catching).off("unhandledRejection", catching);
  await rm(folder, { recursive: true, force: true });
});

/** What came of a body: its file's name and length, null without one, or the name of the error. It never hangs: the test's own limit says so. */
async function outcome(
  body: Readable,
  limit = 1000,
  keep = (file: Readable): Promise<Spooled> => spool(file, folder, limit),
): Promise<unknown> {
  try {
    const found = await fileOfForm(type, body, keep, (kept) => kept.discard());
    await found?.kept.discard();
    return found && [found.name, found.kept.bytes];
  } catch (error) {
    return (error as Error).name;
  } finally {
    body.destroy();
  }
}
const inPieces = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
    { objectMode: false },
  );

describe("a form that comes in", () => {
  it("gives its file, in whatever pieces it comes", async () => {
    for (const size of [1, 7, 1000]) expect(await outcome(inPieces(whole, size))).toEqual(["a.txt", 240]);
    expect(await outcome(inPieces(form(part('name="note"', "x")), 5))).toBeNull();
  });

  it("ends with an error wherever it is cut off, and leaves nothing", async () => {
    const cuts = Array.from({ length: whole.indexOf("--b--") + 4 }, (_, n) => n);
    for (const size of [3, 1000]) {
      const ends = await Promise.all(cuts.map((n) => outcome(inPieces(whole.subarray(0, n), size))));
      expect(ends.filter((e) => e !== "Error")).toEqual([]);
    }
  });

  it("ends with its sender, at whatever byte they go", async () => {
    const cuts = Array.from({ length: Math.floor(whole.length / 5) }, (_, n) => n * 5);
    const gone = (n: number) =>
      Readable.from(
        (async function* () {
          yield whole.subarray(0, n);
          await new Promise((resolve) => setTimeout(resolve, n % 3));
          throw Object.assign(new Error("aborted"), { name: "Gone" });
        })(),
        { objectMode: false },
      );
    expect([...new Set(await Promise.all(cuts.map((n) => outcome(gone(n)))))]).toEqual(["Gone"]);
  });

  it("over the limit ends, also where the body had been read whole by then", async () => {
    for (const more of [0, 1, 100, 1000, 40_000, 65_000]) {
      const body = form(part('name="file"; filename="a"', Buffer.alloc(5000 + more, 97)));
      for (const size of [777, 16_384, 200_000])
        expect([more, size, await outcome(inPieces(body, size), 5000)]).toEqual([
          more,
          size,
          more === 0 ? ["a", 5000] : "RangeError",
        ]);
    }
  });

  it("ends where the disk does, early or late", async () => {
    const failing =
      (after: number) =>
      async (file: Readable): Promise<Spooled> => {
        await new Promise((resolve) => setTimeout(resolve, after));
        file.destroy();
        throw Object.assign(new Error("no space left"), { name: "Full" });
      };
    for (const after of [0, 5, 30]) expect(await outcome(inPieces(whole, 50), 0, failing(after))).toBe("Full");
  });

  it("with two files is refused, whichever of them is empty", async () => {
    const file = (content: string) => part('name="file"; filename="a"', content);
    for (const two of [form(file("x"), file("y")), form(file(""), file("y")), form(file("x"), file(""))])
      expect(await outcome(inPieces(two, 9))).toBe(FormOfTwoFiles.name);
  });

  it("is no form without a boundary, with a bad head, or with ever more parts", async () => {
    await expect(
      fileOfForm(
        "multipart/form-data",
        inPieces(whole, 9),
        (f) => spool(f, folder, 9),
        () => Promise.resolve(),
      ),
    ).rejects.toThrow("Boundary");
    expect(await outcome(inPieces(Buffer.from("--b\r\nno head at all\r\n\r\nx\r\n--b--\r\n"), 9))).toBe("Error");
    expect(
      await outcome(
        inPieces(
          Buffer.from(
            `--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${"x".repeat(99)}\r\n--b\r\n: \r\n\r\n--b--`,
          ),
          9,
        ),
      ),
    ).toBe("Error");
    expect(await outcome(inPieces(form(...Array.from({ length: 40 }, (_, i) => part(`name="n${i}"`, "x"))), 99))).toBe(
      "Error",
    );
  });

  it("of any bytes settles", async () => {
    const words = fc.constantFrom(
      "--b",
      "--",
      "\r\n",
      "\r\n\r\n",
      "Content-Disposition: form-data; ",
      'name="file"; filename="a"',
      "x",
      "\u0000",
      ":",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 25 }),
        fc.integer({ min: 1, max: 40 }),
        async (list, size) => void (await outcome(inPieces(Buffer.from(list.join("")), size))),
      ),
      { numRuns: 200 },
    );
  });

  it("leaves no file, and nothing that nobody caught", async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await readdir(folder)).toEqual([]);
    expect(uncaught).toEqual([]);
  });
});

describe("the name of a form's file", () => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((p) => Buffer.from(p as string))).toString("latin1");
  it.each([
    ["UTF-8", bytes("记录.txt"), "记录.txt"],
    ["GBK, as older programs send it", bytes([0xbc, 0xc7, 0xc2, 0xbc], ".txt"), "记录.txt"],
    ["GB 18030 with a backslash for its second byte", bytes([0x97, 0x5c], ".txt"), "梊.txt"],
    ["what stands in quotes", bytes("a%22b%0D%0A.txt"), 'a"b\r\n.txt'],
    ["filename*, decoded by the parser", "€ rates.txt", "€ rates.txt"],
    ["neither", bytes([0xff, 0xff]), "ÿÿ"],
  ])("%s", (_what, latin1, name) => expect(nameOf(latin1)).toBe(name));
});
