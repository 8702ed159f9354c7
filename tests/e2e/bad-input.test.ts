import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decode, linksOf, visibleText } from "./setup/html.ts";
import { account, accounts, product, serverLog, signIn } from "./setup/person.ts";
import { places } from "./setup/pages.ts";
import { type SmallWorld, smallWorld } from "./setup/small-world.ts";

const strange = "01890000-0000-7000-8000-000000000000";
/** Emoji, rare Han outside the BMP, HTML, quotes, right-to-left and a formula, as people and machines paste them. */
const odd = `𠮷𪚥😀👩‍👩‍👧 <b>"粗"</b> & 'x' </textarea><script>alert(1)</script> =1+1 ١٢`;
const alive = async () => expect((await fetch(`${product().url}/healthz`)).status).toBe(200);

/** Errors before this are another file's doing. */
const begun = new Date().toISOString();
let w: SmallWorld;
let sheet = "";
beforeAll(async () => {
  w = await smallWorld();
  sheet = `/projects/${w.projectId}/survey/${w.documentId}`;
});
afterAll(async () => {
  await w?.close();
  await alive();
});

describe("addresses", () => {
  it.each([
    "/pilots/1",
    `/pilots/${strange}`,
    "/pilots/%00",
    "/pilots/%F0%28%8C%28",
    `/projects/${strange}/survey`,
    "/projects/..%2f..%2fetc%2fpasswd",
    "/projects/%27%20or%201%3D1--",
    "/settings/nothing",
    `/pilots/${"a".repeat(3000)}`,
  ])("%s is not there", async (path) => {
    const answer = await (await signIn("ten.lead")).get(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).toContain("<h1");
  });

  it.each([
    "/pilots?cursor=nonsense",
    "/pilots?sort=password",
    "/pilots?batch=9&stage=%00",
    "/audit?cursor=%F0%9F%98%80",
    "/search?q=%25%5F%5C%27%22%F0%A0%AE%B7",
    "/compare?pilot=nothing",
    "/?theme=%3Cscript%3E&lng=xx",
    "/action-plan?view=__proto__",
  ])("%s is answered, not fallen over", async (path) => {
    const answer = await (await signIn("ten.lead")).get(path);
    expect([200, 302, 400, 404]).toContain(answer.status);
    expect(answer.text).not.toContain('<script>"');
  });

  it("a control character in a search is refused on every page that has one, and in the API by the field's name", async () => {
    const { regulator } = w.people;
    for (const path of [
      `/projects/${w.projectId}/risk-report?q=a%00`,
      "/pilots?q=%00",
      "/search?q=%00",
      "/projects?x=%01",
    ])
      expect([path, [200, 302, 400].includes((await regulator.get(path)).status)]).toEqual([path, true]);
    expect((await regulator.get(`/projects/${w.projectId}/risk-report?q=a%00`)).status).toBe(400);
    const token = accounts().find((a) => a.email.startsWith("ten.lead@"))?.apiToken ?? "";
    const answer = await fetch(`${product().url}/api/v1/audit?who=%00`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.status, Object.keys(((await answer.json()) as { errors: object }).errors)]).toEqual([422, ["who"]]);
  });
});

