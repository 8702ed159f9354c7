import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renewed } from "./readme-tables.ts";

it("workflows/README.md shows the machines as they are", () => {
  const text = readFileSync(new URL("../../workflows/README.md", import.meta.url), "utf8");
  expect(renewed(text)).toBe(text);
});
