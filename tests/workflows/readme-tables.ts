/** The tables of workflows/README.md, written from the machines: `npx tsx tests/workflows/readme-tables.ts`. A test compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { current, stepsOf, type EventRule, type MachineDefinition } from "#workflows/index.ts";

const file = new URL("../../workflows/README.md", import.meta.url);

function cells(def: MachineDefinition, type: string, rule: EventRule): string[] {
  const targets = new Map<string, string[]>();
  for (const step of stepsOf(def).filter((one) => one.event === type)) {
    const to = step.to === step.from ? "stays" : step.to;
    targets.set(to, [...(targets.get(to) ?? []), step.from]);
  }
  // Resuming leads back to where it was: one line instead of one for each leaf.
  const lines =
    type === "RESUME" ? ["suspended → where it was"] : [...targets].map(([to, from]) => `${short(def, from)} → ${to}`);
  const marks = [rule.sealing ? "seals" : "", rule.destructive ? "destructive" : ""].filter(Boolean);
  const asks = [...(rule.needs ?? []), ...(rule.waivable ? ["reason, when it falls short"] : [])];
  return [
    `\`${type}\``,
    lines.join("; "),
    rule.roles.join(", "),
    (rule.facts ?? []).join(", "),
    asks.join(", "),
    marks.join(", "),
  ];
}

function short(def: MachineDefinition, from: readonly string[]): string {
  const open = def.states
    .filter((state) => stepsOf(def).some((step) => step.from === state.path))
    .map((state) => state.path);
  const left = open.filter((path) => !from.includes(path));
  if (from.length > 8 && left.length < 3) return left.length === 0 ? "any" : `any but ${left.join(", ")}`;
  return from.join(", ");
}

function table(def: MachineDefinition): string {
  const rows = Object.entries(def.events).map(([type, rule]) => cells(def, type, rule));
  const head = ["event", "from → to", "roles", "facts it reads", "asks", ""];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** The text with each table between its marks made new. */
export function renewed(text: string): string {
  return Object.values(current).reduce((now, def) => {
    const [open, close] = [`<!-- ${def.id} -->`, `<!-- /${def.id} -->`];
    const [before, rest = ""] = now.split(open);
    const after = rest.split(close)[1] ?? "";
    return `${before}${open}\n${table(def as unknown as MachineDefinition)}\n${close}${after}`;
  }, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, renewed(readFileSync(file, "utf8")));
