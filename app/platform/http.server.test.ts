import { describe, expect, it } from "vitest";
import { conflict, tooMany } from "./errors.ts";
import { clientIpOf, limitBody, problemResponse } from "./http.server.ts";

const json = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request("http://x/api", { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

describe("limitBody", () => {
  const limits = { text: 10, multipart: 20 };
  it("refuses an announced length at once", () => {
    expect(() => limitBody(json("x", { "content-length": "11" }), limits)).toThrow(
      expect.objectContaining({ status: 413 }),
    );
    expect(() =>
      limitBody(json("x", { "content-length": "20", "content-type": "multipart/form-data; boundary=b" }), limits),
    ).not.toThrow();
  });
  it("stops a body of unknown length", async () => {
    const endless = () =>
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(4)) });
    const request = new Request("http://x/", {
      method: "POST",
      body: endless(),
      duplex: "half",
      headers: { "transfer-encoding": "chunked", "content-type": "application/json" },
    });
    await expect(limitBody(request, limits).arrayBuffer()).rejects.toMatchObject({ status: 413 });
  });
});

describe("problemResponse", () => {
  it("has the type, no cache, and what belongs to the status", async () => {
    const response = problemResponse(tooMany(30), "r-1");
    expect(response.status).toBe(429);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("retry-after")).toBe("30");
    expect(await problemResponse(conflict(), "r-2").json()).toMatchObject({
      status: 409,
      code: "conflict",
      requestId: "r-2",
    });
  });
});

describe("clientIpOf", () => {
  const headers = new Headers({ "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.2" });
  it("believes nobody unless told to", () => expect(clientIpOf(headers, "::ffff:10.0.0.1", 0)).toBe("10.0.0.1"));
  it("believes the proxies it was told of", () => {
    expect(clientIpOf(headers, "10.0.0.1", 1)).toBe("10.0.0.2");
    expect(clientIpOf(headers, "10.0.0.1", 2)).toBe("203.0.113.9");
    expect(clientIpOf(new Headers({ "x-forwarded-for": "<script>" }), "10.0.0.1", 1)).toBe("10.0.0.1");
  });
});
