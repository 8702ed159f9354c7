import { and, desc, eq, sql } from "drizzle-orm";
import { today } from "#app/request/actor.ts";
import { daysFrom } from "#app/platform/days.ts";
import { type Database, type Tx, withActor } from "#db/client.server.ts";
import { beginning } from "#db/like.ts";
import { artifacts, clauses, clauseTellings, comments, specifications, type ToldLine } from "#db/schema/index.ts";
import { conflict, invalid, notFound, tooMany } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { z } from "zod";
import { type Edition, findByNumber, loadText, type SpecificationRow } from "./edition.server.ts";
import type { Strength } from "./evidence.rules.ts";
import { type ClauseTelling, strengthOf } from "./tellings.rules.ts";
import { tellingsOf } from "./tellings.server.ts";
import type { commentSchema } from "./specification.schema.ts";

/* What everybody may read, and the one thing everybody may write. All of it runs as the public, signed in or not. */

/** The business clock for a reader who is nobody: that of the programme. */
async function publicNow(tx: Tx): Promise<Date> {
  const rows = await tx.execute<{ now: string }>(sql`select auth.business_now() as now`);
  const [row] = [...(rows as Iterable<{ now: string | Date }>)];
  return row ? new Date(row.now) : new Date(0);
}

/** Published, superseded, withdrawn, and out for consultation; the newest first. */
export const listPublic = (tx: Tx) =>
  tx
    .select()
    .from(specifications)
    .where(eq(specifications.public, true))
    .orderBy(
      sql`${specifications.state} = 'consultation' desc`,
      desc(specifications.publishedAt),
      desc(specifications.id),
    );

export type PdfFile = Pick<typeof artifacts.$inferSelect, "locale" | "sha256" | "bytes" | "pages">;
export interface PublicEdition extends Edition {
  files: PdfFile[];
  /** What is told of the evidence, by clause. */
  tellings: ReadonlyMap<string, ClauseTelling>;
  /** Days the consultation still runs; null when there is none now. */
  consultationDaysLeft: number | null;
  editions: { number: string; edition: number; state: string }[];
}
/** An edition by its number, with its files. @throws notFound */
export async function publicEdition(tx: Tx, number: string, editionNo?: number): Promise<PublicEdition> {
  const s = await findByNumber(tx, number, editionNo);
  const series = s.number.replace(/-\d{4}$/, "");
  const [edition, tellings, files, all, now] = await Promise.all([
    loadText(tx, s),
    tellingsOf(tx, s),
    filesOf(tx, s),
    tx
      .select({ number: specifications.number, edition: specifications.edition, state: specifications.state })
      .from(specifications)
      .where(and(eq(specifications.public, true), sql`${specifications.number} like ${beginning(`${series}-`)}`))
      .orderBy(desc(specifications.edition)),
    publicNow(tx),
  ]);
  return {
    ...edition,
    tellings: new Map(tellings.map((t) => [t.clauseId, t])),
    files,
    editions: all,
    consultationDaysLeft: s.state === "consultation" && s.consultTo ? daysFrom(today({ now }), s.consultTo) + 1 : null,
  };
}

async function filesOf(tx: Tx, s: SpecificationRow): Promise<PdfFile[]> {
  const rows = await tx
    .selectDistinctOn([artifacts.locale], {
      locale: artifacts.locale,
      sha256: artifacts.sha256,
      bytes: artifacts.bytes,
      pages: artifacts.pages,
    })
    .from(artifacts)
    .where(and(eq(artifacts.tenantId, s.tenantId), eq(artifacts.objectId, s.id), eq(artifacts.public, true)))
    .orderBy(artifacts.locale, desc(artifacts.createdAt));
  return rows.sort((a, b) => (a.locale === "zh-CN" ? -1 : b.locale === "zh-CN" ? 1 : 0));
}
/** The file of a published edition in a language. @throws notFound */
export async function publicFile(
  tx: Tx,
  number: string,
  locale: string,
): Promise<{ file: PdfFile; specification: SpecificationRow }> {
  const specification = await findByNumber(tx, number);
  const file = (await filesOf(tx, specification)).find((f) => f.locale === locale);
  if (!file) throw notFound({ logMessage: `no ${locale} file of ${number}` });
  return { file, specification };
}

export interface Provenance {
  clause: {
    id: string;
    number: string;
    heading: { zh: string; en: string };
    text: { zh: string; en: string };
    evidenceNone: boolean;
  };
  /** Null for headings, and for clauses that need no evidence. */
  strength: Strength | null;
  lines: ToldLine[];
}
/** What a clause rests on as far as it is told, by the clause's number (`6.2`) or id. @throws notFound */
export function provenance(edition: PublicEdition, clause: string): Provenance {
  const found = edition.clauses.find((c) => c.number === clause || c.id === clause);
  if (!found) throw notFound({ logMessage: `clause ${clause} of ${edition.specification.number}` });
  return {
    clause: {
      id: found.id,
      number: found.number,
      heading: { zh: found.headingZh, en: found.headingEn },
      text: { zh: found.textZh, en: found.textEn },
      evidenceNone: found.evidenceNone,
    },
    strength: strengthOf(found, edition.tellings.get(found.id)),
    lines: edition.tellings.get(found.id)?.lines ?? [],
  };
}

/** Comments a visitor may leave in a while; kept in the process, for an address needs no lasting memory. */
const windowMs = 10 * 60_000;
const limit = 10;
const seen = new Map<string, number[]>();
function takeTurn(ip: string, at: number): void {
  const recent = (seen.get(ip) ?? []).filter((t) => t > at - windowMs);
  if (recent.length >= limit) throw tooMany(Math.ceil(((recent[0] ?? at) + windowMs - at) / 1000));
  if (seen.size > 10_000) seen.clear();
  seen.set(ip, [...recent, at]);
}

