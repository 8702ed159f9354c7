import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { product } from "#tests/e2e/setup/person.ts";
import { changesBetween, type Outline, outlineOf, written } from "./compatibility.ts";

/*
 * What clients were promised with the last release, `description.json`, against what is described now. What breaks them has to
 * be named, word for word, among the breaking changes of app/request/README.md. `API=release npx vitest run --config
 * tests/vitest.config.ts --project api compatibility` writes the promise anew when a release is made; the list begins anew
 * with it.
 */

const file = join(import.meta.dirname, "description.json");
const readme = join(import.meta.dirname, "../../app/request/README.md");
const named = (): string => readFileSync(readme, "utf8").split("## Breaking changes")[1]?.split("\n## ")[0] ?? "";

const schema = (extra: Record<string, unknown> = {}) => ({
  type: "object",
  properties: { id: { type: "string" }, state: { type: "string", enum: ["draft", "approved"] }, ...extra },
  required: ["id"],
});
const api = (answer: unknown, query: unknown[] = [], body: unknown = schema()) => ({
  paths: {
    "/things": {
      post: {
        operationId: "makeThing",
        parameters: query,
        requestBody: { content: { "application/json": { schema: body } } },
        responses: {
          200: { content: { "application/json": { schema: answer } } },
          404: { content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } },
        },
      },
    },
  },
});
const between = (a: unknown, b: unknown) => changesBetween(outlineOf(a), outlineOf(b));
const at = "POST /things";

describe("changes of a description", () => {
  it.each([
    ["a member that is new in an answer", api(schema({ more: {} })), [], [`${at} 200.more is new`]],
    [
      "a member that is gone",
      api({ ...schema(), properties: { id: { type: "string" } } }),
      [`${at} 200.state is gone`],
      [],
    ],
    [
      "one that may be null",
      api(schema({ id: { type: ["string", "null"] } })),
      [`${at} 200.id has the type "null"`],
      [],
    ],
    [
      "a value that nobody knows",
      api(schema({ state: { type: "string", enum: ["draft", "approved", "void"] } })),
      [`${at} 200.state has the value "void"`],
      [],
    ],
    ["one that may be left out", api({ ...schema(), required: [] }), [`${at} 200.id may be left out`], []],
    ["a parameter", api(schema(), [{ in: "query", name: "q", schema: {} }]), [], [`${at} query parameter q is new`]],
    [
      "one that must be there",
      api(schema(), [{ in: "query", name: "q", required: true, schema: {} }]),
      [`${at} query parameter q is new and required`],
      [],
    ],
    [
      "a body that asks for more",
      api(schema(), [], { ...schema(), required: ["id", "state"] }),
      [`${at} takes.state is always there`],
      [],
    ],
    [
      "a body that allows more",
      api(schema(), [], schema({ state: { type: "string" } })),
      [],
      [`${at} takes.state takes any value`],
    ],
    [
      "a body with a pattern",
      api(schema(), [], schema({ id: { type: "string", pattern: "^x" } })),
      [`${at} takes.id has a pattern`],
      [],
    ],
    ["an operation that is gone", { paths: {} }, [`${at} is gone`], []],
    ["prose alone", api({ ...schema(), description: "other words" }), [], []],
  ])("%s", (_name, after, breaking, additive) => expect(between(api(schema()), after)).toEqual({ breaking, additive }));

  it("the other way round, what breaks adds: of answers that gained, of bodies that lost", () => {
    const types = fc.subarray(["string", "integer", "null"], { minLength: 1 });
    fc.assert(
      fc.property(types, types, (a, b) => {
        const [one, other] = [api(schema({ id: { type: a } })), api(schema({ id: { type: b } }))];
        const [there, back] = [between(one, other), between(other, one)];
        expect(there.breaking.length).toBe(b.filter((t) => !a.includes(t)).length);
        expect(there.breaking.length).toBe(back.additive.length);
      }),
    );
  });
});

describe("the description", () => {
  it("breaks nothing that was promised with the last release, but for what is named", async () => {
    const now = outlineOf(await (await fetch(`${product().url}/api/v1/openapi.json`)).json());
    if (process.env["API"] === "release") writeFileSync(file, written(now));
    const promised = JSON.parse(readFileSync(file, "utf8")) as Outline;
    const { breaking, additive } = changesBetween(promised, now);
    if (additive.length > 0) console.info(`Since the last release the API has gained:\n  ${additive.join("\n  ")}`);
    const words = named();
    expect(breaking.filter((change) => !words.includes(change))).toEqual([]);
    // Nor is anything named that breaks nobody.
    const listed = [...words.matchAll(/^- `(.+)`/gm)].map((found) => found[1] ?? "");
    expect(listed.filter((change) => !breaking.includes(change))).toEqual([]);
  });
});
