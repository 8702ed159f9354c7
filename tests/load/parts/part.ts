import type { Clients } from "../clients.ts";
import type { Product } from "../product.ts";

/** What every part of `npm run load` is given. Figures of two products are taken in turn, round by round. */
export interface Run {
  /** The one in hand first; a second one where `--against` names it. */
  products: readonly Product[];
  clients: Clients;
  seconds: number;
  rounds: number;
  people: number;
  reads: number;
  say(text: string): void;
}

interface PartResult {
  /** For out/load.json. */
  [more: string]: unknown;
}
export interface Part {
  name: string;
  about: string;
  run(run: Run): Promise<PartResult>;
}

/** Each product once a round, forwards and backwards, so that whatever else the machine does falls on all alike. */
export async function inTurn<T>(
  { products, rounds }: Pick<Run, "products" | "rounds">,
  once: (product: Product, round: number) => Promise<T>,
): Promise<Map<Product, T[]>> {
  const found = new Map(products.map((product): [Product, T[]] => [product, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? products : products.toReversed();
    for (const product of order) found.get(product)?.push(await once(product, round));
  }
  return found;
}
