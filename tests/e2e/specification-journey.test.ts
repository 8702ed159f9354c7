import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { alerts, decode, hidden, linksOf, visibleText } from "./setup/html.ts";
import { nobody, product, signIn } from "./setup/person.ts";
import { places } from "./setup/pages.ts";
import { look } from "./setup/visit.ts";

describe("the specification, before and after it is published", () => {
  it("is read without script in under 60 kB with its styles", async () => {
    const { number } = await places();
    const page = await fetch(`${product().url}/specifications/${number}`, {
      headers: { "accept-encoding": "br, gzip" },
    });
    const html = await page.text();
    expect(html).not.toMatch(/<script\b/);
    const sheets = [...html.matchAll(/<link[^>]+rel="stylesheet"[^>]*href="([^"]+)"/g)].map((found) => found[1] ?? "");
    expect(sheets.length).toBeGreaterThan(0);
    expect(await transferred(`/specifications/${number}`, ...sheets)).toBeLessThan(60_000);
    await look(null, `/specifications/${number}`, { script: false, width: 390 }, async ({ page: p }) =>
      expect(await p.locator("h1").count()).toBe(1),
    );
  });

  it("proves its PDF by the digest that stands on the page", async () => {
    const { number } = await places();
    const html = (await nobody().get(`/specifications/${number}`)).text;
    const digest = /\/verify\/([0-9a-f]{64})/.exec(html.slice(html.indexOf(".pdf")))?.[1] ?? "";
    const file = await fetch(`${product().url}/specifications/${number}.pdf`);
    expect(file.headers.get("content-type")).toBe("application/pdf");
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(digest);
    expect(visibleText((await nobody().get(`/verify/${digest}`)).text)).toContain(
      decodeURIComponent(number ?? "").slice(0, 6),
    );
    const changed = digest.replace(/^./, digest.startsWith("0") ? "1" : "0");
    expect(visibleText((await nobody().get(`/verify/${changed}`)).text)).not.toContain(
      decodeURIComponent(number ?? ""),
    );
  });

  it("is found clause by clause: a hit of the search leads to the clause, in sight under the head", async () => {
    const hits = linksOf(
      (await (await signIn("ten.lead")).get(`/search?q=${encodeURIComponent("书面形式明确各自的安全职责")}`)).text,
    ).filter((one) => one.startsWith("/specifications/") && one.includes("#"));
    expect(hits.length).toBeGreaterThan(0);
    await look(null, hits[0] ?? "", { width: 390 }, async ({ page }) => {
      const at = await page.locator(`[id="${hits[0]?.split("#")[1]}"]`).boundingBox();
      const head = await page.locator("header").first().boundingBox();
      expect(at?.y).toBeGreaterThanOrEqual(Math.max(0, Math.min(4, (head?.y ?? 0) + (head?.height ?? 0))));
      expect(at?.y).toBeLessThan(800);
      expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
    });
  });

  it("takes no comment when no consultation is open, and no act of a stranger", async () => {
    const { number, specification } = await places();
    const answer = await nobody().post(`/specifications/${number}`, { text: "意见", authorName: "读者" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    if (specification)
      expect(
        (await (await signIn("ten.lead")).post(`/national/specifications/${specification}`, { intent: "newEdition" }))
          .status,
      ).toBe(403);
  });
});

describe("a new specification", () => {
  it("is drafted, its verbs are checked, and the public comments while its consultation is open", async () => {
    const [editor, director] = await Promise.all([signIn("editor"), signIn("director")]);
    const national = (await editor.get("/national")).text;
    const made = await editor.post("/national", {
      intent: "createSpecification",
      programmeId: hidden(national, "programmeId"),
      titleZh: "试验管理规范 𪚥",
      titleEn: "Trial <specification>",
      number: "",
    });
    expect(made.status).toBe(302);
    const page = made.headers.get("location") ?? "";
    const tags = {
      dimension: "identity",
      object: "equipment",
      lifecycle: "operation",
      mechanism: "defend",
      evidenceNone: "on",
    };
    const general = /\?clause=([0-9a-f-]{36})/.exec((await editor.get(page)).text)?.[1] ?? "";
    const chapter = hidden((await editor.get(`${page}?clause=${general}`)).text, "parentId");
    expect(chapter).toMatch(/^[0-9a-f-]{36}$/);
    const added = await editor.post(page, {
      intent: "addClause",
      parentId: chapter,
      headingZh: "口令",
      headingEn: "Passwords",
      textZh: "设备必须更换出厂口令。",
      textEn: "Devices must change factory passwords.",
      ...tags,
    });
    expect(added.status).toBe(302);
    const clause = added.headers.get("location") ?? "";
    const checked = visibleText((await editor.get(clause)).text);
    // «必须» is ruled out by GB/T 1.1 annex C; the page says so where it is written.
    expect(checked).toContain("必须");
    expect(checked).toMatch(/应/);
    const clauseId = new URL(clause, product().url).searchParams.get("clause") ?? "";
    const save = async (textZh: string) =>
      editor.post(clause, {
        intent: "saveClause",
        clauseId,
        parentId: chapter,
        rev: hidden((await editor.get(clause)).text, "rev"),
        headingZh: "口令",
        headingEn: "Passwords",
        textZh,
        textEn: "Devices shall change factory passwords.",
        ...tags,
      });
    const opens = async (from: string, to: string) =>
      director.post(page, {
        intent: "openConsultation",
        from,
        to,
        expectedVersion: hidden((await director.get(page)).text, "expectedVersion") || "0",
      });
    const consult = () => opens("2014-08-18", "2014-12-31");
    // The editor proposes the days; the director alone opens it.
    const proposed = await editor.post(page, { intent: "proposeConsultation", from: "2014-08-18", to: "2014-12-31" });
    expect(proposed.status).toBe(200);
    const editors = { intent: "openConsultation", from: "2014-08-18", to: "2014-12-31", expectedVersion: "0" };
    expect((await editor.post(page, editors)).status).toBe(403);
    // Without any verb it is not put out for comments, and the page says why.
    expect((await save("设备更换出厂口令。")).status).toBe(200);
    const early = await consult();
    expect([early.status, alerts(early.text)]).toEqual([422, expect.stringContaining("能愿动词")]);
    expect((await save("设备应更换出厂口令。")).status).toBe(200);
    const found = linksOf((await editor.get(`/search?q=${encodeURIComponent("更换出厂口令")}`)).text);
    expect(found).toContain(`/national/specifications/${page.split("/").at(-1)}?clause=${clauseId}#clause-${clauseId}`);
    // Neither in the past nor for a day: both were accepted once.
    for (const [from, to, word] of [
      ["2013-01-01", "2013-02-28", "过去的日期"],
      ["2014-08-18", "2014-08-18", "少于规定的 30 天"],
    ] as const) {
      const refused = await opens(from, to);
      expect([refused.status, alerts(refused.text)]).toEqual([422, expect.stringContaining(word)]);
    }
    expect((await consult()).status).toBe(200);
    const list = (await nobody().get("/specifications")).text;
    const link =
      linksOf(list).find(
        (one) =>
          one.startsWith("/specifications/") && list.slice(list.indexOf(one)).slice(0, 300).includes("试验管理规范"),
      ) ?? "";
    expect(link).not.toBe("");
    expect(visibleText((await nobody().get(link)).text)).toContain("设备应更换出厂口令");
    const long = "长".repeat(4001);
    const refused = await nobody().post(link, {
      text: long,
      authorName: "读者 <b>",
      clauseId: "",
      proposal: "",
      authorOrganisation: "",
    });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(long);
    expect(visibleText(refused.text)).toContain("4000");
    expect(
      (
        await nobody().post(link, {
          text: "请写明口令长度 𠮷",
          authorName: "读者 <b>",
          clauseId: "",
          proposal: "",
          authorOrganisation: "",
        })
      ).status,
    ).toBe(200);
    expect(decode((await editor.get(`${page}?view=comments`)).text)).toContain("请写明口令长度 𠮷");
  });
});

/** Bytes over the wire, compressed as a browser asks for it. `fetch` unpacks, so the length comes from a raw request. */
async function transferred(...paths: string[]): Promise<number> {
  const { request } = await import("node:http");
  const sizes = paths.map(
    (path) =>
      new Promise<number>((resolve, reject) => {
        request(new URL(path, product().url), { headers: { "accept-encoding": "br, gzip" } }, (response) => {
          let bytes = 0;
          response.on("data", (chunk: Buffer) => (bytes += chunk.length));
          response.on("end", () => resolve(bytes));
        })
          .on("error", reject)
          .end();
      }),
  );
  return (await Promise.all(sizes)).reduce((a, n) => a + n, 0);
}
