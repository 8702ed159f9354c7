import { and, desc, eq, lt, or } from "drizzle-orm";
import { z } from "zod";
import { type Api, listQuery } from "#app/request/api.server.ts";
import { getLocale, type Locale } from "#app/i18n/locale.ts";
import { moment, readCursor, writeCursor } from "#app/platform/cursor.ts";
import { text as filled, uuid } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { specifications } from "#db/schema/index.ts";
import type { EvidenceView, SpecificationRow } from "./edition.server.ts";
import { provenance, publicEdition } from "./published.server.ts";
import { sideOf } from "./sides.ts";

const text = z.object({ zh: z.string(), en: z.string() });
const line = z
  .object({
    id: z.uuid(),
    number: z.string(),
    edition: z.number().int(),
    title: text,
    state: z.enum(["consultation", "published", "superseded", "withdrawn"]),
    publishedAt: z.string().nullable(),
    effectiveOn: z.string().nullable(),
    contentSha256: z.string().nullable(),
  })
  .openapi("SpecificationLine");
const clause = z
  .object({
    number: z.string(),
    kind: z.enum(["chapter", "clause", "annex"]),
    heading: text,
    text,
    verb: z.string(),
    tags: z.object({
      dimension: z.string().nullable(),
      object: z.string().nullable(),
      lifecycle: z.string().nullable(),
      mechanism: z.string().nullable(),
    }),
    strength: z.string().nullable(),
    evidence: z.number().int(),
  })
  .openapi("Clause");
const detail = line
  .extend({
    clauses: z.array(clause),
    files: z.array(
      z.object({ locale: z.string(), sha256: z.string(), bytes: z.number().int(), pages: z.number().int() }),
    ),
  })
  .openapi("Specification");
const evidence = z
  .object({
    sector: text,
    sectorCode: z.string(),
    batchNo: z.number().int(),
    pilots: z.number().int(),
    effectMilli: z.number().int().nullable(),
    dissent: z.boolean(),
    statement: z.string(),
    submissionSha256: z.string(),
  })
  .openapi("ClauseEvidence");
const origin = z
  .object({
    number: z.string(),
    heading: text,
    text,
    strength: z.string().nullable(),
    pilots: z.number().int(),
    sectors: z.number().int(),
    batches: z.number().int(),
    dissent: z.number().int(),
    evidence: z.array(evidence),
  })
  .openapi("ClauseProvenance");

const states = ["consultation", "published", "superseded", "withdrawn"] as const;
const lineOf = (s: SpecificationRow): z.input<typeof line> => ({
  id: s.id,
  number: s.number,
  edition: s.edition,
  title: { zh: s.titleZh, en: s.titleEn },
  state: states.find((x) => x === s.state) ?? "published",
  publishedAt: s.publishedAt?.toISOString() ?? null,
  effectiveOn: s.effectiveOn,
  contentSha256: s.contentSha256,
});
const evidenceOf =
  (locale: Locale) =>
  (e: EvidenceView): z.input<typeof evidence> => ({
    sector: { zh: e.sector.zh, en: e.sector.en },
    sectorCode: e.sector.code,
    batchNo: e.batchNo,
    pilots: e.pilots,
    effectMilli: e.effectMilli,
    dissent: e.dissent,
    statement: sideOf(e.statement, locale),
    submissionSha256: e.submissionSha256,
  });

const cursorShape = z.tuple([moment(), uuid()]);

const number = z.object({ number: filled(60) });

/** Specifications that everybody may read, the newest first, from where the page before ended. */
async function listed(tx: Tx, query: z.output<typeof listQuery>) {
  const [at, id] = query.cursor ? readCursor("specifications", query.cursor, cursorShape) : [];
  const after = at !== undefined && id !== undefined ? { at: new Date(at), id } : null;
  const rows = await tx
    .select()
    .from(specifications)
    .where(
      and(
        eq(specifications.public, true),
        after
          ? or(
              lt(specifications.createdAt, after.at),
              and(eq(specifications.createdAt, after.at), lt(specifications.id, after.id)),
            )
          : undefined,
      ),
    )
    .orderBy(desc(specifications.createdAt), desc(specifications.id))
    .limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(lineOf),
    next:
      rows.length > query.limit && last ? writeCursor("specifications", [last.createdAt.toISOString(), last.id]) : null,
  };
}

/** Published specifications and where their clauses come from, for programs. */
export function specificationApi(api: Api): void {
  api
    .route({
      at: "GET /specifications",
      name: "listSpecifications",
      summary: "Published specifications and those out for comments, newest first",
      tag: "specifications",
      query: listQuery,
      response: z.object({ items: z.array(line), next: z.string().nullable() }),
      run: ({ tx, query }) => listed(tx, query),
    })
    .route({
      at: "GET /specifications/{number}",
      name: "getSpecification",
      summary: "One specification with its clauses and files",
      tag: "specifications",
      params: number,
      response: detail,
      run: async ({ tx, params }) => {
        const e = await publicEdition(tx, params.number);
        return {
          ...lineOf(e.specification),
          clauses: e.clauses.map((c) => ({
            number: c.number,
            kind: c.kind,
            heading: { zh: c.headingZh, en: c.headingEn },
            text: { zh: c.textZh, en: c.textEn },
            verb: c.verb,
            tags: { dimension: c.dimension, object: c.object, lifecycle: c.lifecycle, mechanism: c.mechanism },
            strength: c.grade?.strength ?? null,
            evidence: c.evidence.length,
          })),
          files: e.files,
        };
      },
    })
    .route({
      at: "GET /specifications/{number}/clauses/{clause}/provenance",
      name: "getClauseProvenance",
      summary: "What a clause rests on: sectors, batches, pilots, effect, dissent, and the digest of each submission",
      tag: "specifications",
      params: number.extend({ clause: filled(40) }),
      response: origin,
      run: async ({ tx, params }) => {
        const p = provenance(await publicEdition(tx, params.number), params.clause);
        return {
          number: p.clause.number,
          heading: p.clause.heading,
          text: p.clause.text,
          strength: p.grade?.strength ?? null,
          pilots: p.grade?.pilots ?? 0,
          sectors: p.grade?.sectors ?? 0,
          batches: p.grade?.batches ?? 0,
          dissent: p.grade?.dissent ?? 0,
          evidence: p.evidence.map(evidenceOf(getLocale())),
        };
      },
    });
}
