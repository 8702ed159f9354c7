/* Refusals that are counted instead of being written down each. Pure. */

interface Refusal {
  method: string;
  path: string;
  code: string;
}

/** What the trail is told: how many, from when to when (ISO 8601), and a few kinds of them with their numbers. */
export interface Counted {
  further: number;
  from: string;
  to: string;
  sample: (Refusal & { times: number })[];
}

/** Different refusals that are named; an entry has at most 4,000 characters. */
export const sampled = 5;
const pathCharacters = 200;

const alike = (a: Refusal, b: Refusal) => a.method === b.method && a.path === b.path && a.code === b.code;

function merge(a: Counted, b: Counted): Counted {
  const sample = a.sample.map((one) => ({ ...one }));
  for (const other of b.sample) {
    const known = sample.find((one) => alike(one, other));
    if (known) known.times += other.times;
    else if (sample.length < sampled) sample.push({ ...other });
  }
  return {
    further: a.further + b.further,
    from: a.from < b.from ? a.from : b.from,
    to: a.to > b.to ? a.to : b.to,
    sample,
  };
}

/** Numbers by membership. */
export class Tally {
  private counts = new Map<string, Counted>();

  add(membershipId: string, { method, path, code }: Refusal, at: Date): void {
    const time = at.toISOString();
    this.put(membershipId, {
      further: 1,
      from: time,
      to: time,
      sample: [{ method, path: path.slice(0, pathCharacters), code, times: 1 }],
    });
  }
  put(membershipId: string, counted: Counted): void {
    const known = this.counts.get(membershipId);
    this.counts.set(membershipId, known ? merge(known, counted) : counted);
  }
  /** All there is, which is then no longer here. */
  take(): [string, Counted][] {
    const all = [...this.counts];
    this.counts = new Map();
    return all;
  }
}
