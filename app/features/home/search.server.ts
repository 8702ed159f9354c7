import { and, asc, desc, eq, ilike, or } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { clauseAnchor, editingPath, specificationPath } from "#app/features/specification/numbers.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { containing } from "#db/like.ts";
import { clauses, pilots, risks, sites, specifications } from "#db/schema/index.ts";
import type { SearchItem } from "#app/ui/shell/palette.tsx";

const perKind = 8;
const settled = new Set(["published", "superseded", "withdrawn"]);

/**
 * Pilots, risks, sites and clauses whose name or code contains the words, as far as the caller may see them. The tenant
 * is named in each query: under a policy ILIKE uses no index, and the tenant's rows are what it reads.
 */
export async function search(tx: Tx, actor: Actor, words: string, locale: Locale): Promise<SearchItem[]> {
  const q = words.trim().slice(0, 80);
  if (q === "") return [];
  const like = containing(q);
  // An auditor belongs to a sector too, but reads its trail alone.
  const inSector = actor.level === "site" || actor.level === "sector";
  const editing = may(actor.role, "edition.read");
  const none = Promise.resolve([]);
  const seesPilots = inSector || actor.level === "assessor";
  const [pilotRows, riskRows, siteRows, specRows, clauseRows] = await Promise.all([
    seesPilots
      ? tx
          .select({ id: pilots.id, code: pilots.code, name: pilots.name })
          .from(pilots)
          .where(
            and(
              inSector ? eq(pilots.tenantId, actor.tenantId) : undefined,
              or(ilike(pilots.name, like), ilike(pilots.code, like)),
            ),
          )
          .orderBy(asc(pilots.code))
          .limit(perKind)
      : none,
    inSector
      ? tx
          .select({ id: risks.id, code: risks.code, projectId: risks.projectId, note: risks.note })
          .from(risks)
          .where(and(eq(risks.tenantId, actor.tenantId), or(ilike(risks.code, like), ilike(risks.note, like))))
          .orderBy(asc(risks.code))
          .limit(perKind)
      : none,
    actor.level === "sector"
      ? tx
          .select({ id: sites.id, name: sites.name })
          .from(sites)
          .where(and(eq(sites.tenantId, actor.tenantId), ilike(sites.name, like)))
          .orderBy(asc(sites.name))
          .limit(perKind)
      : none,
    tx
      .select({
        id: specifications.id,
        number: specifications.number,
        state: specifications.state,
        zh: specifications.titleZh,
        en: specifications.titleEn,
      })
      .from(specifications)
      .where(
        and(
          or(eq(specifications.public, true), editing ? eq(specifications.tenantId, actor.tenantId) : undefined),
          or(
            ilike(specifications.titleZh, like),
            ilike(specifications.titleEn, like),
            ilike(specifications.number, like),
          ),
        ),
      )
      .orderBy(asc(specifications.public), desc(specifications.id))
      .limit(perKind),
    tx
      .select({
        id: clauses.id,
        zh: clauses.textZh,
        en: clauses.textEn,
        specificationId: specifications.id,
        number: specifications.number,
        state: specifications.state,
      })
      .from(clauses)
      .innerJoin(
        specifications,
        and(eq(specifications.tenantId, clauses.tenantId), eq(specifications.id, clauses.specificationId)),
      )
      .where(
        and(
          or(eq(clauses.public, true), editing ? eq(clauses.tenantId, actor.tenantId) : undefined),
          or(ilike(clauses.textZh, like), ilike(clauses.textEn, like)),
        ),
      )
      .orderBy(asc(clauses.public), desc(specifications.id), asc(clauses.id))
      .limit(perKind),
  ]);
  // Who edits is led to where an edition is edited as long as it is not published, everyone else to what the public reads.
  const inWork = (state: string) => editing && !settled.has(state);
  const kind = (k: string) => translate(`home_kind_${k}`, {}, locale);
  const text = (zh: string, en: string) => (locale === "en" ? en || zh : zh || en);
  const cut = (s: string) => (s.length > 60 ? `${s.slice(0, 60)}…` : s);
  return [
    ...pilotRows.map((p) => ({ to: `/pilots/${p.id}`, label: `${p.code} ${p.name}`, kind: kind("pilot") })),
    ...riskRows.map((r) => ({
      to: `/projects/${r.projectId}/risk-report?q=${encodeURIComponent(r.code)}`,
      label: cut(`${r.code} ${r.note}`),
      kind: kind("risk"),
    })),
    ...siteRows.map((s) => ({ to: `/pilots?q=${encodeURIComponent(s.name)}`, label: s.name, kind: kind("site") })),
    ...specRows.map((s) => ({
      to: inWork(s.state) ? editingPath(s.id) : specificationPath(s.number),
      label: `${s.number} ${text(s.zh, s.en)}`,
      kind: kind(inWork(s.state) ? "specification_work" : "specification"),
    })),
    ...clauseRows.map((c) => ({
      to: inWork(c.state)
        ? editingPath(c.specificationId, c.id)
        : `${specificationPath(c.number)}#${clauseAnchor(c.id)}`,
      label: cut(text(c.zh, c.en)),
      kind: kind(inWork(c.state) ? "clause_work" : "clause"),
    })),
  ];
}