describe("forms", () => {
  it("an act nobody knows, without intent, of another machine or out of order is refused in words", async () => {
    const { regulator, officer, siteLead } = w.people;
    const project = `/projects/${w.projectId}?index`;
    const tries: [typeof regulator, string, Record<string, string>][] = [
      [regulator, project, { intent: "drop" }],
      [regulator, project, {}],
      [regulator, project, { intent: "constructor" }],
      [regulator, project, { intent: "act", type: "APPROVE_PLAN", expectedVersion: "0" }],
      [regulator, project, { intent: "act", type: "xstate.done.actor", expectedVersion: "0" }],
      [regulator, project, { intent: "act", type: "COMPLETE", expectedVersion: "1" }],
      [regulator, project, { intent: "act", type: "START_CLOSING", expectedVersion: "999" }],
      [regulator, project, { intent: "act", type: "START_CLOSING", expectedVersion: "-1" }],
      [regulator, project, { intent: "act", type: "START_CLOSING", expectedVersion: "1e99" }],
      [officer, sheet, { intent: "act", type: "APPROVE", expectedVersion: "0" }],
      [siteLead, sheet, { intent: "act", type: "__proto__", expectedVersion: "0" }],
      [officer, sheet, { intent: "cell", controlCode: "NOT-A-ONE-01", rev: "0", value: "compliant" }],
      [officer, sheet, { intent: "cell", controlCode: "' or 1=1", rev: "0", value: "compliant" }],
      [officer, sheet, { intent: "cell", controlCode: w.controlCodes[0] ?? "", rev: "0", value: "yes" }],
      [officer, sheet, { intent: "removeAsset", assetId: strange }],
    ];
    for (const [person, path, fields] of tries) {
      const answer = await person.post(path, fields);
      expect([JSON.stringify(fields), answer.status >= 400 && answer.status < 500]).toEqual([
        JSON.stringify(fields),
        true,
      ]);
      expect(visibleText(answer.text).length).toBeGreaterThan(20);
    }
  });

  it("text that is too long stays in its field, which says how long it may be", async () => {
    const long = "长".repeat(201);
    const asset = { intent: "addAsset", object: "equipment", c: "1", i: "1", a: "1", supplier: "甲厂", note: "" };
    const answer = await w.people.officer.post(`${sheet}?tab=assets`, { ...asset, name: long });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(long);
    expect(visibleText(answer.text)).toContain("最多 200 个字符，现有 201 个");
    expect(answer.text).toContain('value="甲厂"');
    const note = "注".repeat(4001);
    const cell = await w.people.officer.post(sheet, {
      intent: "cell",
      controlCode: w.controlCodes[0] ?? "",
      rev: "0",
      value: "partial",
      note,
      evidenceRef: "",
    });
    expect(cell.status).toBe(422);
    expect(cell.text).toContain(note);
    expect(visibleText(cell.text)).toContain("4000");
    // Counted as people count: 200 characters outside the BMP are 200.
    expect((await w.people.officer.post(`${sheet}?tab=assets`, { ...asset, name: "𠮷".repeat(200) })).status).toBe(302);
  });

  it("emoji, rare Han and HTML are stored and shown as they were typed; NUL is refused", async () => {
    const asset = {
      intent: "addAsset",
      object: "equipment",
      c: "1",
      i: "2",
      a: "3",
      supplier: odd,
      note: odd,
      name: odd,
    };
    expect((await w.people.officer.post(`${sheet}?tab=assets`, asset)).status).toBe(302);
    const shown = (await w.people.officer.get(`${sheet}?tab=assets`)).text;
    expect(decode(shown)).toContain(odd);
    expect(shown).not.toContain("<script>alert(1)");
    const cell = {
      intent: "cell",
      controlCode: w.controlCodes[1] ?? "",
      rev: "0",
      value: "partial",
      note: odd,
      evidenceRef: odd,
    };
    expect((await w.people.officer.post(sheet, cell)).status).toBe(200);
    const page = (await w.people.officer.get(sheet)).text;
    expect(decode(page)).toContain(odd);
    expect(page).not.toContain("<script>alert(1)");
    for (const bad of ["a\u0000b", "\u0007", "x\ud800y"]) {
      const answer = await w.people.officer.post(`${sheet}?tab=assets`, { ...asset, name: bad });
      // A lone surrogate cannot be sent in a form: the browser itself makes U+FFFD of it.
      expect([bad, answer.status]).toEqual([bad, bad.includes("\ud800") ? 302 : 422]);
    }
    expect(
      (await w.people.officer.post("/settings/profile", { intent: "rename", name: odd.slice(0, 60) })).status,
    ).toBe(200);
    expect((await w.people.officer.get("/")).text).not.toContain("<script>alert(1)");
  });

  it("of other kinds than forms are told so: 4xx, never a stack", async () => {
    const { number } = await places();
    const paths = [
      sheet,
      "/login",
      "/switch",
      "/settings/tokens",
      `/projects/${w.projectId}?index`,
      `/specifications/${number}`,
      `${sheet}/cells`,
    ];
    const bodies: [string, string][] = [
      ["application/json", "{"],
      ["text/plain", "x"],
      ["multipart/form-data; boundary=x", "--y\r\nnonsense"],
      ["multipart/form-data", ""],
      ["application/x-www-form-urlencoded", "%%%=%zz&=&&intent"],
    ];
    for (const path of paths)
      for (const [type, body] of bodies) {
        const answer = await w.people.officer.fetch(path, {
          method: "POST",
          headers: { origin: product().url, "content-type": type },
          body,
        });
        expect([path, type, answer.status >= 400 && answer.status < 500 ? "4xx" : answer.status]).toEqual([
          path,
          type,
          "4xx",
        ]);
        expect(answer.text).not.toMatch(/node_modules|at async|SELECT|select "/);
      }
  });

  it("from elsewhere are refused, whatever the page", async () => {
    const fields = new URLSearchParams({ intent: "rename", name: "x" });
    for (const headers of [
      {},
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `${product().url}.evil.example` },
      { "sec-fetch-site": "cross-site" },
    ]) {
      for (const path of [
        "/settings/profile",
        "/logout",
        "/login",
        sheet,
        "/settings/profile?_data=routes%2Fx",
        "/settings/profile.data",
      ]) {
        const answer = await w.people.officer.fetch(path, {
          method: "POST",
          headers: headers as Record<string, string>,
          body: fields,
        });
        expect([path, JSON.stringify(headers), answer.status]).toEqual([path, JSON.stringify(headers), 403]);
      }
    }
    expect((await w.people.officer.get("/")).status).toBe(200);
  });

  it("other methods are not allowed, and huge bodies are not read", async () => {
    for (const method of ["PUT", "DELETE", "PATCH"]) {
      const answer = await w.people.officer.fetch(sheet, {
        method,
        headers: { origin: product().url, "content-type": "application/x-www-form-urlencoded" },
        body: "intent=x",
      });
      expect([method, answer.status >= 400 && answer.status < 500]).toEqual([method, true]);
    }
    const huge = "x".repeat(1_100_000);
    for (const path of ["/login", sheet, "/api/v1/projects/x/events"]) {
      const answer = await w.people.officer.fetch(path, {
        method: "POST",
        headers: { origin: product().url, "content-type": "application/x-www-form-urlencoded" },
        body: `intent=signIn&email=${huge}`,
      });
      expect([path, answer.status]).toEqual([path, 413]);
    }
  });
});

