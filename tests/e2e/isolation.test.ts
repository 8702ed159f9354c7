import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { readPdf } from "#app/pdf/read-back.ts";
import { visibleText } from "./setup/html.ts";
import { oneOfEach, type Person, product, signIn } from "./setup/person.ts";
import { roles } from "./setup/pages.ts";
import { axe, look, overflow } from "./setup/visit.ts";

const page = "/audit/isolation";
const pdfLink = /href="(\/audit\/isolation\/[0-9a-f-]{36}\.pdf)"/;
/** Waits while another test's check of the same tenant runs. */
async function run(person: Person): Promise<string> {
  for (let i = 0; i < 60; i += 1) {
    const answer = await person.post(page, { intent: "check" });
    if (answer.status === 302) return answer.headers.get("location") ?? "";
    expect([answer.status, visibleText(answer.text)]).toEqual([409, expect.stringContaining("已有一次检查正在进行")]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error("the check was busy for a minute");
}

/** Of the sector's auditor, run without script; one serves all who only look at it. */
let found: Promise<string> | undefined;
const shownOnce = (auditor: Person) => (found ??= run(auditor));

describe("an auditor checks the walls", () => {
  it("by one button, sees what was found, and it is in the trail", async () => {
    await look(await signIn(oneOfEach.auditor), page, { locale: "en", width: 1440, theme: "light" }, async (v) => {
      await v.ready();
      await v.page.getByRole("button", { name: "Run the check" }).click();
      await v.page.waitForURL(/check=/, { timeout: 110_000 });
      // The address changes a moment before the page does.
      await v.page.getByText("All held").first().waitFor();
      const text = await v.text();
      expect(text).toContain("All held");
      expect(text).toMatch(/5,\d{3} tries, 0 got through/);
      expect(text).toContain("As declared, no hole");
      expect(await axe(v.page)).toEqual([]);
      await v.resize(390);
      expect(await overflow(v.page)).toEqual([]);
      await v.go("/audit?act=isolation");
      expect(await v.text()).toMatch(/5\d{3} tried, 0 through, 0 complaints/);
    });
  });

  it("without script, and prints the certificate in both languages, the same bytes each time", async () => {
    const auditor = await signIn(oneOfEach.auditor);
    const shown = await auditor.get(await shownOnce(auditor));
    const link = pdfLink.exec(shown.text)?.[1] ?? "";
    const fetched = async (lng: string) => {
      const answer = await fetch(new URL(`${link}?lng=${lng}`, product().url), {
        headers: {
          cookie: auditor
            .cookies()
            .map((c) => `${c.name}=${c.value}`)
            .join("; "),
        },
      });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/pdf"]);
      return new Uint8Array(await answer.arrayBuffer());
    };
    const [zh, en, again] = [await fetched("zh-CN"), await fetched("en"), await fetched("en")];
    expect(again).toEqual(en);
    const texts = await Promise.all(
      [zh, en].map(async (bytes) =>
        (await readPdf(bytes)).pages
          .map((p) => p.text)
          .join(" ")
          .replaceAll(/\s+/g, " "),
      ),
    );
    expect(texts[0]).toContain("隔离检查证书");
    expect(texts[0]).toContain("全部挡住");
    expect(texts[1]).toContain("Isolation certificate");
    expect(texts[1]).toContain("What was not tried");
    expect(texts[1]).toContain("npm run isolation");
    expect(texts[1]).toMatch(/UTC\+08:00/);
  });

  it("is told of a hole in red, by name", async () => {
    const owner = postgres(
      (JSON.parse(readFileSync(join(product().dataDir, "connection.json"), "utf8")) as { owner: string }).owner,
      { max: 1, onnotice: () => undefined },
    );
    const auditor = await signIn(oneOfEach.auditor);
    // It opens nothing: others use this product meanwhile.
    await owner`create policy hole on visits for select to anshi_assessor using (false)`;
    let shown = "";
    try {
      shown = await run(auditor);
    } finally {
      await owner`drop policy hole on visits`;
      await owner.end();
    }
    const { text } = await auditor.get(shown, "en");
    expect(visibleText(text)).toContain("Holes found");
    expect(visibleText(text)).toContain("policy visits.hole is declared nowhere");
    expect(text).toMatch(/ui-notice-late[^>]*role="alert"/);
  });
});

describe("nobody else", () => {
  it.each(roles.filter((role) => role !== "auditor"))("%s: no page, no check, no certificate", async (role) => {
    const [person, auditor] = [await signIn(oneOfEach[role]), await signIn(oneOfEach.auditor)];
    const link =
      pdfLink.exec((await auditor.get(page)).text)?.[1] ?? "/audit/isolation/01890000-0000-7000-8000-000000000000.pdf";
    expect((await person.get(page)).status).toBe(403);
    expect((await person.post(page, { intent: "check" })).status).toBe(403);
    expect((await person.get(link)).status).toBe(403);
  });

  it("an auditor of another tenant finds neither the check nor its certificate", async () => {
    const [auditor, other] = [await signIn(oneOfEach.auditor), await signIn("auditor")];
    const shown = await shownOnce(auditor);
    const link = pdfLink.exec((await auditor.get(shown)).text)?.[1] ?? "";
    expect((await auditor.get(shown)).status).toBe(200);
    expect([(await other.get(shown)).status, (await other.get(link)).status]).toEqual([404, 404]);
  });
});
