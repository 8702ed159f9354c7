import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { request as ask } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docx, pdf, png, refusedFiles } from "#tests/builders/files.ts";
import { visibleText } from "./setup/html.ts";
import { type Person, product, serverLog, signIn } from "./setup/person.ts";
import { type SmallWorld, smallWorld } from "./setup/small-world.ts";

const begun = new Date().toISOString();
let w: SmallWorld;
let place = "";
let target = "";
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  w = await smallWorld();
  target = `document=${w.documentId}&part=${w.controlCodes[0] ?? ""}`;
  place = `/evidence?${target}`;
});
afterAll(() => w?.close());

function form(bytes: Uint8Array, name: string, type = "application/octet-stream"): FormData {
  const data = new FormData();
  data.set("file", new File([new Uint8Array(bytes)], name, { type }));
  return data;
}
const send = (person: Person, bytes: Uint8Array, name: string, type?: string, path = place) =>
  person.fetch(path, {
    method: "POST",
    headers: { origin: product().url, accept: "text/html" },
    body: form(bytes, name, type),
  });
async function tokenOf(person: Person): Promise<string> {
  const made = await person.post("/settings/tokens", { intent: "createToken", name: "佐证", days: "1", write: "on" });
  return /ans_[\w-]{20,}/.exec(made.text)?.[0] ?? "";
}
/** What lies in storage and on its way, of whichever tenant. */
function lying(): { kept: number; incoming: number } {
  const count = (folder: string): number => {
    try {
      return readdirSync(join(product().dataDir, folder), { recursive: true, withFileTypes: true }).filter((e) =>
        e.isFile(),
      ).length;
    } catch {
      return 0;
    }
  };
  return { kept: count("files/kept"), incoming: count("incoming") };
}
const filesOf = (page: string): string[] =>
  [...page.matchAll(/href="\/evidence\/([0-9a-f-]{36})"/g)].map((found) => found[1] ?? "");

describe("a file for an answer", () => {
  const name = '记录 "甲"\r\n𠮷.pdf';
  let id = "";

  it("is added without script, listed beside the answer, and comes back as it was, to be saved", async () => {
    const { officer } = w.people;
    const before = lying();
    const added = await send(officer, pdf(), name, "image/svg+xml");
    expect([added.status, added.headers.get("location")]).toEqual([302, place]);
    const page = (await officer.get(place)).text;
    [id = ""] = filesOf(page);
    expect(filesOf(page)).toHaveLength(1);
    expect(lying()).toEqual({ kept: before.kept + 1, incoming: 0 });
    expect((await officer.get(`/projects/${w.projectId}/survey/${w.documentId}`)).text).toContain(`/evidence/${id}`);
    const file = await officer.fetch(`/evidence/${id}`);
    expect([file.status, file.text]).toEqual([200, Buffer.from(pdf()).toString()]);
    expect(file.headers.get("content-type")).toBe("application/pdf");
    expect(file.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[\w.() -]+"; filename\*=UTF-8''[\w%.~-]+\.pdf$/,
    );
    expect(decodeURIComponent(file.headers.get("content-disposition")?.split("''")[1] ?? "")).toMatch(
      /^记录 _甲.*𠮷\.pdf$/u,
    );
    expect(file.headers.get("x-content-type-options")).toBe("nosniff");
    expect(file.headers.get("etag")).toBe(`"${sha256(pdf())}"`);
  });

  it("is nobody else's: not the regulator's before it is submitted, never another sector's", async () => {
    for (const person of [
      w.people.regulator,
      w.people.lead,
      await signIn("ten.s1.officer"),
      await signIn("ten.regulator"),
      await signIn("assessor1"),
    ])
      expect([person.name, (await person.fetch(`/evidence/${id}`)).status]).toEqual([person.name, 404]);
    for (const person of [await signIn("director"), await signIn("ten.auditor"), await signIn("operator")])
      expect([person.name, (await person.fetch(`/evidence/${id}`)).status]).toEqual([person.name, 403]);
    expect((await send(await signIn("ten.s1.officer"), pdf(), "a.pdf")).status).toBe(404);
    expect((await send(w.people.regulator, pdf(), "a.pdf")).status).toBe(403);
  });

  it.each(Object.entries(refusedFiles))(
    "%s is refused in words beside the field, and nothing is left of it",
    async (_what, { bytes, name: called }) => {
      const before = lying();
      const answer = await send(w.people.officer, bytes, called, "application/pdf");
      expect(answer.status).toBe(422);
      expect(answer.text).toMatch(/aria-invalid="true"/);
      expect(lying()).toEqual(before);
      expect(filesOf((await w.people.officer.get(place)).text)).toEqual([id]);
    },
  );

  it("is taken away by the site while it is not submitted, with its bytes", async () => {
    const { officer } = w.people;
    await send(officer, png(), "a.png");
    const [, second = ""] = filesOf((await officer.get(place)).text);
    const before = lying();
    expect((await officer.post(place, { intent: "remove", evidenceId: second })).status).toBe(302);
    expect(lying().kept).toBe(before.kept - 1);
    expect((await officer.fetch(`/evidence/${second}`)).status).toBe(404);
    expect((await officer.post(place, { intent: "remove", evidenceId: second })).status).toBe(404);
  });

  it("is refused in the reader's language", async () => {
    const zh = await send(w.people.officer, new Uint8Array(), "空.pdf");
    const en = await send(w.people.officer, new Uint8Array(), "空.pdf", undefined, `${place}&lng=en`);
    expect(visibleText(zh.text)).toContain("文件是空的");
    expect(visibleText(en.text)).toContain("The file is empty");
    await w.people.officer.get("/", "zh-CN");
  });
});

