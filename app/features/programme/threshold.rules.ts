import type { ThresholdChange } from "#db/schema/programme.ts";

/** The smallest group at a time: what was told then was judged by it. */
export function kAt({ k, changes }: { k: number; changes: readonly ThresholdChange[] }, at: Date): number {
  // The first change that came later says what held before it.
  const later = changes.find((c) => new Date(c.at).getTime() > at.getTime());
  return later ? later.from : k;
}
