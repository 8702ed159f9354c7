import { describe, expect, it } from "vitest";
import { demandAcceptable, prefersJson, qualityOf } from "./accept.ts";

describe("what a reader takes (RFC 9110, 12.5.1)", () => {
  it.each([
    [null, "text/plain", 1],
    ["*/*", "text/plain", 1],
    ["text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "text/plain", 0.7],
    ["text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "text/csv", 0.3],
    ["text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "image/png", 0.5],
    ["application/json;q=0, */*", "application/json", 0],
    ["APPLICATION/JSON", "application/json", 1],
    ["image/png", "text/plain", 0],
  ])("%s: %s is worth %s", (accept, type, q) => expect(qualityOf(accept, type)).toBe(q));

  it.each([
    ["axios", "application/json, text/plain, */*", false],
    ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false],
    ["JSON alone", "application/json", true],
    ["JSON rather than anything", "application/json, */*;q=0.1", true],
    ["JSON last", "application/json;q=0.1, */*", false],
    ["no JSON", "application/octet-stream, application/json;q=0", false],
    ["the file by its own type", "image/png, application/json", false],
    ["nothing that there is", "text/html", false],
    ["everything", "*/*", false],
    ["no header", null, false],
  ])("%s", (_who, accept, json) => expect(prefersJson(accept, "image/png")).toBe(json));

  it.each([null, "", "*/*", "application/*;q=0.1", "text/html, application/json;q=0.2", "image/png"])(
    "an answer as JSON or PNG can be given to who takes %j",
    (accept) => expect(() => demandAcceptable(accept, ["application/json", "image/png"])).not.toThrow(),
  );

  it.each(["text/html", "application/json;q=0", "*/*;q=0", "image/*;q=0, text/*"])(
    "is told what is offered, who takes %j alone",
    (accept) => {
      const offers = ["application/json", "image/png"];
      expect(() => demandAcceptable(accept, offers)).toThrow(
        expect.objectContaining({ status: 406, code: "not_acceptable", extra: { offers } }),
      );
    },
  );

  it("is as good by a name that the answer itself does not bear", () =>
    expect(() =>
      demandAcceptable("application/octet-stream", ["image/png"], ["application/octet-stream"]),
    ).not.toThrow());
});
