import type { Actor } from "#app/request/actor.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Tx } from "#db/client.server.ts";
import { specificationTexts } from "#seeds/catalogue/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import { cellKey } from "./evidence.rules.ts";
import { evidenceSources, type Source } from "./evidence-sources.server.ts";
import { addSectorClauses } from "./sector-draft.server.ts";
import { verbOf } from "./verbs.rules.ts";
import type { DraftClause, DraftEvidence } from "./specification.schema.ts";

/* First texts of a sector's draft, from what its pilots have shown. */

const evidenceOf = ({ id: _id, dimension: _d, controlCode: _c, cell: _t, ...e }: Source): DraftEvidence => e;

/** By control. */
const firstTexts = new Map(specificationTexts.clauses.map((c) => [c.control, c]));

/**
 * A clause for each weak control, and one for each lesson that was taken up. The latter has no heading yet: sectors would
 * give different lessons the same one, and equal headings go together in the national edition.
 */
export function proposedClauses(sources: readonly Source[]): DraftClause[] {
  const effects = sources.filter((s) => s.kind === "pilot");
  /** Of pilots whose measures bear the clause's tags: what others of the dimension have shown says nothing of it. */
  const borne = (tags: DraftClause["tags"]) => effects.filter((s) => s.cell === cellKey(tags)).map(evidenceOf);
  const fromControls = sources
    .filter((s) => s.kind === "risk")
    .flatMap((s): DraftClause[] => {
      const control = controlOf(s.ref);
      const first = firstTexts.get(s.ref);
      if (!control || !first) return [];
      const { dimension, object, lifecycle, mechanism } = control;
      const tags = { dimension, object, lifecycle, mechanism };
      return [
        {
          key: control.id,
          chapter: first.chapter,
          title: control.title_zh,
          text: first.text_zh,
          titleEn: control.title_en,
          textEn: first.text_en,
          verb: verbOf(first.text_zh),
          tags,
          evidence: [evidenceOf(s), ...borne(tags)],
          evidenceNone: false,
        },
      ];
    });
  const fromLessons = sources
    .filter((s) => s.kind === "lesson")
    .map((s): DraftClause => {
      const bare = s.statement.replace(/[。.]\s*$/u, "");
      const text =
        verbOf(s.statement) === "none"
          ? m.specification_lesson_clause({ text: bare }, { locale: "zh-CN" })
          : s.statement;
      // A lesson has a dimension and no more: where the clause belongs is its author's to say.
      const tags = { dimension: s.dimension, object: null, lifecycle: null, mechanism: null };
      return {
        key: `L-${s.ref}`,
        chapter: "general",
        title: "",
        text,
        titleEn: "",
        textEn: "",
        verb: verbOf(text),
        tags,
        evidence: [evidenceOf(s)],
        evidenceNone: false,
      };
    });
  return [...fromControls, ...fromLessons];
}

/** Adds first texts to the draft from what the sector's pilots have shown. Clauses that are there already stay as they are. */
export async function proposeClauses(
  tx: Tx,
  actor: Actor,
  { projectId, rev }: { projectId: string; rev: number },
): Promise<{ rev: number; added: number }> {
  const sources = await evidenceSources(tx, actor, projectId);
  return addSectorClauses(tx, actor, { projectId, rev, clauses: proposedClauses(sources) });
}
