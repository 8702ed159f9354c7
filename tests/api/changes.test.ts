import { beforeAll, describe, expect, it } from "vitest";
import { api, call, fill, fits, idsFor, type Json, readDescription, tokenOf } from "./description.ts";
import { signIn } from "#tests/e2e/setup/person.ts";

beforeAll(readDescription);

describe("changes", () => {
  it("a stale version gets 409 with the present state, and an unknown event is refused", async () => {
    const token = tokenOf("urb.lead");
    const { "/projects": id } = await idsFor(token);
    const project = await call(token, "get", `/api/v1/projects/${id}`);
    const version = Number(project.body["version"]);
    expect(version).toBeGreaterThan(0);
    const event = (project.body["events"] as Json[]).find((e) => e["enabled"] === true);
    const stale = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: String(event?.["type"] ?? "SUSPEND"), expectedVersion: version - 1, reason: "测试" },
    });
    expect(stale.status).toBe(409);
    expect(stale.body["code"]).toBe("stale_version");
    expect(JSON.stringify(stale.body)).toContain(String(project.body["state"]).split(".")[0]);
    const unknown = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: "NO_SUCH_EVENT", expectedVersion: version },
    });
    expect([409, 422]).toContain(unknown.status);
    for (const disabled of (project.body["events"] as Json[]).filter((e) => e["enabled"] === false))
      expect((disabled["reasons"] as Json[]).length).toBeGreaterThan(0);
  });

  it("a repeat with the same Idempotency-Key gets the same answer and has no second effect", async () => {
    const token = tokenOf("psf.lead");
    const { "/projects": id } = await idsFor(token);
    const project = await call(token, "get", `/api/v1/projects/${id}`);
    expect((project.body["events"] as Json[]).filter((e) => e["type"] === "SUSPEND")).toMatchObject([
      { enabled: true },
    ]);
    const headers = { "idempotency-key": `e2e-${Date.now()}` };
    const body = { type: "SUSPEND", expectedVersion: project.body["version"], reason: "核查期间暂停 𠮷" };
    // Ten at one time: one acts, and all get its answer.
    const equal = await Promise.all(
      Array.from({ length: 10 }, () => call(token, "post", `/api/v1/projects/${id}/events`, { body, headers })),
    );
    const [first] = equal;
    if (!first) throw new Error("nobody answered");
    expect([first.status, first.body["code"]]).toEqual([200, undefined]);
    for (const one of equal) expect(one).toEqual(first);
    const again = await call(token, "post", `/api/v1/projects/${id}/events`, { body, headers });
    expect(again).toEqual(first);
    const without = await call(token, "post", `/api/v1/projects/${id}/events`, { body });
    expect(without.status).toBe(409);
    const other = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { ...body, reason: "别的理由" },
      headers,
    });
    expect([other.status, other.body["code"]]).toEqual([422, "idempotency_key_reused"]);
    const resumed = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: "RESUME", expectedVersion: first.body["version"], reason: "核查结束" },
    });
    expect(resumed.status).toBe(200);
  });

  it("another's rows are not there, whatever the endpoint", async () => {
    const mine = await idsFor(tokenOf("ten.regulator"));
    const token = tokenOf("psf.regulator");
    for (const [path, methods] of Object.entries(api.paths).filter(([p]) => p.includes("{id}")))
      for (const method of Object.keys(methods)) {
        const answer = await call(
          token,
          method,
          fill(path, mine),
          method === "get"
            ? {}
            : {
                body: {
                  type: "SUSPEND",
                  expectedVersion: 0,
                  reason: "x",
                  period: "2014-08",
                  documentId: mine["/projects"],
                  answers: [{ controlCode: "SUP-SOL-01", value: "compliant", rev: 0 }],
                },
              },
        );
        expect([path, method, [403, 404, 422].includes(answer.status) ? "kept away" : answer.status]).toEqual([
          path,
          method,
          "kept away",
        ]);
        if (method === "get") expect([path, [403, 404].includes(answer.status)]).toEqual([path, true]);
      }
  });

  it("a token that may only read writes nothing", async () => {
    const lead = await signIn("ten.lead");
    const made = await lead.post("/settings/tokens", { intent: "createToken", name: "只读", days: "1" });
    const token = /ans_[\w-]{20,}/.exec(made.text)?.[0] ?? "";
    const { "/projects": id } = await idsFor(token);
    const project = await call(token, "get", `/api/v1/projects/${id}`);
    expect(project.status).toBe(200);
    // What the list of events promises is what happens.
    const events = project.body["events"] as { enabled: boolean; reasons: { code: string }[] }[];
    expect(events.length).toBeGreaterThan(0);
    expect(events.filter((e) => e.enabled || e.reasons[0]?.code !== "error_token_may_not_change")).toEqual([]);
    const refused = await call(token, "post", `/api/v1/projects/${id}/events`, {
      body: { type: "SUSPEND", expectedVersion: 0, reason: "x" },
    });
    expect([refused.status, refused.body["code"]]).toEqual([403, "token_may_not_change"]);
  });

  it("what fixes something for good wants a token that was made for it", async () => {
    const lead = await signIn("ten.lead");
    const approve = async (more: Record<string, string>) => {
      const made = await lead.post("/settings/tokens", {
        intent: "createToken",
        name: "封存",
        days: "1",
        write: "on",
        ...more,
      });
      const token = /ans_[\w-]{20,}/.exec(made.text)?.[0] ?? "";
      const { "/projects": id } = await idsFor(token);
      // No plan is under review in the demonstration: whoever may seal hears that from the machine.
      const project = await call(token, "get", `/api/v1/projects/${id}`);
      const answer = await call(token, "post", `/api/v1/projects/${id}/events`, {
        body: { type: "APPROVE_PLAN_SECTOR", expectedVersion: project.body["version"] },
      });
      return [answer.status, answer.body["code"], ...fits("/api/v1/projects/{id}/events", "post", answer)];
    };
    expect(await approve({})).toEqual([403, "token_may_not_seal"]);
    expect(await approve({ seal: "on" })).toEqual([422, "workflow_refused"]);
  });
});
