import { cookieName } from "#app/request/session.server.ts";
import { readScriptAnswer, scriptPath } from "#tests/setup/turbo.ts";
import type { Cell } from "../matrix/cells.ts";
import type { Asker, Ground } from "../matrix/ground.ts";
import type { Tried } from "./api.ts";
import { type Dice, wellFormed } from "./values.ts";
import { wordsAreOurs } from "./words.ts";

/* Every act of every page with its valid form, a field or two of it made odd. */

/** Acts that would end the sessions that the others are asked with. */
const ending = new Set([
  "POST /logout post",
  "POST /settings/security endOthers",
  "POST /settings/security endSession",
  "POST /switch membership",
]);
export const fuzzable = (cells: readonly Cell[]): Cell[] =>
  cells.filter(
    (c) => c.acts === true && c.target === "own" && "page" in c.way && !c.form?.multipart && !ending.has(c.name),
  );

export class FormFuzz {
  constructor(
    private readonly base: string,
    private readonly ground: Ground,
    private readonly dice: Dice,
  ) {}

  private fieldsOf(cell: Cell, act: string): [string, string][] {
    const { dice } = this;
    const fields: [string, string][] = Object.entries(
      cell.form?.fields(this.ground.named[cell.target], cell.role) ?? {},
    );
    for (let n = 1 + dice.upTo(2); n > 0; n -= 1) {
      const at = dice.upTo(Math.max(1, fields.length));
      const [name = "x"] = fields[at] ?? [];
      const kind = dice.next();
      if (kind < 0.7) fields[at] = [name, dice.text()];
      else if (kind < 0.8) fields.splice(at, 1);
      else if (kind < 0.88) fields.push([name, dice.text()]);
      else if (kind < 0.94) fields[at] = [`${name}${dice.pick(["[]", "[0]", ".x", "[0].x"])}`, dice.text()];
      else
        fields.push([
          dice.pick([
            "x",
            "tenantId",
            "id",
            "values[x]",
            "texts.1",
            "points.x",
            "parts[0].part",
            "done.x",
            "reason",
            "result",
          ]),
          dice.text(),
        ]);
    }
    return act === "post" ? fields : [["intent", act], ...fields];
  }

  async send(cell: Cell): Promise<Tried> {
    const act = "page" in cell.way ? (cell.way.act ?? "") : "";
    const asker = this.ground.askers.find((one) => one.role === cell.role);
    const index = cell.path === "/" || /^\/projects\/[^/]+$/.test(cell.path);
    const plain = /\/cells$|\/passkey\.json$/.test(cell.path);
    const path = plain ? cell.path : scriptPath(index ? `${cell.path}?index` : cell.path);
    const fields = this.fieldsOf(cell, act);
    const body = new URLSearchParams(fields.map(([k, v]) => [k, wellFormed(v)]));
    const response = await fetch(`${this.base}${path}`, {
      method: "POST",
      headers: { ...cookieOf(asker), "sec-fetch-site": "same-origin" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(60_000),
    });
    const type = response.headers.get("content-type") ?? "";
    const answer =
      type.includes("turbo-stream") || type.includes("x-script")
        ? await readScriptAnswer(response)
        : { status: response.status, data: (await response.text()).slice(0, 300) };
    const fault = answer.status >= 500 ? JSON.stringify(answer.data)?.slice(0, 300) : faultOf(answer.data);
    return {
      status: answer.status,
      wrong: fault
        ? `${cell.role} ${cell.name} ${JSON.stringify(fields.map(([k, v]) => [k, v.slice(0, 60)]))} → ${answer.status} ${fault}`
        : null,
    };
  }
}

const cookieOf = (asker: Asker | undefined): Record<string, string> =>
  asker?.cookie ? { cookie: `${cookieName(false)}=${asker.cookie}` } : {};

/** Words beside the fields of a form that came back. */
function faultOf(data: unknown): string | null {
  const errors =
    (data as { data?: { lastResult?: { error?: Record<string, string[] | null> } } } | null)?.data?.lastResult?.error ??
    {};
  const foreign = Object.values(errors)
    .flatMap((list) => list ?? [])
    .find((text) => !wordsAreOurs(text, "zh-CN"));
  return foreign === undefined ? null : `words that are not ours: «${foreign.slice(0, 200)}»`;
}
