import { describe, expect, it } from "vitest";
import {
  AppError,
  asAppError,
  conflict,
  invalid,
  isUnavailable,
  outage,
  storageUnavailable,
  toProblem,
} from "./errors.ts";

describe("errors", () => {
  it("shows nothing of an unexpected error", () => {
    const error = Object.assign(new Error('duplicate key value in "users" select * from secrets'), {
      code: "23505",
      query: "select",
    });
    const text = JSON.stringify(toProblem(error, "r-1"));
    expect(JSON.parse(text)).toEqual({
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      code: "internal",
      requestId: "r-1",
    });
  });

  it("carries fields, the current state and the reader's words", () => {
    expect(toProblem(invalid({ email: ["required"] }), "r")).toMatchObject({
      status: 422,
      code: "invalid",
      errors: { email: ["required"] },
    });
    const problem = toProblem(
      conflict({ code: "stale", extra: { current: { version: 4 } } }),
      "r",
      (key) => `<${key}>`,
    );
    expect(problem).toMatchObject({ status: 409, code: "stale", current: { version: 4 }, detail: "<error_stale>" });
  });

  it("lets no extra overwrite the fixed members", () => {
    expect(toProblem(conflict({ extra: { status: 200, code: "ok" } }), "r")).toMatchObject({
      status: 409,
      code: "conflict",
    });
  });

  it.each(["ECONNREFUSED", "CONNECTION_CLOSED", "57P01", "57P03", "08006", "53300", "53200", "58030"])(
    "knows %s for a database that is away, however wrapped",
    (code) => {
      const inner = Object.assign(new Error("x"), { code });
      expect(isUnavailable(new Error("Failed query", { cause: inner }))).toBe(true);
      expect(asAppError(inner).status).toBe(503);
    },
  );

  it.each(["53100", "ENOSPC", "EDQUOT"])("knows %s for a full disk, however wrapped", (code) => {
    const inner = Object.assign(new Error("x"), { code });
    const told = asAppError(new Error("Failed query", { cause: inner }));
    expect([told.status, told.code, isUnavailable(inner)]).toEqual([507, "no_space", false]);
    expect(toProblem(told, "r")).toMatchObject({ status: 507, title: "Insufficient Storage" });
    // What is known already keeps its own words.
    expect(outage(storageUnavailable({ cause: inner }))).toMatchObject({ code: "storage_unavailable", status: 503 });
  });

  it("does not take a refused statement for an outage", () => {
    for (const code of ["23505", "42501", "57014", "40001"])
      expect(isUnavailable(Object.assign(new Error("x"), { code }))).toBe(false);
    expect(isUnavailable(null)).toBe(false);
    expect(isUnavailable(new AppError("x", 400))).toBe(false);
  });
});
