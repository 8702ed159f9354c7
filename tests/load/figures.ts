import type { Sample } from "./lanes.ts";
import type { Product } from "./product.ts";

/** Value below which the share lies, by the nearest rank; NaN of nothing. @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);

export interface Figures {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  worst: number;
  /** Answers by status, «cut» and errors of the connection among them. */
  statuses: Record<string, number>;
}

export function figuresOf(samples: readonly Sample[], seconds: number): Figures {
  const ms = samples.map((one) => one.ms);
  const statuses: Record<string, number> = {};
  for (const { status } of samples) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    requests: ms.length,
    perSecond: ms.length / seconds,
    p50: percentile(ms, 0.5),
    p95: percentile(ms, 0.95),
    p99: percentile(ms, 0.99),
    worst: percentile(ms, 1),
    statuses,
  };
}

/** The longest time the event loop was held since this was last asked, in milliseconds: the product's own measure in /metrics, which begins anew each time it is read. */
export async function longestStall(product: Product): Promise<number> {
  const token = process.env["METRICS_TOKEN"];
  const text = await fetch(
    `${product.url}/metrics`,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  ).then((r) => (r.ok ? r.text() : ""));
  return Number(/^anshi_nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1] ?? Number.NaN) * 1000;
}

const round = (n: number, digits = 0): string => (Number.isFinite(n) ? n.toFixed(digits) : "–");
export const milliseconds = (n: number): string => `${round(n)} ms`;
export const megabytes = (n: number | null): string =>
  n === null || !Number.isFinite(n) ? "–" : `${round(n / 1024 / 1024)} MB`;
export const ratio = (n: number): string => round(n, 2);
export const statusText = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, n]) => `${status} × ${n}`)
    .join(", ");

/** Columns of equal width, for the screen. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, n) => Math.max(...all.map((row) => row[n]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `  ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join("  ")}`,
    )
    .join("\n");
}
