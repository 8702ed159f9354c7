import type { Locator, Page } from "playwright-core";
import { findLink, linksOf } from "./html.ts";
import { signIn } from "./person.ts";
import { type Look, visit, type Visit } from "./visit.ts";

/** A window of the account on the page, taken over by the script. */
export async function sit(name: string, path: string, options: Look = {}): Promise<Visit> {
  const v = await visit(await signIn(name), options);
  await v.go(path);
  await v.ready();
  return v;
}

/** The account's one project: `/projects/…`. */
export async function projectOf(name: string): Promise<string> {
  const link = findLink((await (await signIn(name)).get("/")).text, /^\/projects\/[0-9a-f-]{36}$/);
  if (!link) throw new Error(`${name} sees no link to a project`);
  return link;
}

/** Pilots that the account finds in its list, in its order. */
export async function pilotsOf(name: string, query = ""): Promise<string[]> {
  const page = (await (await signIn(name)).get(`/pilots${query}`)).text;
  return [...new Set(linksOf(page).filter((link) => /^\/pilots\/[0-9a-f-]{36}$/.test(link)))];
}

const named = (of: Page | Locator, label: string) => of.getByRole("button", { name: label, exact: true });
/** The act's button, behind «…» if it is not the main one; null when the page does not offer it. */
export async function buttonOf(page: Page, label: string): Promise<Locator | null> {
  for (const group of await page.locator(".ui-acts").all()) {
    const button = group.locator("button:not(dialog button)", { hasText: new RegExp(`^\\s*${label}\\s*$`) });
    if ((await button.count()) === 0) continue;
    if (!(await button.first().isVisible())) await group.locator(".ui-btn-icon").click();
    return button.first();
  }
  return null;
}

/** Whether the act can be done now: «no» stands there with its reasons, «none» does not stand there at all. */
export async function offered(page: Page, label: string): Promise<"yes" | "no" | "none"> {
  const button = await buttonOf(page, label);
  if (!button) return "none";
  return (await button.getAttribute("aria-disabled")) === "true" ? "no" : "yes";
}

/** Does an act as a person does: presses its button, answers the question it asks, waits until the page says it is done. */
export async function act(page: Page, label: string, answer?: (question: Locator) => Promise<void>): Promise<void> {
  // The page tells what was done before it has asked what can be done now.
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(".ui-acts button:not([aria-disabled])")].some(
        (one) => one.textContent?.trim() === wanted,
      ),
    label,
    { timeout: 20_000 },
  );
  const button = await buttonOf(page, label);
  if (!button) throw new Error(`no «${label}» on ${page.url()}`);
  const asks = (await button.getAttribute("aria-haspopup")) === "dialog";
  await button.click();
  if (asks) {
    const question = page.locator("dialog[open]");
    await answer?.(question);
    await named(question, label).click();
  }
  await page.getByText(`已办理：${label}`).first().waitFor({ timeout: 20_000 });
}