describe("the API", () => {
  const call = (path: string, init: RequestInit = {}) => fetch(`${product().url}/api/v1${path}`, init);
  it("answers nonsense as RFC 9457 has it", async () => {
    const authorization = `Bearer ${account("ten.regulator").apiToken}`;
    const tries: [string, RequestInit, number[]][] = [
      ["/me", {}, [401]],
      ["/me", { headers: { authorization: "Bearer ans_nothing" } }, [401]],
      ["/me", { headers: { authorization: "Basic eA==" } }, [401]],
      ["/nothing", { headers: { authorization } }, [404]],
      ["/projects/1", { headers: { authorization } }, [404]],
      [`/projects/${strange}`, { headers: { authorization } }, [404]],
      ["/projects?limit=0", { headers: { authorization } }, [400, 422]],
      ["/projects?limit=100000", { headers: { authorization } }, [400, 422]],
      [
        `/projects/${strange}/events`,
        { method: "POST", headers: { authorization, "content-type": "application/json" }, body: "{" },
        [400],
      ],
      [
        `/projects/${strange}/events`,
        { method: "POST", headers: { authorization, "content-type": "text/plain" }, body: "x" },
        [415],
      ],
      [
        `/projects/${strange}/events`,
        { method: "POST", headers: { authorization, "content-type": "application/json" }, body: '{"type":1}' },
        [422],
      ],
      [
        `/projects/${strange}/events`,
        {
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: '{"type":"X","expectedVersion":0,"__proto__":{"a":1}}',
        },
        [404, 422],
      ],
      [`/projects/${strange}/events`, { method: "DELETE", headers: { authorization } }, [404, 405]],
    ];
    for (const [path, init, statuses] of tries) {
      const answer = await call(path, init);
      const body = (await answer.json()) as Record<string, unknown>;
      expect([path, init.body ?? "", statuses.includes(answer.status) ? "as expected" : answer.status]).toEqual([
        path,
        init.body ?? "",
        "as expected",
      ]);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(body).toMatchObject({
        status: answer.status,
        code: expect.any(String),
        title: expect.any(String),
        requestId: expect.any(String),
      });
    }
  });
});

describe("what was stored leaves in files as text", () => {
  it("in the survey's workbook and in printed pages", async () => {
    await w.fillIn([w.controlCodes[1] ?? ""]);
    const book = await fetch(`${product().url}/projects/${w.projectId}/survey.xlsx`, {
      headers: {
        cookie: w.people.officer
          .cookies()
          .map((c) => `${c.name}=${c.value}`)
          .join("; "),
      },
    });
    expect(book.status).toBe(200);
    const bytes = Buffer.from(await book.arrayBuffer());
    expect(bytes.subarray(0, 2).toString()).toBe("PK");
    const lead = await signIn("ten.lead");
    const project = linksOf((await lead.get("/")).text).find((one) => /^\/projects\/[0-9a-f-]{36}$/.test(one)) ?? "";
    for (const name of ["risk-report.pdf", "pilot-plan.pdf"]) {
      const file = await fetch(`${product().url}${project}/${name}`, {
        headers: {
          cookie: lead
            .cookies()
            .map((c) => `${c.name}=${c.value}`)
            .join("; "),
        },
      });
      expect([name, file.status, file.headers.get("content-type")]).toEqual([name, 200, "application/pdf"]);
      expect(file.headers.get("x-content-type-options")).toBe("nosniff");
      expect(
        Buffer.from(await file.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe("%PDF-");
    }
  });

  it("and nothing of all this was an unforeseen error", () => {
    const unforeseen = serverLog().filter((line) => line.level === "error" && line.time > begun);
    expect(unforeseen.map((line) => JSON.stringify(line).slice(0, 400))).toEqual([]);
  });
});
