import { describe, expect, it } from "vitest";
import { contentDisposition, serveFile } from "./file.server.ts";

const get = (headers: Record<string, string> = {}) => new Request("https://anshi.test/x", { headers });
const pdf = {
  name: "风险评估报告.pdf",
  type: "application/pdf",
  body: new Uint8Array([37, 80, 68, 70]),
  etag: "a".repeat(64),
};

describe("files for download", () => {
  it("names a file in any script and lets no name end the header", () => {
    expect(contentDisposition("风险评估报告.pdf")).toBe(
      "attachment; filename=\"_.pdf\"; filename*=UTF-8''%E9%A3%8E%E9%99%A9%E8%AF%84%E4%BC%B0%E6%8A%A5%E5%91%8A.pdf",
    );
    const evil = contentDisposition('a"\r\nSet-Cookie: x=1; ../../b\ud800.pdf');
    expect(evil).not.toMatch(/[\r\n]/);
    expect(evil).not.toMatch(/filename="[^"]*\/[^"]*"/);
  });
  it("answers 304 to a reader who has it, and never lets a browser guess the type", async () => {
    const first = serveFile(get(), { ...pdf, published: true });
    expect(first.headers.get("Cache-Control")).toBe("no-cache");
    expect(first.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(first.headers.get("Content-Length")).toBe("4");
    const again = serveFile(get({ "If-None-Match": `W/"zzz", "${pdf.etag}"` }), pdf);
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });
  it("of one reader's is kept by no browser", () =>
    expect(serveFile(get(), pdf).headers.get("Cache-Control")).toBe("no-store"));
});
