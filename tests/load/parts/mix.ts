import { figuresOf, longestStall, median, megabytes, milliseconds, ratio, statusText, table } from "../figures.ts";
import type { Sample } from "../lanes.ts";
import { getToKnow, personLane, probeLane, programLane } from "../people.ts";
import type { Account, Product } from "../product.ts";
import { inTurn, type Part, type Run } from "./part.ts";

/** Everybody's roles and sectors in turn: the first of each pair, then the second, and so on. */
export function spread(accounts: readonly Account[], most: number): Account[] {
  const groups = new Map<string, Account[]>();
  for (const one of accounts)
    groups.set(`${one.tenant} ${one.role}`, [...(groups.get(`${one.tenant} ${one.role}`) ?? []), one]);
  const found: Account[] = [];
  for (let n = 0; found.length < Math.min(most, accounts.length); n += 1)
    for (const group of groups.values()) found.push(...group.slice(n, n + 1));
  return found.slice(0, most);
}

interface Round {
  samples: Sample[];
  seconds: number;
  stall: number;
}

export const mix: Part = {
  name: "mix",
  about: "signed-in people of all roles and programs with tokens, thinking 0.2 to 1 s",
  async run(run) {
    const lanes = new Map<Product, ReturnType<typeof personLane>[]>();
    for (const product of run.products) {
      const known = [];
      for (const account of spread(product.accounts, run.people)) known.push(await getToKnow(product, account));
      lanes.set(product, [
        ...known.map(personLane),
        ...spread(product.accounts, Math.ceil(run.people / 5)).map(programLane),
      ]);
    }
    const found = await inTurn(run, async (product): Promise<Round> => {
      const all = lanes.get(product) ?? [];
      await longestStall(product);
      const done = await run.clients.send({ url: product.url, seconds: run.seconds }, [
        all.filter((_, n) => n % 2 === 0),
        all.filter((_, n) => n % 2 === 1),
        [probeLane],
      ]);
      return { ...done, stall: await longestStall(product) };
    });
    return report(run, found);
  },
};

function report(run: Run, found: ReadonlyMap<Product, Round[]>) {
  const rows = run.products.map((product) => {
    const rounds = found.get(product) ?? [];
    const of = (kind: string | null) =>
      figuresOf(
        rounds.flatMap((r) => r.samples.filter((s) => (kind === null ? s.kind !== "probe" : s.kind === kind))),
        rounds.reduce((sum, r) => sum + r.seconds, 0),
      );
    return {
      product: product.name,
      all: of(null),
      probe: of("probe"),
      kinds: Object.fromEntries(["page", "data", "api", "file"].map((kind) => [kind, of(kind)])),
      stall: Math.max(...rounds.map((r) => r.stall)),
      stalls: rounds.map((r) => r.stall),
      resident: product.own?.resident() ?? null,
    };
  });
  run.say(
    table(
      ["", "answers/s", "p50", "p95", "p99", "worst", "/healthz p99", "its worst", "longest stall", "resident"],
      rows.map((r) => [
        r.product,
        r.all.perSecond.toFixed(1),
        ...[r.all.p50, r.all.p95, r.all.p99, r.all.worst, r.probe.p99, r.probe.worst, r.stall].map(milliseconds),
        megabytes(r.resident),
      ]),
    ),
  );
  for (const r of rows) {
    run.say(`  ${r.product}: ${statusText(r.all.statuses)}`);
    run.say(
      `  ${r.product}: ${Object.entries(r.kinds)
        .map(([kind, f]) => `${kind} ${milliseconds(f.p50)} / ${milliseconds(f.p95)} / ${milliseconds(f.p99)}`)
        .join("; ")} (p50 / p95 / p99)`,
    );
  }
  const p99 = (product: Product | undefined) =>
    product === undefined
      ? []
      : (found.get(product) ?? []).map(
          (r) =>
            figuresOf(
              r.samples.filter((s) => s.kind !== "probe"),
              r.seconds,
            ).p99,
        );
  const [mine, theirs] = [p99(run.products[0]), p99(run.products[1])];
  const ratios = mine.map((v, n) => v / (theirs[n] ?? Number.NaN));
  if (theirs.length > 0)
    run.say(
      `  p99 over ${run.products[1]?.name}'s, median of ${ratios.length} rounds: ${ratio(median(ratios))} (${ratios.map(ratio).join(" ")}); target ≤ 0.5`,
    );
  return { rows, p99Ratios: ratios };
}
