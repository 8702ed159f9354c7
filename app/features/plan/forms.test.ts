import { parseWithZod } from "@conform-to/zod/v4";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { chapterTextSchema, newRiskSchema, riskIdsSchema, updateRiskSchema } from "#app/features/risk/risk.schema.ts";
import {
  newBudgetLineSchema,
  newIndicatorSchema,
  newMeasureSchema,
  planTextSchema,
  shareReasonSchema,
} from "./plan.schema.ts";

const id = "01a2061e-e700-7f20-8ea0-cf2d5e244919";
/** As a browser posts it: every field there, open ones empty. */
function posted<S extends z.ZodType>(schema: S, fields: Record<string, string | string[]>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const v of Array.isArray(value) ? value : [value]) form.append(name, v);
  const result = parseWithZod(form, { schema });
  return result.status === "success" ? result.value : result.error;
}

describe("forms of register and plan as a browser posts them", () => {
  it("takes fields left empty", () => {
    expect(
      posted(updateRiskSchema, {
        riskId: id,
        rev: "1",
        owner: "",
        treatment: "",
        threat: "3",
        vulnerability: "2",
        note: "",
      }),
    ).toEqual({ riskId: id, rev: 1, owner: "", treatment: null, threat: 3, vulnerability: 2, note: "" });
    expect(
      posted(newRiskSchema, {
        assetId: id,
        threatCode: "T01",
        vulnerabilityCode: "V01",
        threat: "1",
        vulnerability: "1",
        owner: "",
        note: "",
      }),
    ).toMatchObject({ owner: "", note: "" });
    expect(
      posted(newMeasureSchema, {
        riskId: id,
        title: "整改",
        dimension: "",
        object: "",
        lifecycle: "",
        mechanism: "",
        budgetLineId: "",
        startsOn: "",
        endsOn: "",
        owner: "",
        threatCut: "0",
        vulnerabilityCut: "0",
      }),
    ).toMatchObject({ dimension: null, budgetLineId: null, startsOn: null, owner: "", threatCut: 0 });
    expect(
      posted(newBudgetLineSchema, { siteId: id, title: "科目", amount: "12.5", lifecycle: "design" }),
    ).toMatchObject({ amount: 1250, security: false });
    expect(
      posted(newBudgetLineSchema, { siteId: id, title: "科目", amount: "0", lifecycle: "design", security: "on" }),
    ).toMatchObject({ amount: 0, security: true });
    expect(
      posted(newIndicatorSchema, {
        name: "指标",
        unit: "%",
        dimension: "identity",
        direction: "up",
        baseline: "",
        target: "1.5",
      }),
    ).toMatchObject({ baseline: null, target: 1500 });
    expect(posted(shareReasonSchema, { siteId: id, reason: "", rev: "0" })).toEqual({ siteId: id, reason: "", rev: 0 });
  });
  it("takes one chosen risk, many, and none as a mistake", () => {
    expect(posted(riskIdsSchema, { riskIds: id })).toEqual({ riskIds: [id] });
    expect(posted(riskIdsSchema, { riskIds: [id, id] })).toEqual({ riskIds: [id, id] });
    expect(posted(riskIdsSchema, {})).toEqual({ riskIds: ["error_risk_none_chosen"] });
  });
  it("clears a text, and names sections with a dot", () => {
    expect(posted(chapterTextSchema, { language: "zh", rev: "3", "texts.2_1": "甲\r\n乙", "texts.2_2": "" })).toEqual({
      language: "zh",
      rev: 3,
      texts: { "2.1": "甲\n乙", "2.2": "" },
    });
    expect(posted(planTextSchema, { language: "en", rev: "0", "texts.goals": "" })).toEqual({
      language: "en",
      rev: 0,
      texts: { goals: "" },
    });
  });
});
