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
  /** Keys that were told together, in whatever steps, as a forest: equations about them have to do with each other. */
  private readonly parent = new Map<string, string>();
  private known: { k: number; roots: Set<string> } | undefined;

  private root(key: string): string {
    let at = key;
    for (let up = this.parent.get(at); up !== undefined; up = this.parent.get(at)) at = up;
    if (at !== key) this.parent.set(key, at);
    return at;
  }
  /** Roots of what was told together with a part that has fewer than k sites. */
  private small(k: number): ReadonlySet<string> {
    if (this.known?.k === k) return this.known.roots;
    const roots = new Set<string>();
    for (const part of new Set(this.partOf.values())) {
      const [first] = part.keys();
      if (first !== undefined && !safe([...part.values()], k)) roots.add(this.root(first));
    }
    this.known = { k, roots };
    return roots;
  }

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

  /**
   * Whether each part that the set makes is large enough. A part of before k was raised may be smaller than k is now: nobody
   * was told its sum, and a further sum over whatever was told together with it may be the one that gives it away.
   */
  admits(set: ReadonlyMap<string, string>, k: number): boolean {
    const small = this.small(k);
    if (small.size > 0 && [...set.keys()].some((key) => small.has(this.root(key)))) return false;
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
    const [first] = set.keys();
    if (first !== undefined)
      for (const key of set.keys()) {
        const [own, other] = [this.root(first), this.root(key)];
        if (own !== other) this.parent.set(other, own);
      }
    this.known = undefined;
  }
}

interface Subject<Figures> {
  /** By pilot: values that hardly change from month to month tell as much as equal ones. */
  pilots: Parts;
  /** By pilot and version: the change of a single value is a figure of one. */
  versions: Parts;
  told: { keys: ReadonlySet<string>; figures: Figures }[];
  /** The sets of `told`, each as one word: to tell one again tells nothing new. */
  words: Set<string>;
}
const wordOf = (keys: Iterable<string>): string => [...keys].sort().join("\n");
/** A member is asked about many times over, so its keys are kept once written. Ids hold no character of number 0. */
class Keys {
  readonly site: string;
  private ofPilot: string | undefined;
  private ofVersion: string | undefined;
  constructor(private readonly m: Member) {
    this.site = `${m.sector}\0${m.site}`;
  }
  get pilot(): string {
    return (this.ofPilot ??= `${this.m.sector}\0${this.m.pilot}`);
  }
  get version(): string {
    return (this.ofVersion ??= `${this.pilot}\0${this.m.version}`);
  }
}
const keysOfMember = new WeakMap<Member, Keys>();
function keysOf(m: Member): Keys {
  const known = keysOfMember.get(m);
  if (known) return known;
  const keys = new Keys(m);
  keysOfMember.set(m, keys);
  return keys;
}
const groupKey = ({ sector, batch }: Burnt): string => `${sector}\0${batch}`;
const siteCount = (members: readonly Member[]): number => sitesOf(members.map((m) => keysOf(m).site));
/** Key → site. */
function keyed(members: readonly Member[], by: "pilot" | "version"): Map<string, string> {
  const sites = new Map<string, string>();
  for (const m of members) {
    const keys = keysOf(m);
    sites.set(keys[by], keys.site);
  }
  return sites;
}

interface Sets {
  pilots: ReadonlyMap<string, string>;
  versions: ReadonlyMap<string, string>;
  /** The set as one word. */
  word: string;
}

/** What was told so far to one audience, by subject: figures on different matters are sums of different values. */
export class Ledger<Figures> {
  private readonly subjects = new Map<string, Subject<Figures>>();
  private readonly burnt = new Set<string>();

  private of(subject: string): Subject<Figures> {
    const known = this.subjects.get(subject) ?? {
      pilots: new Parts(),
      versions: new Parts(),
      told: [],
      words: new Set(),
    };
    this.subjects.set(subject, known);
    return known;
  }

  /** Everybody of a sector in a batch is known one by one; on every subject. */
  burn(group: Burnt): void {
    this.burnt.add(groupKey(group));
  }

  /** A set as the parts take it: without those who are known one by one, whom everybody can take off. */
  private sets(members: readonly Member[]): Sets {
    const rest = this.burnt.size === 0 ? members : members.filter((m) => !this.burnt.has(groupKey(m)));
    const versions = keyed(rest, "version");
    return { pilots: keyed(rest, "pilot"), versions, word: wordOf(versions.keys()) };
  }
  private admitsSets(subject: string, sets: Sets, k: number): boolean {
    const { pilots, versions, words } = this.of(subject);
    if (words.has(sets.word)) return true;
    return pilots.admits(sets.pilots, k) && versions.admits(sets.versions, k);
  }
  private recordSets(subject: string, sets: Sets, told: Subject<Figures>["told"][number]): void {
    const known = this.of(subject);
    known.told.push(told);
    // A set that was told cuts no part anew.
    if (known.words.has(sets.word)) return;
    known.words.add(sets.word);
    known.pilots.add(sets.pilots);
    known.versions.add(sets.versions);
  }

  /** Notes that a figure was told, whether the rule would admit it or not. */
  record(subject: string, members: readonly Member[], figures: Figures): void {
    const keys = new Set(keyed(members, "version").keys());
    this.recordSets(subject, this.sets(members), { keys, figures });
  }

  /**
   * Whether a figure may be told: it speaks of k sites, and so does whatever follows from it and the past. What may be told is
   * noted as told.
   */
  tells({ subject, members, figures }: Statement<Figures>, k: number): boolean {
    const sets = this.sets(members);
    if (siteCount(members) < k || !this.admitsSets(subject, sets, k)) return false;
    const keys = this.burnt.size === 0 ? sets.versions : keyed(members, "version");
    this.recordSets(subject, sets, { keys: new Set(keys.keys()), figures });
    return true;
  }

  /** The figures of the largest told set, in number of members, that lies wholly among these, where there is one. */
  within(subject: string, members: readonly Member[]): Figures | null {
    const keys = keyed(members, "version");
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
  const large = statements.map((s) => ({ s, sites: siteCount(s.members) })).filter(({ sites }) => sites >= k);
  return large
    .toSorted((a, b) => b.sites - a.sites || (a.s.key < b.s.key ? -1 : a.s.key > b.s.key ? 1 : 0))
    .flatMap(({ s }) => (ledger.tells(s, k) ? [s] : []));
}
