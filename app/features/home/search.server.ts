import { specificationPath } from "#app/domain/hrefs.ts";
import { and, asc, desc, eq, ilike, or } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { clauseAnchor, editingPath } from "#app/features/specification/numbers.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { inCodeOrder } from "#db/codes.ts";
import { inRegisterOrder } from "#db/register-order.ts";
import type { Tx } from "#db/client.server.ts";
import { containing } from "#db/like.ts";
import { clauses, pilots, risks, sites, specifications } from "#db/schema/index.ts";
import type { SearchItem } from "#app/ui/shell/palette.tsx";

const perKind = 8;
const settled = new Set(["published", "superseded", "withdrawn"]);

/** What is looked for, by whom and in which language. */
interface Search {
  tx: Tx;
  actor: Actor;
  /** The words, as they were typed. */
  q: string;
  /** An auditor belongs to a sector too, but reads its trail alone. */
  inSector: boolean;
  editing: boolean;
  locale: Locale;
}

/**
 * Pilots, risks, sites and clauses whose name or code contains the words, as far as the caller may see them. The tenant
 * is named in each query: under a policy ILIKE uses no index, and the tenant's rows are what it reads.
 */
export async function search(tx: Tx, actor: Actor, words: string, locale: Locale): Promise<SearchItem[]> {
  const q = words.trim().slice(0, 80);
  if (q === "") return [];
  const asked: Search = {
    tx,
    actor,
    q,
    inSector: actor.level === "site" || actor.level === "sector",
    editing: may(actor.role, "edition.read"),
    locale,
  };
  const found = await Promise.all([
    pilotsFound(asked),
    risksFound(asked),
    sitesFound(asked),
    specificationsFound(asked),
    clausesFound(asked),
  ]);
  return found.flat();
}

const kindOf = (kind: string, { locale }: Search) => translate(`home_kind_${kind}`, {}, locale);
const textOf = (zh: string, en: string, { locale }: Search) => (locale === "en" ? en || zh : zh || en);
const cut = (s: string) => (s.length > 60 ? `${s.slice(0, 60)}…` : s);
/** Who edits is led to where an edition is edited as long as it is not published, everyone else to what the public reads. */
const inWork = (state: string, { editing }: Search) => editing && !settled.has(state);

async function pilotsFound(asked: Search): Promise<SearchItem[]> {
  const { tx, actor, q, inSector } = asked;
  if (!inSector && actor.level !== "assessor") return [];
  const like = containing(q);
  const rows = await tx
    .select({ id: pilots.id, code: pilots.code, name: pilots.name })
    .from(pilots)
    .where(
      and(
        inSector ? eq(pilots.tenantId, actor.tenantId) : undefined,
        or(ilike(pilots.name, like), ilike(pilots.code, like)),
      ),
    )
    .orderBy(...inCodeOrder(pilots.code))
    .limit(perKind);
  return rows.map((p) => ({ to: `/pilots/${p.id}`, label: `${p.code} ${p.name}`, kind: kindOf("pilot", asked) }));
}

async function risksFound(asked: Search): Promise<SearchItem[]> {
  const { tx, actor, q, inSector } = asked;
  if (!inSector) return [];
  const like = containing(q);
  const rows = await tx
    .select({ id: risks.id, code: risks.code, projectId: risks.projectId, note: risks.note })
    .from(risks)
    .where(and(eq(risks.tenantId, actor.tenantId), or(ilike(risks.code, like), ilike(risks.note, like))))
    .orderBy(...inCodeOrder(risks.code))
    .limit(perKind);
  return rows.map((r) => ({
    to: `/projects/${r.projectId}/risk-report?q=${encodeURIComponent(r.code)}`,
    label: cut(`${r.code} ${r.note}`),
    kind: kindOf("risk", asked),
  }));
}

async function sitesFound(asked: Search): Promise<SearchItem[]> {
  const { tx, actor, q } = asked;
  if (actor.level !== "sector") return [];
  const like = containing(q);
  const rows = await tx
    .select({ id: sites.id, name: sites.name })
    .from(sites)
    .where(and(eq(sites.tenantId, actor.tenantId), ilike(sites.name, like)))
    .orderBy(...inRegisterOrder)
    .limit(perKind);
  return rows.map((s) => ({
    to: `/sites/${s.id}`,
    label: s.name,
    kind: kindOf("site", asked),
  }));
}

async function specificationsFound(asked: Search): Promise<SearchItem[]> {
  const { tx, actor, q, editing } = asked;
  const like = containing(q);
  const rows = await tx
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
    .limit(perKind);
  return rows.map((s) => ({
    to: inWork(s.state, asked) ? editingPath(s.id) : specificationPath(s.number),
    label: `${s.number} ${textOf(s.zh, s.en, asked)}`,
    kind: kindOf(inWork(s.state, asked) ? "specification_work" : "specification", asked),
  }));
}

async function clausesFound(asked: Search): Promise<SearchItem[]> {
  const { tx, actor, q, editing } = asked;
  const like = containing(q);
  const rows = await tx
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
    .limit(perKind);
  return rows.map((c) => ({
    to: inWork(c.state, asked)
      ? editingPath(c.specificationId, c.id)
      : `${specificationPath(c.number)}#${clauseAnchor(c.id)}`,
    label: cut(textOf(c.zh, c.en, asked)),
    kind: kindOf(inWork(c.state, asked) ? "clause_work" : "clause", asked),
  }));
}
