import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { moment, readCursor, writeCursor } from "./cursor.ts";
import { uuid } from "./fields.ts";

const id = "01890000-0000-7000-8000-000000000000";
const shape = z.tuple([z.string().max(60), uuid()]);
const refused = (list: string, cursor: string, of: z.ZodType<readonly (string | number)[]> = shape): void => {
  expect(() => readCursor(list, cursor, of), cursor).toThrow(
    expect.objectContaining({ code: "bad_cursor", status: 400 }),
  );
};

describe("a cursor", () => {
  it("leads back to where it was written, in its own list and order alone", () => {
    const cursor = writeCursor("pilots:-due", ["2014-06-30", id]);
    expect(readCursor("pilots:-due", cursor, shape)).toEqual(["2014-06-30", id]);
    for (const other of ["pilots:due", "pilots:code", "risks"]) refused(other, cursor);
  });
  it("that is none of ours is refused, and nothing falls over", () => {
    for (const odd of [
      "",
      "eyJ",
      "====",
      "null",
      "[]",
      `${writeCursor("a", ["x", id])}A`,
      writeCursor("a", ["\u0000", id]),
      writeCursor("a", ["\ud800", id]),
      writeCursor("a", ["x", "y"]),
      writeCursor("a", [1, id]),
      "x".repeat(5000),
    ])
      refused("a", odd);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (s) => {
        refused("a", s);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (s) => {
        refused("a", Buffer.from(s).toString("base64url"));
      }),
    );
  });
  it("holds no moment that the database does not have", () => {
    const at = z.tuple([moment()]);
    for (const far of [
      "9999-12-31T23:59:59.999Z",
      "+275760-09-13T00:00:00.000Z",
      "0000-01-01T00:00:00.000Z",
      "2014-02-30T00:00:00.000Z",
      "2014-02-03",
    ])
      refused("a", writeCursor("a", [far]), at);
    expect(readCursor("a", writeCursor("a", ["2014-02-03T04:05:06.789Z"]), at)).toEqual(["2014-02-03T04:05:06.789Z"]);
  });
});
