import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import formats from "#seeds/catalogue/doc-formats.json" with { type: "json" };
import { current, type MachineDefinition, machineOf } from "#workflows/index.ts";

/*
 * A rule that computes and nobody asks is a stub: it looks as if something were held. What stands here for later is on the one
 * list of it, in `app/domain/README.md`.
 */

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const filesOf = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name))
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.includes("paraglide"));
const sources = [...filesOf("app"), ...filesOf("workflows")].map((file) => ({ file, text: read(file) }));
const waiting = new Set([...read("app/domain/README.md").matchAll(/^\| `(\w+)` \|/gm)].map(([, name = ""]) => name));
const named = (name: string, among = sources) => among.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text));

test("every list of the catalogue of documents is read by somebody, or waits on the list", () => {
  const index = [{ file: "seeds/catalogue/index.ts", text: read("seeds/catalogue/index.ts") }];
  // The verbs of GB/T 1.1 are what a test of the product's own is held against.
  const unread = Object.keys(formats).filter((name) => !named(name, [...sources, ...index]) && !waiting.has(name));
  expect(unread).toEqual(["gbt_1_1"]);
});

const definitions = Object.values(current) as unknown as MachineDefinition[];
const asked = (def: MachineDefinition) => new Set(Object.values(def.events).flatMap((rule) => rule.facts ?? []));
const loaders = sources.filter(
  ({ file }) => (file.startsWith("app/") && file.endsWith(".server.ts")) || file.endsWith(".kind.ts"),
);

test.each(definitions.map((def) => [def.id, def] as const))(
  "each fact of a %s is read by a rule of some version",
  (id, def) => {
    const versions = Array.from({ length: def.version }, (_, n) => machineOf(id, n + 1)).filter((one) => one !== null);
    const read = new Set(versions.flatMap((one) => [...asked(one)]));
    expect(Object.keys(def.factShape).filter((fact) => !read.has(fact))).toEqual([]);
  },
);

test.each(definitions.map((def) => [def.id, def] as const))(
  "each fact that the rules of a %s read is found by a loader",
  (_id, def) => {
    expect([...asked(def)].filter((fact) => !named(fact, loaders))).toEqual([]);
  },
);

/** A fact may stand for nothing in a stage that does not ask it; somewhere it is looked up. */
test("no fact is a constant", () => {
  const constant = /^(?:0|1|true|false|null|""|\[\])$/;
  const facts = [...new Set(definitions.flatMap((def) => [...asked(def)]))];
  expect(
    facts.filter((fact) => {
      const stated = loaders.flatMap(({ text }) =>
        [...text.matchAll(new RegExp(`\\b${fact}: ([^,}\\n]+)|\\b${fact}(?=[,\\s]*[,}\\n])`, "g"))].map(
          ([, value]) => value ?? "",
        ),
      );
      return stated.length > 0 && stated.every((value) => constant.test(value.trim()));
    }),
  ).toEqual([]);
});

/** Members of exported types of rules that are named in no other file, nor taken off a value in their own. */
test("each member of what a rule gives is read by somebody, or waits on the list", () => {
  const unread = sources
    .filter(({ file }) => file.endsWith(".rules.ts"))
    .flatMap(({ file, text }) => {
      const others = sources.filter((one) => one.file !== file);
      return [
        ...text.matchAll(/^export (?:type|interface) (\w+)(?: =)? \{([^]*?)^\}|^export type (\w+) = \{([^}\n]*)\}/gm),
      ].flatMap(([, long, body, short, line]) =>
        [
          ...(body ?? line ?? "")
            .replaceAll(/\/\*\*[^]*?\*\//g, "")
            .matchAll(/(?:^|[;{,\n])\s*(?:readonly )?(\w+)\??:/g),
        ].flatMap(([, member = ""]) =>
          named(member, others) || new RegExp(`\\.${member}\\b`).test(text) || waiting.has(member)
            ? []
            : [`${file}: ${long ?? short}.${member}`],
        ),
      );
    });
  expect(unread).toEqual([]);
});
