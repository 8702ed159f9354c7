/** Time is passed in: what reads the clock takes one of these. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Begins at `at` and then moves on as time does (ANSHI_NOW): a demonstration can take place on any day. */
export function clockFrom(at: Date | string, running: Clock = systemClock): Clock {
  const ahead = new Date(at).getTime() - running().getTime();
  return () => new Date(running().getTime() + ahead);
}
