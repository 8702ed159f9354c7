import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { ProjectPhase } from "#workflows/project/states.ts";
import { ask, type DocumentLine } from "./sandbox/doors.ts";
import { Explorer } from "./sandbox/explore.ts";
import { projectTo, unsent } from "./sandbox/places.ts";
import { rowsFor } from "./sandbox/rows.ts";
import { openSandbox, type Sandbox } from "./sandbox/sandbox.ts";

/*
 * What the list of a document's events says is what happens, and by whichever door an event comes the same rows stand: over
 * all documents of the demonstration, for all who may see each, and on from there event by event. Nothing of it stays.
 */

let sandbox: Sandbox;
let explorer: Explorer;
const everyone = () => [...sandbox.people.values()];
const who = (wanted: (a: Actor) => boolean): Actor => everyone().find(wanted) ?? expect.fail("nobody of that kind");
beforeAll(async () => {
  sandbox = await openSandbox();
  explorer = new Explorer(sandbox, (tenantId) => who((a) => a.level === "auditor" && a.tenantId === tenantId));
});
afterAll(() => sandbox.close());

async function documentsOf(actor: Actor): Promise<DocumentLine[]> {
  const { status, body } = await ask(sandbox, actor, "GET", "/documents?limit=200");
  expect([status, body["next"]]).toEqual([200, null]);
  return body["items"] as DocumentLine[];
}

/** One of each role that may list documents: of the document's tenant and site, or of the nation. */
function readers(tenantId: string, { siteId }: DocumentLine): Actor[] {
  const near = everyone().filter(
    (a) =>
      may(a.role, "document.read") &&
      (a.level === "national" || (a.tenantId === tenantId && (a.level !== "site" || a.siteId === siteId))),
  );
  return [...new Map(near.map((a) => [a.role, a])).values()];
}

const moving = ["SUBMIT", "RESUBMIT", "RETURN", "APPROVE"];
const alone = [...moving, "WITHDRAW", "START_REVIEW"];
/** What documents of each kind go through. */
const events = {
  surveyResponse: alone,
  progressReport: alone,
  batchReview: alone,
  riskReport: moving,
  pilotPlan: [...moving, "ENDORSE"],
  specDraft: [...moving, "ENDORSE"],
};

describe("every event that is listed", () => {
  it("is accepted where it is enabled and refused for the reasons told where it is not, in the whole world", async () => {
    const sectors = new Map(
      everyone()
        .filter((a) => a.role === "regulator")
        .map((a) => [a.tenantId, a]),
    );
    let documents = 0;
    for (const regulator of sectors.values())
      for (const document of await documentsOf(regulator)) {
        documents += 1;
        await explorer.from(document, { who: readers(regulator.tenantId, document), name: "world", always: true }, 3);
      }
    expect(documents).toBeGreaterThan(40);
    expect(explorer.faults).toEqual([]);
  });

  it.each(["riskReport", "pilotPlan", "specification"] satisfies ProjectPhase[])(
    "so too while the project is in %s for the first time",
    async (phase) => {
      const author = who((a) => a.email.startsWith("ten.regulator@"));
      const lead = who((a) => a.email.startsWith("ten.lead@"));
      const projectId = (await documentsOf(author))[0]?.projectId ?? expect.fail("no document");
      await sandbox.undone(async () => {
        const id = await unsent(sandbox, { lead, author }, projectId, phase);
        const document = (await ask(sandbox, author, "GET", `/documents/${id}`)).body as unknown as DocumentLine;
        const all = readers(author.tenantId, document);
        await explorer.from(document, { who: all, name: phase }, 4);
        // While its project stands elsewhere nothing goes up.
        const elsewhere = phase === "pilotPlan" ? "riskReport" : "pilotPlan";
        await projectTo(sandbox, lead, projectId, elsewhere);
        await explorer.from(document, { who: all, name: `${phase}, out of its time` }, 0);
      });
      expect(explorer.faults).toEqual([]);
    },
  );

  it("is looked at in all that it may change", async () => {
    const sector = who((a) => a.role === "regulator");
    const project = (await documentsOf(sector))[0]?.projectId ?? expect.fail("no document");
    const seen = async () => (await rowsFor(sandbox, sector, project)).map((row) => (row as { of: string }).of);
    expect([...new Set(await seen())]).toEqual(
      expect.arrayContaining([
        "documents",
        "submissions",
        "workflow_events",
        "workflow_instances",
        "projects",
        "measures",
      ]),
    );
  });

  it("was tried: all kinds, all their events, each by every role", () => {
    const wanted = Object.entries(events).flatMap(([kind, types]) => types.map((type) => `${kind} ${type}`));
    expect([...explorer.accepted].sort()).toEqual(wanted.sort());
    const { listed, unlisted, unseen, doors } = explorer.tried;
    console.info(
      `${listed} listed, ${unlisted} unlisted and ${unseen} unseen events sent, ${doors} by several doors, in`,
      [...explorer.states].sort(),
    );
    expect(listed).toBeGreaterThan(120);
    expect(unlisted).toBeGreaterThan(400);
    expect(doors).toBeGreaterThan(180);
  });
});
