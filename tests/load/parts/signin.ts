import { figuresOf, longestStall, milliseconds, statusText, table } from "../figures.ts";
import { probeLane, signInStep } from "../people.ts";
import { inTurn, type Part } from "./part.ts";

const crowd = 200;

export const signin: Part = {
  name: "signin",
  about: `${crowd} sign-ins at once, each up to the first page`,
  async run(run) {
    const found = await inTurn({ products: run.products, rounds: Math.min(2, run.rounds) }, async (product) => {
      const steps = Array.from({ length: crowd }, (_, n) => product.accounts[n % product.accounts.length]).flatMap(
        (account) => (account === undefined ? [] : [signInStep(product, account)]),
      );
      await longestStall(product);
      const done = await run.clients.send({ url: product.url, seconds: 120 }, [
        [{ name: "crowd", parallel: crowd, think: [0, 0], headers: {}, steps, once: true }],
        [{ ...probeLane, most: 120 }],
      ]);
      const stall = await longestStall(product);
      const all = figuresOf(
        done.samples.filter((s) => s.kind === "sign-in"),
        done.seconds,
      );
      const probe = figuresOf(
        done.samples.filter((s) => s.kind === "probe"),
        done.seconds,
      );
      return { all, probe, stall, allInAfter: all.worst };
    });
    const rows = run.products.flatMap((product) =>
      (found.get(product) ?? []).map((r) => ({ product: product.name, ...r })),
    );
    run.say(
      table(
        ["", "all in after", "p50", "longest stall", "/healthz worst", "answers"],
        rows.map((r) => [
          r.product,
          ...[r.allInAfter, r.all.p50, r.stall, r.probe.worst].map(milliseconds),
          statusText(r.all.statuses),
        ]),
      ),
    );
    run.say("  target: longest stall ≤ 200 ms, 200 × 200");
    return { rows };
  },
};
