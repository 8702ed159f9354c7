import { addDays, type Day, dayStart } from "#app/platform/days.ts";

/** A script of the demonstration: yields the instant at which it goes on. Between two yields everything happens at once. */
export type Script = AsyncGenerator<Date, void, void>;

/** The business clock of the play; every act takes a few minutes, so that no two events share an instant. */
export class ScriptClock {
  #now: Date;
  constructor(start: Date) {
    this.#now = start;
  }
  get now(): Date {
    return this.#now;
  }
  /** The instant of the next act. */
  tick(minutes = 3): Date {
    this.#now = new Date(this.#now.getTime() + minutes * 60_000);
    return this.#now;
  }
  /** Never goes back: an act that took long pushes the next one. */
  advance(to: Date): void {
    if (to > this.#now) this.#now = to;
  }
}

/** 2014-06-03 09:30 in the programme's zone. */
export const on = (day: Day, time = "09:30"): Date => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return new Date(dayStart(day).getTime() + (hours * 60 + minutes) * 60_000);
};
export const plus = (day: Day, days: number): Day => addDays(day, Math.round(days));

interface Waiting {
  script: Script;
  at: Date;
  order: number;
}

/**
 * Runs the scripts side by side in the order of their instants, until all have ended or the next one lies after `until`.
 * @param progress called with the instant reached, for a progress bar
 */
export async function runScript(
  scripts: readonly Script[],
  clock: ScriptClock,
  until: Date,
  progress?: (at: Date) => void,
): Promise<void> {
  const waiting: Waiting[] = [];
  for (const [order, script] of scripts.entries()) {
    const first = await script.next();
    if (!first.done) waiting.push({ script, at: first.value, order });
  }
  for (;;) {
    waiting.sort((a, b) => a.at.getTime() - b.at.getTime() || a.order - b.order);
    const next = waiting.shift();
    if (!next || next.at > until) break;
    clock.advance(next.at);
    const step = await next.script.next();
    progress?.(clock.now);
    if (!step.done) waiting.push({ ...next, at: step.value });
  }
}
