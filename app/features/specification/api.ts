import { and, desc, eq, lt, or } from "drizzle-orm";
import { z } from "zod";
import { type Api, listQuery } from "#app/request/api.server.ts";
import { getLocale, type Locale } from "#app/i18n/locale.ts";
import { moment, readCursor, writeCursor } from "#app/platform/cursor.ts";
import { text as filled, uuid } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { specifications } from "#db/schema/index.ts";
import type { ToldLine } from "#db/schema/index.ts";
import type { SpecificationRow } from "./edition.server.ts";
import { provenance, publicEdition } from "./published.server.ts";
import { strengthOf } from "./tellings.rules.ts";
import { lineWords, several } from "./tellings.server.ts";

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
    kind: z.enum(["effect", "weakness"]),
    /** «Several sectors» where they are told together; their code is empty then. */
    sector: text,
    sectorCode: z.string(),
    /** 0 where both batches are told together; `batches` names them. */
    batchNo: z.number().int(),
    batches: z.array(z.number().int()),
    /** Of a weakness: systems. */
    pilots: z.number().int(),
    effectMilli: z.number().int().nullable(),
    known: z.enum(["reported", "verified"]).nullable(),
    /** The clause rests on more pilots than these, of whom nothing can be told. */
    atLeast: z.boolean(),
    dissent: z.boolean(),
    statement: z.string(),
    /** Empty where the figure is of several submissions. */
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
  (e: ToldLine): z.input<typeof evidence> => ({
    kind: e.kind,
    sector: e.sector ? { zh: e.sector.zh, en: e.sector.en } : several(),
    sectorCode: e.sector?.code ?? "",
    batchNo: e.batches.length === 1 ? (e.batches[0] ?? 0) : 0,
    batches: e.batches,
    pilots: e.pilots,
    effectMilli: e.effectMilli,
    known: e.known,
    atLeast: e.atLeast,
    dissent: e.dissent,
    statement: lineWords(e, locale).statement,
    submissionSha256: e.submissionSha256 ?? "",
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
            strength: strengthOf(c, e.tellings.get(c.id)),
            evidence: e.tellings.get(c.id)?.lines.length ?? 0,
          })),
          files: e.files,
        };
      },
    })
    .route({
      at: "GET /specifications/{number}/clauses/{clause}/provenance",
      name: "getClauseProvenance",
      summary: "What a clause rests on, as far as it may be told: groups of fewer than k sites are in no figure",
      tag: "specifications",
      params: number.extend({ clause: filled(40) }),
      response: origin,
      run: async ({ tx, params }) => {
        const p = provenance(await publicEdition(tx, params.number), params.clause);
        const { lines } = p;
        return {
          number: p.clause.number,
          heading: p.clause.heading,
          text: p.clause.text,
          strength: p.strength,
          pilots: Math.max(0, ...lines.map((l) => l.pilots)),
          sectors: new Set(lines.flatMap((l) => l.sector?.code ?? [])).size,
          batches: new Set(lines.flatMap((l) => l.batches)).size,
          dissent: lines.filter((l) => l.dissent).length,
          evidence: lines.map(evidenceOf(getLocale())),
        };
      },
    });
}
