import { expect, it } from "vitest";
import { memberRoles } from "#db/roles.ts";
import { documentKinds, phases } from "#db/vocabulary.ts";
import { machineIds } from "#db/schema/index.ts";
import { machines } from "#workflows/registry.ts";
import { documentKinds as kindsOfMachine } from "#workflows/document/facts.ts";
import { projectWorking } from "#workflows/project/states.ts";
import { roles } from "#workflows/types.ts";

/*
 * The machines know no database, and the database takes no values of the machines. So these lists stand in both, and a word
 * that only one of them knows would be refused by the other when somebody has done their work.
 */
it("machines and database know the same kinds of document", () => expect(kindsOfMachine).toEqual(documentKinds));

it("a project goes through the phases for which the database keeps days, in their order", () => {
  const group = (path: string) => path.split(".")[0];
  expect([...new Set(projectWorking.map(group))]).toEqual(phases);
});

it("who may send an event is a member, or the system itself", () => expect(roles).toEqual([...memberRoles, "system"]));

it("an instance of every machine can be kept", () => {
  expect([...new Set(Object.values(machines).map((m) => m.id))].sort()).toEqual([...machineIds].sort());
});
