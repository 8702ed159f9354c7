import { describe, expect, it } from "vitest";
import { hasMessage } from "#app/i18n/translate.server.ts";
import { auditedTables } from "#db/walls.ts";
import { auditEntryKinds } from "./audit.schema.ts";

describe("the trail has words for", () => {
  it("every table whose changes it tells", () => {
    expect(auditedTables().filter((table) => !hasMessage(`audit_table_${table}`))).toEqual([]);
  });
  it("every kind of act", () => {
    expect(auditEntryKinds.filter((act) => !hasMessage(`audit_act_${act}`))).toEqual([]);
  });
});