describe("over the API", () => {
  const path = () => `/api/v1/evidence?${target}`;
  let token = "";
  beforeAll(async () => void (token = await tokenOf(w.people.officer)));
  const post = (body: BodyInit, headers: Record<string, string> = {}, to = path()) =>
    fetch(`${product().url}${to}`, { method: "POST", headers: { authorization: `Bearer ${token}`, ...headers }, body });

  it("takes a form or the bytes themselves, once under a key, and gives them back", async () => {
    const bytes = docx();
    const key = { "idempotency-key": randomBytes(8).toString("hex") };
    const raw = () =>
      post(new Blob([new Uint8Array(bytes)]), {
        "content-type": "text/html",
        "content-disposition": "attachment; filename*=UTF-8''%E8%AE%B0%E5%BD%95.html",
        ...key,
      });
    const before = lying();
    const [first, again] = [await raw(), await raw()];
    expect([first.status, again.status]).toEqual([201, 201]);
    const body = (await first.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      name: "记录.html.docx",
      type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      sha256: sha256(bytes),
      bytes: bytes.length,
      fixed: false,
    });
    expect(await again.json()).toEqual(body);
    expect(lying().kept).toBe(before.kept + 1);
    const got = await fetch(`${product().url}/api/v1/evidence/${String(body["id"])}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(sha256(new Uint8Array(await got.arrayBuffer()))).toBe(sha256(bytes));
    expect(got.headers.get("content-disposition")).toMatch(/^attachment/);
    const known = await fetch(`${product().url}/api/v1/evidence/${String(body["id"])}`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    });
    expect(await known.json()).toEqual(body);
    expect((await post(form(png(), "b.png"))).status).toBe(201);
    // What axios sends, and a browser: the file, for JSON is not liked better.
    for (const accept of [
      "application/json, text/plain, */*",
      "application/octet-stream, application/json;q=0",
      "*/*",
    ]) {
      const file = await fetch(`${product().url}/api/v1/evidence/${String(body["id"])}`, {
        headers: { authorization: `Bearer ${token}`, accept },
      });
      expect([accept, sha256(new Uint8Array(await file.arrayBuffer()))]).toEqual([accept, sha256(bytes)]);
    }
    const same = await fetch(`${product().url}/api/v1/evidence/${String(body["id"])}`, {
      headers: { authorization: `Bearer ${token}`, "if-none-match": "*" },
    });
    expect(same.status).toBe(304);
  });

  it("names what is wrong by a stable code", async () => {
    const problem = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
    expect(await problem(await post(form(new Uint8Array(), "a.pdf")))).toEqual([422, "evidence_empty"]);
    expect(await problem(await post(form(pdf(), "a.pdf"), {}, "/api/v1/evidence"))).toEqual([422, "invalid"]);
    expect(await problem(await post("{}", { "content-type": "application/json" }))).toEqual([
      415,
      "unsupported_media_type",
    ]);
    expect(await problem(await post(new FormData()))).toEqual([422, "evidence_missing"]);
    const two = form(pdf(), "a.pdf");
    two.append("file", new File([new Uint8Array(png())], "b.png"));
    expect(await problem(await post(two))).toEqual([422, "evidence_one"]);
    expect(await problem(await post("--x\r\nnonsense", { "content-type": "multipart/form-data; boundary=y" }))).toEqual(
      [400, "malformed_upload"],
    );
    expect(
      await problem(
        await post(form(pdf(), "a.pdf"), {}, path().replace(w.documentId, "01890000-0000-7000-8000-000000000000")),
      ),
    ).toEqual([404, "not_found"]);
  });
});

describe("what is too much or ends too soon", () => {
  const headers = async () => ({
    cookie: w.people.officer
      .cookies()
      .map((c) => `${c.name}=${c.value}`)
      .join("; "),
    origin: product().url,
  });
  const memory = (): number => {
    const pid = /"pid":(\d+)/.exec(readFileSync(product().log, "utf8"))?.[1];
    return pid ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024 : 0;
  };
  /** Sends as much as is taken of a body of `total` bytes; tells the answer and how much had left until then. */
  async function pour(
    path: string,
    total: number,
    more: Record<string, string>,
  ): Promise<{ status: number; sent: number }> {
    const url = new URL(path, product().url);
    const chunk = Buffer.alloc(256 * 1024, 0x61);
    let sent = 0;
    return new Promise((resolve, reject) => {
      const got = { status: 0 };
      const done = () => (got.status ? resolve({ status: got.status, sent }) : undefined);
      const req = ask(url, { method: "POST", headers: more }, (res) => {
        got.status = res.statusCode ?? 0;
        res.resume();
        res.once("end", done);
        res.once("close", done);
      });
      req.on("error", (error) => (got.status ? done() : reject(error)));
      const pump = () => {
        while (sent < total && !req.destroyed && got.status === 0) {
          sent += chunk.length;
          if (!req.write(chunk)) return void req.once("drain", pump);
        }
        req.end();
      };
      if (more["content-length"] === undefined || Number(more["content-length"]) <= total) pump();
      else req.flushHeaders();
    });
  }
  const giga = 1024 ** 3;

  it("1 GB announced is refused before a byte of it is read", async () => {
    const answer = await pour(place, 0, {
      ...(await headers()),
      "content-type": "multipart/form-data; boundary=b",
      "content-length": String(giga),
    });
    expect(answer).toEqual({ status: 413, sent: 0 });
  });

  it("1 GB that is not announced is cut off at the limit; memory stays flat and nothing is left", async () => {
    const before = lying();
    const rss = memory();
    let highest = rss;
    const watch = setInterval(() => (highest = Math.max(highest, memory())), 50);
    const token = await tokenOf(w.people.officer);
    const answer = await pour(`/api/v1/evidence?${target}`, giga, {
      authorization: `Bearer ${token}`,
      "content-type": "application/pdf",
      "transfer-encoding": "chunked",
    }).catch((error: NodeJS.ErrnoException) => ({ status: 413, sent: 0, code: error.code }));
    clearInterval(watch);
    expect(answer.status).toBe(413);
    expect(answer.sent).toBeLessThan(200 * 1024 * 1024);
    expect(highest - rss).toBeLessThan(150);
    await sleep(200);
    expect(lying()).toEqual(before);
  });

  it("an upload that its sender gives up leaves neither row nor file", async () => {
    const before = lying();
    const url = new URL(place, product().url);
    const req = ask(url, {
      method: "POST",
      headers: { ...(await headers()), "content-type": "multipart/form-data; boundary=b", "content-length": "5000000" },
    });
    req.on("error", () => undefined);
    req.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4\n');
    req.write(Buffer.alloc(400_000, 0x61));
    for (let i = 0; i < 40 && lying().incoming === before.incoming; i += 1) await sleep(50);
    expect(lying().incoming).toBe(before.incoming + 1);
    req.destroy();
    for (let i = 0; i < 60 && lying().incoming > before.incoming; i += 1) await sleep(50);
    expect(lying()).toEqual(before);
  });

  it("where no file is expected, a large form is not read", async () => {
    const answer = await w.people.officer.fetch("/settings/profile", {
      method: "POST",
      headers: { origin: product().url },
      body: form(new Uint8Array(2_000_000), "a.bin"),
    });
    expect(answer.status).toBe(413);
  });
});

describe("handed over", () => {
  it("is the regulator's with the submission, in the audit trail when they take it out, and stays", async () => {
    const { siteLead, regulator, officer } = w.people;
    await w.fillIn([]);
    const [id = ""] = filesOf((await officer.get(place)).text);
    const page = (await siteLead.get(`/projects/${w.projectId}/survey/${w.documentId}`)).text;
    const version = /name="expectedVersion" value="(\d+)"/.exec(page)?.[1] ?? "0";
    const sent = await siteLead.post(`/projects/${w.projectId}/survey/${w.documentId}`, {
      intent: "act",
      type: "SUBMIT",
      expectedVersion: version,
    });
    expect(sent.status).toBe(200);
    expect((await regulator.get(`/projects/${w.projectId}/survey/${w.documentId}`)).text).toContain(`/evidence/${id}`);
    expect((await regulator.fetch(`/evidence/${id}`)).status).toBe(200);
    expect((await w.people.lead.get("/audit")).text).toContain(id);
    expect((await regulator.get(place)).text).not.toContain('type="file"');
    expect((await officer.post(place, { intent: "remove", evidenceId: id })).status).toBe(409);
    expect((await send(officer, pdf(), "a.pdf")).status).toBe(409);
  });
});

it("the server took none of it for a fault of its own", () => {
  expect(serverLog().filter((line) => line.time >= begun && ["error", "fatal"].includes(line.level))).toEqual([]);
});
