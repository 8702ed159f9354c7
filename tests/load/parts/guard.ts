import { SHAPE_LIMITS } from "#app/platform/shape.rules.ts";
import { type Fields, many, oddBodies } from "#tests/setup/odd-bodies.ts";
import { figuresOf, longestStall, megabytes, milliseconds, ratio, statusText, table } from "../figures.ts";
import type { Lane, Step } from "../lanes.ts";
import { bearer } from "../people.ts";
import type { Account, Product } from "../product.ts";
import type { Part } from "./part.ts";

/*
 * Bodies and addresses at the limits of what a form, a query or JSON may ask to have unfolded, all harmless. Nobody is signed in
 * for the forms. The figure is the longest answer over that of a page asked in the same way.
 */

const strange = "01890000-0000-7000-8000-000000000000";
const boundary = "----anshi-load";
const form = (fields: Fields): Pick<Step, "headers" | "body"> => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
});
const parts = (fields: Fields): Pick<Step, "headers" | "body"> => ({
  headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  body: `${fields.map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("")}--${boundary}--\r\n`,
});

const { depth, members, parameters } = SHAPE_LIMITS;
const bodies: readonly { kind: string; fields: Fields }[] = [
  ...oddBodies,
  { kind: "half a megabyte of text", fields: [["email", "x".repeat(500_000)]] },
];

/** @param who writes in a sector */
function kindsOf(product: Product, who: Account): Step[] {
  const headers = { origin: product.url, accept: "text/html" };
  const login = (kind: string, sent: Pick<Step, "headers" | "body">): Step => ({
    kind,
    method: "POST",
    path: "/login",
    ...sent,
    headers: { ...headers, ...sent.headers },
  });
  const forms = bodies.flatMap(({ kind, fields }) => {
    const all: Fields = [["intent", "signIn"], ...fields];
    return [login(`form: ${kind}`, form(all)), login(`multipart: ${kind}`, parts(all))];
  });
  const json = (kind: string, body: string): Step => ({
    kind: `JSON: ${kind}`,
    method: "POST",
    path: `/api/v1/projects/${strange}/events`,
    headers: { ...bearer(who), "content-type": "application/json" },
    body,
  });
  const query = `?${new URLSearchParams(many(parameters + 1, (i) => `p${i}`).map(([name, value]): [string, string] => [name, value])).toString()}`;
  return [
    ...forms,
    json("a nest too deep", "[".repeat(depth + 1) + "]".repeat(depth + 1)),
    json("as many members as may be", JSON.stringify(Array.from({ length: members - 1 }, () => 1))),
    json("a member too many", JSON.stringify(Array.from({ length: members + 1 }, () => 1))),
    { kind: "query: of the API", method: "GET", path: `/api/v1/audit${query}`, headers: bearer(who) },
    { kind: "query: of a page", method: "GET", path: `/login${query}`, headers },
  ];
}

const ordinary = "an ordinary page";
const lane = (step: Step, parallel: number, times: number): Lane => ({
  name: step.kind,
  parallel,
  think: [0, 0],
  headers: {},
  steps: [step],
  most: times,
});

export const guard: Part = {
  name: "guard",
  about:
    "forms, queries and JSON just past what they may ask to have unfolded: the longest answer, memory before and after",
  async run(run) {
    const [product] = run.products;
    if (product === undefined) return {};
    const who = product.accounts.find((one) => one.role === "regulator_lead");
    if (who === undefined) throw new Error("the demonstration has nobody who leads a sector");
    const steps: Step[] = [
      { kind: ordinary, method: "GET", path: "/login", headers: { accept: "text/html" } },
      ...kindsOf(product, who),
    ];
    const send = async (times: number) => {
      const rows = [];
      for (const step of steps) {
        await longestStall(product);
        const done = await run.clients.send({ url: product.url, seconds: 60 }, [[lane(step, 4, times)]]);
        rows.push({ kind: step.kind, ...figuresOf(done.samples, done.seconds), stall: await longestStall(product) });
      }
      return rows;
    };
    await send(20);
    const memory = async () => ({
      heap: (await product.own?.liveHeap()) ?? null,
      resident: product.own?.resident() ?? null,
    });
    const before = await memory();
    const rows = await send(200);
    const after = await memory();
    const page = rows.find((r) => r.kind === ordinary)?.p50 ?? Number.NaN;
    run.say(
      table(
        ["kind", "p50", "longest", "p50 over the page's", "longest stall", "answers"],
        rows.map((r) => [
          r.kind,
          milliseconds(r.p50),
          milliseconds(r.worst),
          ratio(r.p50 / page),
          milliseconds(r.stall),
          statusText(r.statuses),
        ]),
      ),
    );
    const worst = Math.max(...rows.filter((r) => r.kind !== ordinary).map((r) => r.worst));
    run.say(
      `  ${rows.length - 1} kinds, 200 each, four at a time: longest answer ${milliseconds(worst)}; live heap ${megabytes(before.heap)} -> ${megabytes(after.heap)}, resident ${megabytes(before.resident)} -> ${megabytes(after.resident)}`,
    );
    return { rows, worst, before, after };
  },
};
