/** Writes tests/asvs/README.md from the table: `npx tsx tests/asvs/write-readme.ts`. A test compares. */
import { writeFileSync } from "node:fs";
import { readme } from "./readme.ts";

writeFileSync(new URL("README.md", import.meta.url), readme());
