import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export interface Contender {
  name: string;
  /** One unit of work. */
  once(): Promise<unknown>;
}
export interface Throughput {
  name: string;
  /** Median of the rounds, units a second. */
  perSecond: number;
  /** Median over the rounds of this one's throughput over the first one's of the same round. */
  ratio: number;
}

async function round(c: Contender, workers: number, milliseconds: number): Promise<number> {
  // What one leaves behind is not the next one's to clear away.
  collect();
  const begun = performance.now();
  let done = 0;
  const work = async () => {
    while (performance.now() - begun < milliseconds) {
      await c.once();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return (done * 1000) / (performance.now() - begun);
}

/** Rounds in turn, forwards and backwards, so that whatever else the machine does falls on all alike. The first is the measure. */
export async function sideBySide(
  contenders: readonly Contender[],
  { rounds = 7, milliseconds = 1000, workers = 8 } = {},
): Promise<Throughput[]> {
  for (const c of contenders) await round(c, workers, milliseconds / 3);
  const found = contenders.map((): number[] => []);
  for (let i = 0; i < rounds; i += 1) {
    const order = contenders.map((_, n) => n);
    if (i % 2 === 1) order.reverse();
    for (const n of order) found[n]?.push(await round(contenders[n] ?? never(), workers, milliseconds));
  }
  return contenders.map((c, n) => ({
    name: c.name,
    perSecond: median(found[n] ?? []),
    ratio: median((found[n] ?? []).map((v, i) => v / (found[0]?.[i] ?? Number.NaN))),
  }));
}
function never(): never {
  throw new Error("no such contender");
}
