import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { MemberRole } from "#db/roles.ts";

export interface Account {
  email: string;
  password: string;
  role: MemberRole;
  tenant: string;
  site: string | null;
  apiToken: string;
}
export type Locale = "zh-CN" | "en";

export const product = () => inject("product");
export const accounts = (): Account[] =>
  JSON.parse(readFileSync(join(product().dataDir, "demo-accounts.json"), "utf8")) as Account[];
const domain = "@demo.anshi.example";
/** The account before the @: `ten.s1.officer`, `director`. */
export function account(name: string): Account {
  const found = accounts().find((a) => a.email === name + domain);
  if (!found) throw new Error(`no account ${name}`);
  return found;
}

/** One account of each role, all of the sector TEN where the role belongs to a sector. */
export const oneOfEach: Readonly<Record<MemberRole, string>> = {
  site_officer: "ten.s1.officer",
  site_lead: "ten.s1.lead",
  regulator: "ten.regulator",
  regulator_lead: "ten.lead",
  assessor: "assessor1",
  expert: "ten.expert",
  national_editor: "editor",
  national_director: "director",
  auditor: "ten.auditor",
  operator: "operator",
};

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export type Fields = Readonly<Record<string, string | readonly string[]>> | readonly (readonly [string, string])[];

/** A person with a cookie jar and no script: what every browser can do at least. */
export class Person {
  private jar = new Map<string, string>();
  constructor(readonly name: string) {}

  cookies(): { name: string; value: string; url: string }[] {
    return [...this.jar].map(([name, value]) => ({ name, value, url: product().url }));
  }
  set(name: string, value: string): this {
    this.jar.set(name, value);
    return this;
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (!headers.has("cookie") && this.jar.size > 0)
      headers.set("cookie", [...this.jar].map(([n, v]) => `${n}=${v}`).join("; "));
    const response = await fetch(new URL(path, product().url), { redirect: "manual", ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === "" || /max-age=0/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  get(path: string, lng?: Locale): Promise<Answer> {
    return this.fetch(lng ? `${path}${path.includes("?") ? "&" : "?"}lng=${lng}` : path, {
      headers: { accept: "text/html" },
    });
  }

  /** A form as a browser without script sends it. */
  post(path: string, fields: Fields, headers: Record<string, string> = {}): Promise<Answer> {
    const pairs = Array.isArray(fields)
      ? (fields as [string, string][])
      : Object.entries(fields as Record<string, string | string[]>).flatMap(([k, v]) =>
          typeof v === "string" ? [[k, v]] : v.map((one) => [k, one]),
        );
    return this.fetch(path, {
      method: "POST",
      headers: { origin: product().url, accept: "text/html", ...headers },
      body: new URLSearchParams(pairs),
    });
  }

  /** Follows one redirect after a form. */
  async send(path: string, fields: Fields): Promise<Answer> {
    const answer = await this.post(path, fields);
    const to = answer.headers.get("location");
    return answer.status >= 300 && answer.status < 400 && to ? this.get(to) : answer;
  }
}

const known = new Map<string, Promise<Person>>();
/** The next file signs in anew: what this one did to an account's sessions is its own. */
export const forgetPeople = (): void => known.clear();

/** Signs in as the account (`ten.lead`), once a file. */
export function signIn(name: string): Promise<Person> {
  const found = known.get(name) ?? signInAnew(name);
  known.set(name, found);
  return found;
}
export async function signInAnew(name: string): Promise<Person> {
  const { email, password } = account(name);
  const person = new Person(name);
  const answer = await person.post("/login", { intent: "signIn", email, password, next: "/" });
  if (answer.status !== 302)
    throw new Error(`${name} could not sign in: ${answer.status} ${answer.text.slice(0, 500)}`);
  return person;
}
export const nobody = (): Person => new Person("nobody");

/** Parses what the server logged; lines that are no JSON are what it said at start. */
export function serverLog(): { level: string; time: string; msg: string; [more: string]: unknown }[] {
  return readFileSync(product().log, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { level: string; time: string; msg: string });
}
