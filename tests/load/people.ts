import type { Lane, Step } from "./lanes.ts";
import type { Account, Product } from "./product.ts";

/* Who asks, and for what: taken from the product itself, so that a new page is in the mix as soon as a link leads to it. */

export interface SignedIn {
  account: Account;
  cookie: string;
  /** Pages that links lead to, files apart. */
  pages: string[];
  files: string[];
}

const form = { "content-type": "application/x-www-form-urlencoded" };
export const signInStep = (product: Product, { email, password }: Account): Step => ({
  kind: "sign-in",
  method: "POST",
  path: "/login",
  headers: { ...form, origin: product.url, accept: "text/html" },
  body: new URLSearchParams({ intent: "signIn", email, password, next: "/" }).toString(),
  follow: true,
});

/** Signs in as a browser without script does. @throws with what the product answered */
export async function signIn(product: Product, account: Account): Promise<string> {
  const { path, headers, body } = signInStep(product, account);
  const answer = await fetch(product.url + path, {
    method: "POST",
    headers: { ...headers },
    body: body ?? "",
    redirect: "manual",
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .find((pair) => /^(anshi_session|__Host-anshi)=/.test(pair));
  if (cookie === undefined) throw new Error(`${account.email} could not sign in: ${answer.status}`);
  return cookie;
}

/** Links of a page, to this product; what ends a session or changes whose it is stays out. */
export function linksIn(html: string): string[] {
  const all = [...html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, to = ""]) => to.replaceAll("&amp;", "&"));
  return [...new Set(all)].filter(
    (to) => !/^\/(logout|switch|login|assets)|[?&](lng|theme|density)=/.test(to) && !to.startsWith("//"),
  );
}
export const isFile = (link: string): boolean => /\.(pdf|xlsx|jsonl|json|svg)(\?|$)|^\/evidence\/./.test(link);

/** Signs somebody in and walks two steps from the first page, at most `most` pages. */
export async function getToKnow(product: Product, account: Account, most = 12): Promise<SignedIn> {
  const cookie = await signIn(product, account);
  const seen = new Set(["/"]);
  const files = new Set<string>();
  const queue = ["/"];
  const pages: string[] = [];
  while (queue.length > 0 && pages.length < most) {
    const page = queue.shift() ?? "/";
    const answer = await fetch(product.url + page, { headers: { cookie, accept: "text/html" }, redirect: "manual" });
    const html = await answer.text();
    if (answer.status !== 200) continue;
    pages.push(page);
    for (const link of linksIn(html)) {
      if (isFile(link)) files.add(link);
      else if (!seen.has(link) && seen.size < 60) {
        seen.add(link);
        queue.push(link);
      }
    }
  }
  return { account, cookie, pages, files: [...files] };
}

/** What a script asks for when a link is followed inside the product. */
const dataOf = (page: string): string => {
  const [at = "", query] = page.split("?");
  return `${at === "/" ? "/_root" : at}.data${query === undefined ? "" : `?${query}`}`;
};

const thinking = [200, 1000] as const;
/** Somebody at a browser: pages, as many data requests, now and then a file. */
export function personLane(who: SignedIn): Lane {
  const steps: Step[] = who.pages.flatMap((page) => [
    { kind: "page", method: "GET", path: page, headers: { accept: "text/html" } },
    { kind: "data", method: "GET", path: dataOf(page) },
  ]);
  const file = who.files.find((link) => link.endsWith(".xlsx") || link.endsWith(".pdf"));
  if (file !== undefined) steps.push({ kind: "file", method: "GET", path: file });
  return {
    name: who.account.email,
    parallel: 1,
    think: thinking,
    headers: { cookie: who.cookie, "accept-encoding": "gzip" },
    steps,
  };
}

export const bearer = (account: Account) => ({ authorization: `Bearer ${account.apiToken}` });
/** A program that reads over the API. */
export function programLane(account: Account): Lane {
  const steps = [
    "/me",
    "/projects",
    "/pilots?limit=50",
    ...(/regulator|director|editor|auditor/.test(account.role) ? ["/specifications"] : []),
  ];
  return {
    name: `${account.email} (API)`,
    parallel: 1,
    think: thinking,
    headers: bearer(account),
    steps: steps.map((path) => ({ kind: "api", method: "GET", path: `/api/v1${path}` })),
  };
}

/** Asks twenty times a second whether the server lives: how long the answer takes is how long its event loop was held. */
export const probeLane: Lane = {
  name: "probe",
  parallel: 1,
  think: [50, 50],
  headers: {},
  steps: [{ kind: "probe", method: "GET", path: "/healthz" }],
};

/** The API as a member, JSON parsed. @throws on any answer but 200 */
export async function ask<T>(product: Product, account: Account, path: string): Promise<T> {
  const answer = await fetch(`${product.url}/api/v1${path}`, { headers: bearer(account) });
  if (!answer.ok) throw new Error(`${path} as ${account.email}: ${answer.status}`);
  return (await answer.json()) as T;
}
