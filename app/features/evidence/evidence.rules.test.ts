import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spool } from "#app/platform/spool.server.ts";
import * as files from "#tests/builders/files.ts";
import { type EvidenceType, evidenceTypes, safeName } from "./evidence.rules.ts";
import { inspect } from "./inspect.server.ts";
import { opensWithoutPassword } from "./pdf-lock.server.ts";

const { docx, jpeg, pdf, png, pptx, refusedFiles, webp, xlsx, zip } = files;

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
    ["CON.txt", "text/plain", "_CON.txt"],
    ["com1.tar.pdf", "application/pdf", "_com1.tar.pdf"],
    ["nul", "image/png", "_nul.png"],
    ["console.txt", "text/plain", "console.txt"],
    ["公文.ofd", "application/ofd", "公文.ofd"],
    ["config.xml", "text/plain", "config.xml.txt"],
    ["信.eml", "text/plain", "信.eml"],
    [".pdf", "application/pdf", "pdf.pdf"],
    [
      "отчёт تقرير 𠮷😀.docx",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "отчёт تقرير 𠮷😀.docx",
    ],
  ] as const)("%j of %s", (given, type, kept) => expect(safeName(given, type)).toBe(kept));

  it("whatever comes, what is kept is one line, no path, no longer than a field, and ends as its content does", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.constantFrom(...(Object.keys(evidenceTypes) as EvidenceType[])),
        (given, type) => {
          const name = safeName(given, type);
          // oxlint-disable-next-line no-control-regex
          expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\"]/);
          expect([...name].length).toBeLessThanOrEqual(200);
          expect(evidenceTypes[type].some((e) => name.toLowerCase().endsWith(`.${e}`))).toBe(true);
          expect(name.startsWith(".")).toBe(false);
          expect(name).not.toMatch(/\p{Surrogate}/u);
        },
      ),
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
    ["OFD", files.ofd(), "公文.ofd", "application/ofd"],
    ["ODT", files.openDocument("text"), "a.odt", "application/vnd.oasis.opendocument.text"],
    ["ODS", files.openDocument("spreadsheet"), "a.ods", "application/vnd.oasis.opendocument.spreadsheet"],
    ["ODP", files.openDocument("presentation"), "a.odp", "application/vnd.oasis.opendocument.presentation"],
    [
      "DOCX of Word Online",
      files.docxOnline(),
      "a.docx",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
    [
      "XLSX by relationship",
      files.xlsxByRelation(),
      "a.xlsx",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
    [
      "PPTX by relationship",
      files.pptxByRelation(),
      "a.pptx",
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
    ["a ZIP with an OFD in it", zip({ "公文.ofd": files.ofd() }), "a.zip", "application/zip"],
    ["a motion photo of Android", files.motionPhoto(), "a.jpg", "image/jpeg"],
    ["a motion photo of Samsung", files.samsungPhoto(), "a.jpg", "image/jpeg"],
    ["JPEG with coded data", files.scannedJpeg(), "a.jpg", "image/jpeg"],
    ["JPEG with a thumbnail behind it", files.scannedJpeg(jpeg()), "a.jpg", "image/jpeg"],
    [
      "a log of an attack",
      Buffer.from('10.0.0.9 - - "GET /?q=<script>alert(1)</script>" 404\n'.repeat(9)),
      "access.log",
      "text/plain",
    ],
    ["a log in colours", Buffer.from("\u001b[31mERROR\u001b[0m 连接失败\u0007\r\n"), "a.log", "text/plain"],
    [
      "a letter with HTML",
      Buffer.from("From: a@b.example\r\nContent-Type: text/html\r\n\r\n<html><body>甲</body></html>"),
      "a.eml",
      "text/plain",
    ],
    [
      "a configuration in XML",
      Buffer.from('<?xml version="1.0"?>\n<config><acl rule="deny"/></config>'),
      "config.xml",
      "text/plain",
    ],
    ["UTF-16 without its mark", Buffer.from("设备日志 a1\r\n端口=22\r\n", "utf16le"), "a.txt", "text/plain"],
    ["a text of DOS", Buffer.from("REPORT\r\n\u001a\u001a"), "a.txt", "text/plain"],
    ["a table whose first head is BM", Buffer.from("BM,MZ\n1,2\n"), "a.csv", "text/csv"],
    ["a table whose first head is MZ", Buffer.from("MZ,名称\n1,2\n"), "a.csv", "text/csv"],
  ])("%s by its content", async (_what, bytes, name, type) => expect(await look(bytes, name)).toBe(type));

  it.each(Object.entries(refusedFiles))("refuses %s", async (_what, { bytes, name, code, words = `error_${code}` }) => {
    await expect(look(bytes, name)).rejects.toMatchObject({
      code,
      status: 422,
      messageKey: words,
      fieldErrors: { file: [words] },
    });
  });

  it.each(["1.3", "1.4", "1.6", "1.7ext3"] as const)(
    "takes a PDF %s that is only restricted, and refuses one that asks for a password",
    async (version) => {
      expect(await look(await files.protectedPdf(version), "a.pdf")).toBe("application/pdf");
      await expect(look(await files.protectedPdf(version, "geheim"), "a.pdf")).rejects.toMatchObject({
        code: "evidence_locked",
        messageKey: "error_evidence_locked_pdf",
      });
    },
  );

  it("knows the lock of every revision, as qpdf makes them", () => {
    const id = Buffer.from("2c2dcf05af57c10ffa73fe399caee663", "hex");
    const lock = (R: number, P: number, O: string, U: string, more: [string, boolean | number][] = []) =>
      new Map<string, string | number | boolean | Buffer>([
        ["Filter", "Standard"],
        ["R", R],
        ["P", P],
        ["O", Buffer.from(O, "hex")],
        ["U", Buffer.from(U, "hex")],
        ...more,
      ]);
    const restricted = [
      lock(
        2,
        -4,
        "c92422687facee686e373f10b5c7d04738053152f7e2ee30e11c69ec442576ab",
        "803fbf590ed77ae10ab40a80cd01caf4539c46b5887f2cdb5d9d13a34a693349",
      ),
      lock(
        4,
        -4,
        "566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5",
        "48eee1012861b833e6a044f7dadf1fb20122456a91bae5134273a6db134c87c4",
        [
          ["Length", 128],
          ["EncryptMetadata", false],
        ],
      ),
      lock(
        6,
        -1324,
        "",
        "cb9cdf7d9994d051271c12ae0b4bfbb8fafdffc44635957b0a51528d70c4b320e85127201212242ebab5f9e47bd1dc65",
      ),
    ];
    const shut = [
      lock(
        2,
        -4,
        "94e8094419662a774442fb072e3d9f19e9d130ec09a4d0061e78fe920f7ab62f",
        "f8d2750c19971643768babdc9bbf165f6dde5671dae8ada923921994fdfeb471",
      ),
      lock(
        6,
        -4,
        "",
        "35a529af3c5136cbdd40a91eae604ef6065440dc98af882b3f4b0e5e1a7505e2dde9c32907d8da66d7a45f6a351bcb5a",
      ),
      new Map([["Filter", "Adobe.PubSec"]]),
    ];
    expect([...restricted, ...shut].map((one) => opensWithoutPassword(one, id))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("of any bytes settles quickly, whatever they claim to be", async () => {
    const starts = [
      "%PDF-1.4\n",
      "\u00ff\u00d8\u00ff\u00e0",
      "PK\u0003\u0004",
      "\u0089PNG\r\n\u001a\n",
      "RIFF\u0000\u0000\u0000\u0000WEBPVP8 ",
      "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1",
      "",
    ];
    const words = [
      "startxref\n9\n%%EOF",
      "xref\n0 1\n",
      "trailer<<",
      "/Encrypt 1 0 R",
      "1 0 obj<</Filter/Standard/R 6/U<00>/O<00>>>",
      ">>",
      "/Prev 9",
      "((((",
      "[[[[",
      "\u00ff\u00d9",
      "\u00ff\u00da\u0000\u0004",
      "PK\u0001\u0002",
      "x".repeat(500),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.array(fc.constantFrom(...words), { maxLength: 30 }),
        async (start, rest) => {
          const bytes = Buffer.from(start + rest.join(""), "latin1");
          const known = [...Object.keys(evidenceTypes), 422];
          expect(known).toContain(
            bytes.length === 0 ? 422 : await look(bytes, "a").catch((error: { status?: number }) => error.status),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("leaves nothing on disk", async () => expect(await readdir(folder)).toEqual([]));
});
