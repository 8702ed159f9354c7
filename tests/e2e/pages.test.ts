import { describe, expect, it } from "vitest";
import type { MemberRole } from "#db/roles.ts";
import { buildOf, leftovers, linksOf, titleOf, untranslated, visibleText } from "./setup/html.ts";
import { oneOfEach, type Person, nobody, signIn } from "./setup/person.ts";
import { type PageOf, pages, places, publicPages, roles, rolesOf } from "./setup/pages.ts";
import { axe, cellFaults, look, overflow, thinOut } from "./setup/visit.ts";

const locales = ["zh-CN", "en"] as const;

/** Follows one redirect: who has one project alone is taken to it from the list. */
async function arrive(person: Person, path: string, locale: (typeof locales)[number]) {
  const answer = await person.get(path, locale);
  const to = answer.headers.get("location");
  return answer.status === 302 && to && !to.startsWith("/login") ? person.get(to, locale) : answer;
}

/** What is wrong with a page as it comes from the server. */
async function read(person: Person, path: string, status = 200): Promise<string[]> {
  const problems: string[] = [];
  for (const locale of locales) {
    const answer = await arrive(person, path, locale);
    const note = (text: string) => problems.push(`${locale} ${path}: ${text}`);
    if (answer.status !== status) note(`status ${answer.status}`);
    if (!answer.text.includes(`<html lang="${locale}"`)) note("html lang");
    if (titleOf(answer.text).trim().length < 2) note("no title");
    if (!/<h1\b/.test(answer.text)) note("no h1");
    for (const text of leftovers(answer.text)) note(`left over: ${text}`);
    if (locale === "en") for (const text of untranslated(answer.text)) note(`untranslated: ${text}`);
  }
  return problems;
}

/**
 * What is wrong with a page as a browser shows it: narrow and wide, in English, whose words are the longer ones. For the
 * first role of each page also on the dark ground, and in Chinese, narrow, as a reader without script has it; colours and
 * Chinese words do not change with the role.
 */
async function see(person: Person | null, path: string, { status = 200, first = true } = {}): Promise<string[]> {
  const problems: string[] = [];
  for (const locale of first ? locales : (["en"] as const)) {
    const note = (where: string, found: readonly string[]) =>
      problems.push(...found.map((text) => `${locale} ${where} ${path}: ${text}`));
    const script = locale === "en";
    await look(person, "about:blank", { locale, width: 390, theme: "light", kept: true, script }, async (v) => {
      if (status !== 200) v.expectStatus(status);
      await v.go(path);
      note("390", [...(await overflow(v.page)), ...(await cellFaults(v.page))]);
      if (locale === "en") {
        await v.resize(1440);
        note("1440", [...(await overflow(v.page)), ...(await cellFaults(v.page))]);
        await v.resize(390);
        await thinOut(v.page);
        note("light", await axe(v.page));
        if (first) {
          await v.turn("dark");
          note("dark", await axe(v.page, ["color-contrast", "link-in-text-block"]));
        }
      }
      note("console", v.problems.splice(0));
    });
  }
  return problems;
}

const cases = (list: readonly PageOf[]) =>
  roles.flatMap((role) =>
    list.filter((page) => rolesOf(page).includes(role)).map((page) => [role, page.route, page] as const),
  );
const foreign = pages.flatMap((page) =>
  roles.filter((role) => !rolesOf(page).includes(role)).map((role) => [role, page.route, page] as const),
);

async function address(page: PageOf, role: MemberRole): Promise<{ person: Person; path: string | null }> {
  const person = await signIn(oneOfEach[role]);
  return { person, path: await page.at(await places(), person) };
}

describe("every page for who may see it, as the server sends it", () => {
  it.concurrent.each(cases(pages))("%s %s", async (role, _route, page) => {
    const { person, path } = await address(page, role);
    if (path) expect(await read(person, path)).toEqual([]);
  });
  it.concurrent.each(publicPages.map((page) => [page.route, page] as const))("public %s", async (route, page) => {
    const path = await page.at(await places(), nobody());
    if (path) expect(await read(nobody(), path, route === "/nowhere" ? 404 : 200)).toEqual([]);
  });
});

/*
 * Every role reads every page, above. A browser is shown each page as the role that is shown most, and as each further one to
 * whom it shows something, an element inside another, that no look at any page has met. What differs in words and numbers
 * alone leaves no line, no colour and no name any other.
 */
