/*
 * What may leave a sector without telling of a small group (PRODUCT.md, «Who sees what» 3). Every figure that is told is a sum
 * over a set of pilots. Whoever holds all of them can add and subtract; what they can reach are sums over unions of the parts
 * into which the told sets cut each other. So a further set is told only where every part it makes anew stands at k sites or
 * more: then no sum over fewer follows from any number of tellings, in whatever order (Dobkin, Jones & Lipton 1979, ACM
 * TODS 4(1), on what overlapping sums give away).
 */

/** One pilot, or one system, that a figure speaks of. */
export interface Member {
  sector: string;
  batch: number;
  site: string;
  pilot: string;
  /** What its value rests on, as the id of a seal: another version, another value. */
  version: string;
}
/** All pilots of a sector in a batch, each of whom counts as told: an edition from before this rule named their group. */
export type Burnt = Pick<Member, "sector" | "batch">;

const sitesOf = (sites: Iterable<string>): number => new Set(sites).size;
/** Nobody, or enough. */
const safe = (sites: readonly string[], k: number): boolean => sites.length === 0 || sitesOf(sites) >= k;

/** The parts into which the told sets of one kind of key cut each other. Key → site. */
class Parts {
  private readonly partOf = new Map<string, Map<string, string>>();

  /** The set cut by the parts: what of each lies inside, and what lies in none. */
  private cut(set: ReadonlyMap<string, string>) {
    const inside = new Map<Map<string, string>, Map<string, string>>();
    const fresh = new Map<string, string>();
    for (const [key, site] of set) {
      const part = this.partOf.get(key);
      if (!part) {
        fresh.set(key, site);
        continue;
      }
      const own = inside.get(part) ?? new Map<string, string>();
      inside.set(part, own.set(key, site));
    }
    return { inside, fresh };
  }

  /** Whether each part that the set would make is large enough. */
  admits(set: ReadonlyMap<string, string>, k: number): boolean {
    const { inside, fresh } = this.cut(set);
    return (
      safe([...fresh.values()], k) &&
      [...inside].every(([part, own]) => {
        if (own.size === part.size) return true;
        const others = [...part].filter(([key]) => !own.has(key)).map(([, site]) => site);
        return safe([...own.values()], k) && safe(others, k);
      })
    );
  }

  add(set: ReadonlyMap<string, string>): void {
    const { inside, fresh } = this.cut(set);
    for (const [part, own] of inside) {
      if (own.size === part.size) continue;
      for (const key of own.keys()) part.delete(key);
      for (const key of own.keys()) this.partOf.set(key, own);
    }
    for (const key of fresh.keys()) this.partOf.set(key, fresh);
  }
}

interface Subject<Figures> {
  /** By pilot: values that hardly change from month to month tell as much as equal ones. */
  pilots: Parts;
  /** By pilot and version: the change of a single value is a figure of one. */
  versions: Parts;
  told: { keys: ReadonlySet<string>; figures: Figures }[];
}
const pilotKey = (m: Member) => JSON.stringify([m.sector, m.pilot]);
const versionKey = (m: Member) => JSON.stringify([m.sector, m.pilot, m.version]);
const keyed = (members: readonly Member[], key: (m: Member) => string) =>
  new Map(members.map((m) => [key(m), JSON.stringify([m.sector, m.site])] as const));

/** What was told so far to one audience, by subject: figures on different matters are sums of different values. */
export class Ledger<Figures> {
  private readonly subjects = new Map<string, Subject<Figures>>();
  private readonly burnt = new Set<string>();

  private of(subject: string): Subject<Figures> {
    const known = this.subjects.get(subject) ?? { pilots: new Parts(), versions: new Parts(), told: [] };
    this.subjects.set(subject, known);
    return known;
  }

  /** Everybody of a sector in a batch is known one by one; on every subject. */
  burn({ sector, batch }: Burnt): void {
    this.burnt.add(JSON.stringify([sector, batch]));
  }

  /** Whether a figure over these members may be told: it speaks of k sites, and so does whatever follows from it and the past. */
  admits(subject: string, members: readonly Member[], k: number): boolean {
    if (sitesOf(keyed(members, pilotKey).values()) < k) return false;
    // Who is known already is taken off by whoever knows them: the rest must stand alone.
    const rest = members.filter((m) => !this.burnt.has(JSON.stringify([m.sector, m.batch])));
    const { pilots, versions } = this.of(subject);
    return pilots.admits(keyed(rest, pilotKey), k) && versions.admits(keyed(rest, versionKey), k);
  }

  /** Notes that a figure was told, whether the rule would admit it or not. */
  record(subject: string, members: readonly Member[], figures: Figures): void {
    const { pilots, versions, told } = this.of(subject);
    const rest = members.filter((m) => !this.burnt.has(JSON.stringify([m.sector, m.batch])));
    pilots.add(keyed(rest, pilotKey));
    versions.add(keyed(rest, versionKey));
    told.push({ keys: new Set(members.map(versionKey)), figures });
  }

  /** The figures of the largest told set, in number of members, that lies wholly among these, where there is one. */
  within(subject: string, members: readonly Member[]): Figures | null {
    const keys = new Set(members.map(versionKey));
    const inside = this.of(subject).told.filter((t) => t.keys.size > 0 && [...t.keys].every((key) => keys.has(key)));
    return (
      inside.reduce<(typeof inside)[number] | null>((a, b) => (a && a.keys.size >= b.keys.size ? a : b), null)
        ?.figures ?? null
    );
  }
}

/** A figure that somebody wants to tell. */
export interface Statement<Figures> {
  /** Tells two of the same size apart, so that the order never depends on how rows were read. */
  key: string;
  subject: string;
  members: readonly Member[];
  figures: Figures;
}
/**
 * Tells what may be told, the largest sets first: they cut least. What is told is noted in the ledger.
 *
 * @returns the statements told, in that order
 */
export function tell<Figures, S extends Statement<Figures>>(
  ledger: Ledger<Figures>,
  statements: readonly S[],
  k: number,
): S[] {
  const size = new Map(statements.map((s) => [s, sitesOf(keyed(s.members, pilotKey).values())]));
  return statements
    .toSorted((a, b) => (size.get(b) ?? 0) - (size.get(a) ?? 0) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .filter((s) => {
      if (!ledger.admits(s.subject, s.members, k)) return false;
      ledger.record(s.subject, s.members, s.figures);
      return true;
    });
}
