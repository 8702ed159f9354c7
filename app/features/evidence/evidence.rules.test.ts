import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spool } from "#app/platform/spool.server.ts";
import { docx, jpeg, pdf, png, pptx, refusedFiles, webp, xlsx, zip } from "#tests/builders/files.ts";
import { type EvidenceType, evidenceTypes, safeName } from "./evidence.rules.ts";
import { inspect } from "./inspect.server.ts";

describe("names", () => {
  it.each([
    ["风险评估.PDF", "application/pdf", "风险评估.PDF"],
    ["C:\\Users\\x\\报告.pdf", "application/pdf", "报告.pdf"],
    ["../../etc/passwd", "text/plain", "passwd.txt"],
    ["发票.pdf.exe", "application/pdf", "发票.pdf.exe.pdf"],
    ["page.html", "text/plain", "page.html.txt"],
    ["a\r\nSet-Cookie: x=1\n.png", "image/png", "a_Set-Cookie_ x=1_.png"],
    ["\u202egnp.exe", "image/png", "_gnp.exe.png"],
    ["", "text/csv", "file.csv"],
    [".pdf", "application/pdf", "pdf.pdf"],
    ["отчёт تقرير 𠮷😀.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "отчёт تقرير 𠮷😀.docx"],
  ] as const)("%j of %s", (given, type, kept) => expect(safeName(given, type)).toBe(kept));

  it("whatever comes, what is kept is one line, no path, no longer than a field, and ends as its content does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.constantFrom(...(Object.keys(evidenceTypes) as EvidenceType[])), (given, type) => {
        const name = safeName(given, type);
        // oxlint-disable-next-line no-control-regex
        expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\"]/);
        expect([...name].length).toBeLessThanOrEqual(200);
        expect(evidenceTypes[type].some((e) => name.toLowerCase().endsWith(`.${e}`))).toBe(true);
        expect(name.startsWith(".")).toBe(false);
        expect(name).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

describe("what a file is", () => {
  let folder = "";
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "anshi-inspect-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const look = async (bytes: Uint8Array, name: string) => {
    const spooled = await spool(new Blob([new Uint8Array(bytes)]).stream(), folder, 64 * 1024 * 1024);
    try {
      return await inspect(spooled, name);
    } finally {
      await spooled.discard();
    }
  };

  it.each([
    ["PDF", pdf(), "a.txt", "application/pdf"],
    ["PNG", png(), "a.pdf", "image/png"],
    ["JPEG", jpeg(), "a.jpg", "image/jpeg"],
    ["WebP", webp(), "a", "image/webp"],
    ["DOCX", docx(), "a.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["XLSX", xlsx(), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    ["PPTX", pptx(), "a.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
    ["ZIP", zip(), "a.docx", "application/zip"],
    ["text", Buffer.from("日志\t1 < 2\n"), "a.log", "text/plain"],
    ["CSV in GB 18030", Buffer.from("b1e0bac52cc3fbb3c60d0a", "hex"), "表.csv", "text/csv"],
    ["UTF-16", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("甲,乙", "utf16le")]), "表.CSV", "text/csv"],
  ])("%s by its content", async (_what, bytes, name, type) => expect(await look(bytes, name)).toBe(type));

  it.each(Object.entries(refusedFiles))("refuses %s", async (_what, { bytes, name, code }) => {
    await expect(look(bytes, name)).rejects.toMatchObject({ code, status: 422 });
  });

  it("leaves nothing on disk", async () => expect(await readdir(folder)).toEqual([]));
});
