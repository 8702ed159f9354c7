import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { describe, expect, it } from "vitest";
import { places } from "./setup/pages.ts";
import { product, signInAnew } from "./setup/person.ts";

describe("sealing acts of the demonstration", () => {
  /** Signed in eleven minutes ago; posts acts and tells where they lead. */
  async function late(name: string) {
    const person = await signInAnew(name);
    const { owner } = JSON.parse(readFileSync(join(product().dataDir, "connection.json"), "utf8")) as {
      owner: string;
    };
    const demo = postgres(owner, { max: 1, onnotice: () => undefined });
    const secret = person.cookies().find((c) => c.name === "anshi_session")?.value ?? "";
    await demo`update auth.sessions set proved_at = now() - interval '11 minutes' where digest = sha256(convert_to(${secret}, 'UTF8'))`;
    await demo.end();
    return async (path: string, fields: Record<string, string>) =>
      (await person.post(path, { intent: "act", expectedVersion: "99999", reason: "缺陷", ...fields })).headers.get(
        "location",
      ) ?? "";
  }
  const proof = /^\/step-up\?form=/;

  it("publishing, approving and withdrawing a specification ask for a proof, closing a consultation does not", async () => {
    const act = await late("director");
    const { specification } = await places();
    const path = `/national/specifications/${specification ?? ""}`;
    for (const type of ["APPROVE", "SUPERSEDE", "WITHDRAW"])
      expect([type, await act(path, { type })]).toEqual([type, expect.stringMatching(proof)]);
    expect(await act(path, { intent: "publish", effectiveOn: "2026-12-01" })).toMatch(proof);
    expect(await act(path, { type: "CLOSE_CONSULTATION" })).toBe("");
  });

  it("what seals a document, a pilot or a phase asks for one as well, on whichever page it is done; what sends back does not", async () => {
    const act = await late("ten.lead");
    const { project } = await places();
    const own = `/projects/${project}`;
    const nowhere = "01a00000-0000-7000-8000-000000000000";
    const sealing: [path: string, type: string, more?: Record<string, string>][] = [
      [`${own}?index`, "APPROVE_PLAN_SECTOR"],
      [`${own}/survey`, "CLOSE_SURVEY"],
      [`${own}/survey/${nowhere}`, "APPROVE"],
      [`${own}/risk-report`, "APPROVE"],
      [`${own}/pilot-plan`, "ENDORSE"],
      [`${own}/specification`, "APPROVE_SPECIFICATION_SECTOR"],
      [`${own}/batches/1`, "CLOSE_BATCH"],
      [`${own}/batches/1`, "APPROVE", { intent: "reviewAct", documentId: nowhere }],
      [`/pilots/${nowhere}`, "SELECT"],
      [`/pilots/${nowhere}`, "APPROVE", { intent: "reportAct", documentId: nowhere }],
    ];
    for (const [path, type, more = {}] of sealing)
      expect([path, type, await act(path, { type, ...more })]).toEqual([path, type, expect.stringMatching(proof)]);
    expect([
      await act(`${own}/risk-report`, { type: "RETURN" }),
      await act(`${own}?index`, { type: "RETURN_PLAN" }),
    ]).toEqual(["", ""]);
  });
});
