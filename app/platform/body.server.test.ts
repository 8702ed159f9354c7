import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFields, readJson, readQuery } from "./body.server.ts";
import { SHAPE_LIMITS } from "./shape.rules.ts";

const posted = (body: BodyInit, type?: string) =>
  new Request("http://x/", { method: "POST", body, ...(type ? { headers: { "content-type": type } } : {}) });
const json = (body: string, type = "application/json") => posted(body, type);
const many = (count: number) => Array.from({ length: count }, (_, i) => [`f${i}`, "x"] as [string, string]);
const asMultipart = (fields: readonly (readonly [string, string | Blob])[]) => {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  return posted(form);
};

describe("a form", () => {
  const fields: [string, string][] = [
    ["intent", "save"],
    ["ids", "1"],
    ["ids", "2"],
    ["text", "水务 & \r\n more=1"],
    ["empty", ""],
  ];
  it("is read field by field, urlencoded and multipart alike, and files in it are left out", async () => {
    expect(await readFields(posted(new URLSearchParams(fields)))).toEqual(fields);
    expect(await readFields(asMultipart([...fields, ["file", new Blob(["bytes"])]]))).toEqual(fields);
  });
  it("is refused with too many fields before they are taken apart", async () => {
    expect(await readFields(posted(new URLSearchParams(many(SHAPE_LIMITS.fields))))).toHaveLength(SHAPE_LIMITS.fields);
    await expect(readFields(posted(new URLSearchParams(many(SHAPE_LIMITS.fields + 1))))).rejects.toMatchObject({
      status: 400,
      code: "form_too_many_fields",
    });
    await expect(readFields(asMultipart(many(SHAPE_LIMITS.fields + 1)))).rejects.toMatchObject({
      status: 400,
      code: "form_too_many_fields",
    });
  });
  it.each([
    ["{}", "application/json"],
    ["a=1", "text/plain"],
    ["a=1", "multipart/form-data"],
    ["--b\r\nnonsense", "multipart/form-data; boundary=b"],
  ])("that is none is told so: %j as %s", async (body, type) => {
    await expect(readFields(posted(body, type))).rejects.toMatchObject({ status: 400, code: "malformed" });
  });
});

describe("JSON", () => {
  it("is read", async () => expect(await readJson(json('{"a":1}'))).toEqual({ a: 1 }));
  it("answers 400 to what is none, is too deep or holds too much", async () => {
    for (const text of ['{"a":', "", "\u0000"])
      await expect(readJson(json(text))).rejects.toMatchObject({ status: 400, code: "malformed_json" });
    await expect(readJson(json(`${"[".repeat(40)}${"]".repeat(40)}`))).rejects.toMatchObject({
      status: 400,
      code: "json_too_deep",
    });
    await expect(readJson(json(`[${"0,".repeat(SHAPE_LIMITS.members)}0]`))).rejects.toMatchObject({
      status: 400,
      code: "json_too_long",
    });
  });
  it("answers 415 to another type", async () => {
    await expect(readJson(json("a=1", "application/x-www-form-urlencoded"))).rejects.toMatchObject({ status: 415 });
    expect(await readJson(json("{}", "application/merge-patch+json"))).toEqual({});
  });
});

describe("a query", () => {
  it("is read by name, the last of a name, and no longer than it may be", () => {
    expect(readQuery("http://x/?a=1&a=2&b=")).toEqual({ a: "2", b: "" });
    expect(() => readQuery(`http://x/?${new URLSearchParams(many(SHAPE_LIMITS.parameters + 1)).toString()}`)).toThrow(
      expect.objectContaining({ status: 400, code: "query_too_long" }),
    );
  });
});

it("nothing else in the product takes a form, a JSON body or a whole query apart", () => {
  const taking =
    /\.formData\(\)|\brequest\.json\(\)|\b(?:c\.req|req)\.(?:query|queries|json|parseBody|formData)\(|fromEntries\([^()]*(?:searchParams|URLSearchParams)|parseWithZod\((?!fieldsFor\()/;
  const root = new URL("../", import.meta.url).pathname;
  const found = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter(
      (file) =>
        /\.tsx?$/.test(file) &&
        !/\.test\.tsx?$/.test(file) &&
        file !== "platform/body.server.ts" &&
        !file.startsWith("i18n/paraglide"),
    )
    .flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .map((line, i) => ({ at: `${file}:${i + 1}`, line })),
    )
    .filter(({ line }) => taking.test(line))
    .map(({ at, line }) => `${at} ${line.trim()}`);
  expect(found).toEqual([]);
});
