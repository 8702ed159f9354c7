import { chapters, requirements } from "./requirements.ts";
import { table } from "./table.ts";
import { type Entry, isTest, type Proof, type Verdict } from "./types.ts";

/* tests/asvs/README.md, from the table. */

const verdicts = ["met", "partly", "not met", "not applicable"] as const satisfies readonly Verdict[];
const chapterOf = (id: string): string => id.split(".")[0] ?? "";
const cell = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
/** A path in the text of a link is broken by nothing; the name of a test stands as it does in the file. */
const linkTo = (file: string) => `[${file.split("/").at(-1)}](../../${file})`;
const proof = (one: Proof): string =>
  `${linkTo(one.file)} ${isTest(one) ? `«${cell(one.name)}»` : `has \`${cell(one.what).replaceAll("`", "")}\``}`;
const count = (entries: readonly Entry[], verdict: Verdict) => entries.filter((one) => one.verdict === verdict).length;
const row = (...cells: (string | number)[]): string => `| ${cells.join(" | ")} |`;

function counts(): string[] {
  const line = (head: string, entries: readonly Entry[]) =>
    row(head, entries.length, ...verdicts.map((verdict) => count(entries, verdict)));
  const byChapter = Object.entries(chapters).map(([code, name]) =>
    line(
      `${code} ${name}`,
      table.filter((one) => chapterOf(one.id) === code),
    ),
  );
  const byLevel = ([1, 2] as const).map((level) =>
    line(
      `**level ${level}**`,
      table.filter((one) => one.level === level),
    ),
  );
  return [
    row("chapter", "requirements", ...verdicts),
    row("---", "--:", ...verdicts.map(() => "--:")),
    ...byChapter,
    ...byLevel,
    line("**both**", table),
  ];
}

function missing(verdict: "not met" | "partly"): string[] {
  const found = table.filter((one) => one.verdict === verdict);
  return [
    `## ${verdict === "partly" ? "Met in part" : "Not met"} (${found.length})`,
    "",
    row("", "level", "requirement", "what is missing, and what would mend it", "what there is"),
    row("---", "--:", "---", "---", "---"),
    ...found.map((one) => row(one.id, one.level, cell(one.title), cell(one.note), one.by.map(proof).join("; ") || "–")),
  ];
}

function all(): string[] {
  const chapter = ([code, name]: [string, string]) => [
    `### ${code} ${name}`,
    "",
    row("", "level", "requirement", "verdict", "shown by", "note"),
    row("---", "--:", "---", "---", "---", "---"),
    ...table
      .filter((one) => chapterOf(one.id) === code)
      .map((one) =>
        row(
          one.id,
          one.level,
          cell(one.title),
          one.verdict,
          one.by.map(proof).join("; ") || "–",
          one.verdict === "partly" || one.verdict === "not met" ? "above" : cell(one.note),
        ),
      ),
    "",
  ];
  return Object.entries(chapters).flatMap(chapter);
}

/** The whole text. */
export function readme(): string {
  const third = requirements.filter((one) => one.level === 3).length;
  return [
    "# OWASP ASVS 5.0, levels 1 and 2",
    "",
    `Every one of the ${table.length} requirements of levels 1 and 2 of the Application Security Verification Standard 5.0.0 (May 2025; ${requirements.length} with level 3, whose ${third} are`,
    "not judged here), as the product stands to it: met, with the test or the setting that shows it; met in part or not, with what is missing.",
    "Titles are ours; the standard has the words that count. Judged by its own makers from code and tests, not by an assessor.",
    "",
    "The table is data (`input.ts` … `running.ts`); `npx tsx tests/asvs/write-readme.ts` writes this file. `asvs.test.ts` holds that every requirement is there once,",
    "that each test named exists under that name and each setting stands in its file, and that nothing is called met without one.",
    "`deploy/SECURITY.md` is the documentation that many requirements ask for; `documents.test.ts` compares its figures with the code.",
    "",
    ...counts(),
    "",
    ...missing("not met"),
    "",
    ...missing("partly"),
    "",
    "## All",
    "",
    ...all(),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}
