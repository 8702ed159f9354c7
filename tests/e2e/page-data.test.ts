import { pageAccess } from "#app/request/access.rules.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import routes from "#app/routes.ts";
import { type Person, product, serverLog, signIn } from "./setup/person.ts";

/*
 * Remix gives a page's data at its address with `.data` behind it. Files have no data: asked so they were read whole into
 * memory, spoilt as text, and noted as taken.
 */

interface Entry {
  file: string;
  path?: string;
  children?: Entry[];
}
const under = (list: readonly Entry[], at = ""): { path: string; file: string }[] =>
  list.flatMap((r) => [
    { path: `${at}/${r.path ?? ""}`, file: r.file },
    ...under(r.children ?? [], `${at}/${r.path ?? ""}`),
  ]);
const fileRoutes = under(routes as Entry[]).filter(({ file }) => file.endsWith(".ts"));
/** Where forms alone are sent to, nothing can be got. */
const posted = new Set(Object.entries(pageAccess).flatMap(([path, way]) => ("get" in way ? [] : [path])));
const begun = new Date().toISOString();

describe("an address of a file with .data behind it", () => {
  let people: Person[] = [];
  beforeAll(
    async () =>
      void (people = await Promise.all(
        ["ten.lead", "ten.auditor", "ten.s1.officer", "director", "assessor1"].map(signIn),
      )),
  );

  it("is not there, for any of them and whoever asks", async () => {
    expect(fileRoutes.length).toBeGreaterThan(10);
    const pages = await (await fetch(`${product().url}/specifications`)).text();
    const number = /href="\/specifications\/([^"/.?]+)"/.exec(pages)?.[1] ?? "none";
    const id = "01890000-0000-7000-8000-000000000000";
    for (const { path } of fileRoutes) {
      const filled = path.replace(":number", number).replace(":sha256", "a".repeat(64)).replaceAll(/:\w+/g, id);
      for (const person of people) {
        const answer = await person.fetch(`${filled}.data`, { headers: { accept: "*/*" } });
        expect([path, person.name, answer.status, answer.headers.get("content-type")?.split(";")[0]]).toEqual([
          path,
          person.name,
          posted.has(path) ? 405 : 404,
          expect.not.stringMatching("x-script"),
        ]);
      }
    }
  });

  it("opens and notes nothing, though the file itself is there for the asking", async () => {
    const [lead, auditor] = people;
    if (!lead || !auditor) throw new Error("nobody");
    const taken = async () => ((await auditor.fetch("/audit.jsonl")).text.match(/"download"/g) ?? []).length;
    expect((await lead.fetch("/comparison.xlsx")).status).toBe(200);
    const before = await taken();
    expect((await lead.fetch("/comparison.xlsx.data")).status).toBe(404);
    expect((await lead.fetch("/comparison.xlsx.data?_routes=features%2Fcompare%2Froutes%2Fworkbook")).status).toBe(404);
    expect(await taken()).toBe(before);
  });

  it("of a page is its data, as before", async () => {
    const answer = await people[0]?.fetch("/pilots.data", { headers: { accept: "*/*" } });
    expect([answer?.status, answer?.headers.get("content-type")?.split(";")[0]]).toEqual([200, "text/x-script"]);
  });
});

describe("pages asked with every parameter they know, by every role", () => {
  it("never fall over", async () => {
    // Two who see the same pages share the addresses.
    const pairs = [
      ["ten.s1.officer", "ten.s1.lead"],
      ["ten.regulator", "ten.lead"],
      ["assessor1"],
      ["editor", "director"],
      ["ten.auditor"],
      ["operator"],
    ];
    const [regulator, officer] = [await signIn("ten.regulator"), await signIn("ten.s1.officer")];
    const api = JSON.parse(readFileSync(join(product().dataDir, "demo-accounts.json"), "utf8")) as {
      email: string;
      apiToken: string;
    }[];
    const token = api.find(({ email }) => email.startsWith("ten.regulator@"))?.apiToken ?? "";
    const first = async (path: string) =>
      (
        (await (
          await fetch(`${product().url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
        ).json()) as { items?: { id: string }[] }
      ).items?.[0]?.id ?? "";
    const [project, pilot] = [await first("/projects"), await first("/pilots")];
    const survey = (await regulator.get(`/projects/${project}/survey`)).text;
    const document = new RegExp(`/projects/${project}/survey/([0-9a-f-]{36})`).exec(survey)?.[1] ?? pilot;
    const measure = /measure=([0-9a-f-]{36})/.exec((await officer.get(`/pilots/${pilot}`)).text)?.[1] ?? pilot;
    const asked = [
      `/evidence?measure=${measure}&pilot=${pilot}`,
      `/evidence?document=${document}`,
      `/evidence?document=${document}&part=GOV-01`,
      `/pilots/${pilot}?report=${document}`,
      ...[
        "batch=1",
        "stage=operation",
        "health=red",
        "direction=identity",
        "sort=-report",
        "q=%E6%B3%B5&view=board",
      ].map((q) => `/pilots?${q}`),
      ...["batch=2", "stage=summary", "grade=3", "size=medium", "direction=identity", `indicator=${pilot}`].flatMap(
        (q) => [`/compare?${q}`, `/comparison.xlsx?${q}`],
      ),
      ...["before=1", ""].map((q) => `/projects/${project}?${q}`),
      ...["survey", "risk-report", "pilot-plan", "sites", "specification", "batches/1", "batches/2"].flatMap((p) =>
        [
          "",
          "view=matrix",
          `open=${pilot}`,
          `add=${pilot}`,
          `system=${pilot}`,
          `site=${pilot}`,
          `clause=1.1`,
          `cell=2.2`,
        ].map((q) => `/projects/${project}/${p}?${q}`),
      ),
      ...[`object=${pilot}`, "act=download", "from=2014-01-01&to=2014-12-31", "before=5", "entry=3"].map(
        (q) => `/audit?${q}`,
      ),
      "/audit/isolation?check=1",
      `/settings/webhooks?before=${pilot}`,
      "/settings/security?enrol=totp",
      "/search?q=%E6%B3%B5",
      "/permissions?role=auditor&action=evidence.read",
      `/verify?sha256=${"a".repeat(64)}`,
    ];
    for (const [name, part] of pairs.flatMap((pair) =>
      pair.map((one, n) => [one, asked.filter((_, at) => at % pair.length === n)] as const),
    )) {
      const person = await signIn(name);
      const statuses = await Promise.all(
        part.map(async (path) => [name, path, (await person.get(path)).status] as const),
      );
      expect(statuses.filter(([, , status]) => status >= 500)).toEqual([]);
    }
  });

  it("and leave no error in the log", () =>
    expect(serverLog().filter((line) => line.time >= begun && ["error", "fatal"].includes(line.level))).toEqual([]));
});