export interface Visitor {
  ip: string;
  /** Milliseconds of the real clock, for the rate limit. */
  at: number;
  /** Business time, where it is not that of the running programme: replays. */
  now?: Date;
}
/**
 * A comment of the consultation, as the public, whoever sends it. The database takes it only while the consultation is open.
 * @throws conflict `consultation_closed`, tooMany, notFound
 */
export async function addComment(
  db: Pick<Database, "write">,
  { specificationId, ...input }: z.output<typeof commentSchema> & { specificationId: string },
  visitor: Visitor,
): Promise<void> {
  takeTurn(visitor.ip, visitor.at);
  await withActor(db.write, { level: "public", secret: null }, async (tx) => {
    const [[s], now] = await Promise.all([
      tx.select().from(specifications).where(eq(specifications.id, specificationId)),
      visitor.now ?? publicNow(tx),
    ]);
    if (!s) throw notFound({ logMessage: `specification ${specificationId}` });
    const day = today({ now });
    if (s.state !== "consultation" || (s.consultFrom ?? day) > day || (s.consultTo ?? day) < day)
      throw conflict({ code: "consultation_closed" });
    if (input.clauseId) {
      const [clause] = await tx
        .select({ id: clauses.id })
        .from(clauses)
        .where(
          and(eq(clauses.tenantId, s.tenantId), eq(clauses.specificationId, s.id), eq(clauses.id, input.clauseId)),
        );
      if (!clause) throw invalid({ clauseId: ["error_field_unknown_id"] });
    }
    await tx.insert(comments).values({ tenantId: s.tenantId, id: uuidv7(), specificationId, ...input, at: now });
  });
}

export type Verified =
  | {
      kind: "specification" | "file";
      number: string;
      edition: number;
      title: { zh: string; en: string };
      state: string;
      publishedAt: Date | null;
      effectiveOn: string | null;
      locale: string | null;
      bytes: number | null;
      pages: number | null;
    }
  | {
      kind: "submission";
      sector: { zh: string; en: string };
      number: string;
      title: { zh: string; en: string };
      clauses: number;
    };

const editionColumns = {
  number: specifications.number,
  edition: specifications.edition,
  titleZh: specifications.titleZh,
  titleEn: specifications.titleEn,
  state: specifications.state,
  publishedAt: specifications.publishedAt,
  effectiveOn: specifications.effectiveOn,
};
const editionOf = (r: Pick<SpecificationRow, keyof typeof editionColumns>) => ({
  number: r.number,
  edition: r.edition,
  title: { zh: r.titleZh, en: r.titleEn },
  state: r.state,
  publishedAt: r.publishedAt,
  effectiveOn: r.effectiveOn,
});

/** The edition whose content has this digest. */
async function contentWith(tx: Tx, digest: string): Promise<Verified | null> {
  const [found] = await tx
    .select(editionColumns)
    .from(specifications)
    .where(and(eq(specifications.contentSha256, digest), eq(specifications.public, true)))
    .limit(1);
  return found ? { kind: "specification", ...editionOf(found), locale: null, bytes: null, pages: null } : null;
}

/** The published file that has this digest. */
async function fileWith(tx: Tx, digest: string): Promise<Verified | null> {
  const [found] = await tx
    .select({ ...editionColumns, locale: artifacts.locale, bytes: artifacts.bytes, pages: artifacts.pages })
    .from(artifacts)
    .innerJoin(
      specifications,
      and(eq(specifications.tenantId, artifacts.tenantId), eq(specifications.id, artifacts.objectId)),
    )
    .where(and(eq(artifacts.sha256, digest), eq(artifacts.public, true)))
    .limit(1);
  if (!found) return null;
  return { kind: "file", ...editionOf(found), locale: found.locale, bytes: found.bytes, pages: found.pages };
}

/**
 * The submission of this digest, where a figure that is told is its alone. Of any other nothing is said: that clauses rest on
 * it would name its sector.
 */
async function submissionWith(tx: Tx, digest: string): Promise<Verified | null> {
  const rows = await tx
    .select({
      lines: clauseTellings.lines,
      number: specifications.number,
      titleZh: specifications.titleZh,
      titleEn: specifications.titleEn,
    })
    .from(clauseTellings)
    .innerJoin(
      specifications,
      and(eq(specifications.tenantId, clauseTellings.tenantId), eq(specifications.id, clauseTellings.specificationId)),
    )
    .where(
      and(
        eq(clauseTellings.public, true),
        sql`${clauseTellings.lines} @> ${JSON.stringify([{ submissionSha256: digest }])}::jsonb`,
      ),
    )
    .orderBy(desc(specifications.publishedAt), specifications.id);
  const [first] = rows;
  const sector = first?.lines.find((l) => l.submissionSha256 === digest)?.sector;
  if (!first || !sector) return null;
  return {
    kind: "submission",
    sector: { zh: sector.zh, en: sector.en },
    number: first.number,
    title: { zh: first.titleZh, en: first.titleEn },
    clauses: rows.filter((r) => r.number === first.number).length,
  };
}

/** What a SHA-256 stands for among what is public: an edition's content, a published file, or a submission that clauses rest on. */
export async function verify(tx: Tx, sha256: string): Promise<Verified | null> {
  const digest = sha256.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digest)) return null;
  const [content, file, submission] = await Promise.all([
    contentWith(tx, digest),
    fileWith(tx, digest),
    submissionWith(tx, digest),
  ]);
  return content ?? file ?? submission;
}