describe("every page in a browser: width, contrast, names, console", () => {
  const met = new Set<string>();
  it.concurrent.each(pages.map((page) => [page.route, page] as const))(
    "%s",
    { timeout: 600_000 },
    async (_route, page) => {
      const shown = new Map<MemberRole, { person: Person; path: string; build: Set<string> }>();
      for (const role of rolesOf(page)) {
        const { person, path } = await address(page, role);
        if (!path) continue;
        const { status, text } = await person.get(path, "en");
        // Led on to another page, which has its own test.
        if (status === 302) continue;
        // What stands around a page is the same on all of them: it is looked at on the first.
        const build = buildOf(
          text.slice(text.indexOf(page.route === "/" ? "<body" : "<main"), text.lastIndexOf("</main")),
        );
        shown.set(role, { person, path, build });
      }
      const unmet = (role: MemberRole) => [...(shown.get(role)?.build ?? [])].filter((part) => !met.has(part)).length;
      // Whoever is shown most that no look has met comes next: fewer looks see it all.
      for (let first = true; shown.size > 0; first = false) {
        const role = [...shown.keys()].reduce((a, b) => (unmet(b) > unmet(a) ? b : a));
        const found = shown.get(role);
        if (!found || (!first && unmet(role) === 0)) break;
        shown.delete(role);
        for (const part of found.build) met.add(part);
        expect([role, await see(found.person, found.path, { first })]).toEqual([role, []]);
      }
    },
  );
  it.concurrent.each(publicPages.map((page) => [page.route, page] as const))("public %s", async (route, page) => {
    const path = await page.at(await places(), nobody());
    if (path) expect(await see(null, path, { status: route === "/nowhere" ? 404 : 200 })).toEqual([]);
  });
});

it("a reader who wants no motion has the other theme at once, on the whole page", async () => {
  await look(await signIn("editor"), "/action-plan", { locale: "en", theme: "light" }, async ({ page }) => {
    const inks = () =>
      page.evaluate(() => ({
        colours: [
          ...new Set(
            [document.body, ...document.querySelectorAll("main td")].map((one) => getComputedStyle(one).color),
          ),
        ],
        turning: document.getAnimations().length,
      }));
    const light = await inks();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await inks();
    expect([light.turning, dark.turning]).toEqual([0, 0]);
    expect(dark.colours.filter((one) => light.colours.includes(one))).toEqual([]);
  });
});

describe("what waits for a person", () => {
  const lists = roles.flatMap((role) => ["/tasks", "/notices"].map((path) => [role, path] as const));
  it.concurrent.each(lists)("%s: everything on %s opens where it is done", async (role, path) => {
    const person = await signIn(oneOfEach[role]);
    const list = (await person.get(path)).text;
    const main = list.slice(list.indexOf("<main"), list.indexOf("</main"));
    const problems: string[] = [];
    // The first of many: a list of one kind has one way to lead wrong.
    for (const link of [...new Set(linksOf(main))].slice(0, 20)) {
      const { status } = await person.get(link.split("#")[0] ?? link);
      if (status !== 200) problems.push(`${link}: ${status}`);
    }
    expect(problems).toEqual([]);
  });
});

describe("pages for who may not see them", () => {
  it.concurrent.each(foreign)("%s %s", async (role, _route, page) => {
    const { project, specification } = await places();
    const { person } = await address(page, role);
    // The address as somebody else has it.
    const path = page.route
      .replace(":projectId", project)
      .replace(":documentId", project)
      .replace(":pilotId", project)
      .replace(":specificationId", specification ?? project);
    const answer = await person.get(path);
    expect([403, 404]).toContain(answer.status);
    expect(answer.text).toContain("<h1");
    expect(leftovers(answer.text)).toEqual([]);
    expect(visibleText(answer.text)).not.toMatch(/select |Error:|at \w+ \(/);
  });

  it.concurrent.each(pages.map((page) => [page.route, page] as const))(
    "nobody is sent to sign in from %s",
    async (_route, page) => {
      const { project, specification } = await places();
      const path = page.route
        .replace(":projectId", project)
        .replace(":documentId", project)
        .replace(":pilotId", project)
        .replace(":specificationId", specification ?? project);
      const answer = await nobody().get(path);
      expect(answer.status).toBe(302);
      expect(answer.headers.get("location")).toBe(`/login?next=${encodeURIComponent(path)}`);
    },
  );

  it.concurrent.each(
    pages
      .filter((page) => page.route.includes(":projectId") && !page.route.includes(":documentId"))
      .map((page) => [page.route, page] as const),
  )("another sector's project is not there: %s", async (_route, page) => {
    const { foreignProject } = await places();
    for (const role of rolesOf(page).filter((r) => !r.startsWith("national"))) {
      const person = await signIn(oneOfEach[role]);
      const path = page.route.replace(":projectId", foreignProject);
      const answer = await person.get(path);
      expect([role, path, answer.status]).toEqual([role, path, 404]);
      const unknown = await person.get(page.route.replace(":projectId", "01890000-0000-7000-8000-000000000000"));
      // What is somebody else's and what is not there look the same.
      expect(visibleText(answer.text).replace(/[\w-]{20,}/g, "")).toBe(
        visibleText(unknown.text).replace(/[\w-]{20,}/g, ""),
      );
    }
  });
});
