import { longestStall, megabytes, ratio, statusText, figuresOf } from "../figures.ts";
import type { Lane } from "../lanes.ts";
import { bearer } from "../people.ts";
import type { Product } from "../product.ts";
import { inTurn, type Part } from "./part.ts";

/** Reads over the API, as programs send them: many, at eight at a time, by all that have a token for pilots. */
const readers = (product: Product, most: number): Lane[] => {
  const who = product.accounts.filter((one) => /site|regulator/.test(one.role)).slice(0, 8);
  return who.map((one) => ({
    name: one.email,
    parallel: 1,
    think: [0, 0],
    headers: bearer(one),
    most: Math.ceil(most / who.length),
    steps: ["/me", "/projects", "/pilots?limit=50"].map((path) => ({
      kind: "api",
      method: "GET",
      path: `/api/v1${path}`,
    })),
  }));
};

export const heap: Part = {
  name: "heap",
  about: "live heap after a forced collection, before and after many reads",
  async run(run) {
    const found = await inTurn({ products: run.products, rounds: 1 }, async (product) => {
      if (product.own === null) return null;
      const send = async (most: number) => {
        const lanes = readers(product, most);
        return run.clients.send({ url: product.url, seconds: 900 }, [
          lanes.filter((_, n) => n % 2 === 0),
          lanes.filter((_, n) => n % 2 === 1),
        ]);
      };
      // What is loaded once and kept, templates and plans, is no leak.
      await send(Math.min(3000, run.reads / 10));
      const before = await product.own.liveHeap();
      await longestStall(product);
      const done = await send(run.reads);
      const busy = product.own.resident();
      const after = await product.own.liveHeap();
      return {
        before,
        after,
        ratio: before === null || after === null ? Number.NaN : after / before,
        busy,
        resident: product.own.resident(),
        stall: await longestStall(product),
        ...figuresOf(done.samples, done.seconds),
      };
    });
    const rows = run.products.map((product) => ({ product: product.name, ...found.get(product)?.[0] }));
    for (const r of rows)
      run.say(
        r.before === undefined
          ? `  ${r.product}: not known of a process that somebody else started`
          : `  ${r.product}: ${r.requests} reads at ${r.perSecond?.toFixed(0)}/s (${statusText(r.statuses ?? {})}), live heap ${megabytes(r.before)} -> ${megabytes(r.after ?? null)}, ratio ${ratio(r.ratio ?? Number.NaN)} (target ≤ 1.2); resident ${megabytes(r.busy ?? null)}, after the collection ${megabytes(r.resident ?? null)}`,
      );
    return { rows };
  },
};
