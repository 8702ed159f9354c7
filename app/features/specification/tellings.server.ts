import { and, eq } from "drizzle-orm";
import { beginTelling, noteTold, type ToldLedger, toldBefore } from "#app/features/disclosure/disclosure.server.ts";
import { oneDecimal } from "#app/features/effect/effects.rules.ts";
import { joinList, pick } from "#app/i18n/pick.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { clauseTellings, programmes, type ToldLine } from "#db/schema/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import type { Edition, SpecificationRow } from "./edition.server.ts";
import { type ClauseTelling, planTellings } from "./tellings.rules.ts";

/* What everybody is told of the evidence under an edition: planned before it is shown, kept beside it, read by page, file and API. */

async function plan(tx: Tx, e: Edition, ledger: ToldLedger) {
  const [programme] = await tx
    .select({ k: programmes.kThreshold })
    .from(programmes)
    .where(eq(programmes.id, e.specification.programmeId));
  if (!programme) throw notFound({ logMessage: `programme ${e.specification.programmeId}` });
  const clauses = e.clauses.filter((c) => c.grade !== null || c.evidence.length > 0);
  return { k: programme.k, ...planTellings(clauses, ledger, programme.k) };
}

/** What the edition would tell if it were shown now. For the files, which are made before; the same as `tellEdition` then tells. */
export async function tellingsAsNow(tx: Tx, e: Edition): Promise<ClauseTelling[]> {
  return (await plan(tx, e, await toldBefore(tx, e.specification.tenantId))).tellings;
}

/** Tells: what the edition shows from now on is noted for ever. */
export async function tellEdition(tx: Tx, actor: Actor, e: Edition): Promise<ClauseTelling[]> {
  const { tenantId, id: specificationId } = e.specification;
  await beginTelling(tx);
  const { k, tellings, told } = await plan(tx, e, await toldBefore(tx, tenantId));
  await noteTold(tx, actor, { specificationId, k }, told);
  await tx
    .delete(clauseTellings)
    .where(and(eq(clauseTellings.tenantId, tenantId), eq(clauseTellings.specificationId, specificationId)));
  if (tellings.length > 0)
    await tx.insert(clauseTellings).values(tellings.map((t) => ({ tenantId, specificationId, public: true, ...t })));
  return tellings;
}

/** What an edition tells now, as far as the caller may see it. */
export async function tellingsOf(tx: Tx, s: Pick<SpecificationRow, "tenantId" | "id">): Promise<ClauseTelling[]> {
  return tx
    .select({
      clauseId: clauseTellings.clauseId,
      strength: clauseTellings.strength,
      kinds: clauseTellings.kinds,
      lines: clauseTellings.lines,
    })
    .from(clauseTellings)
    .where(and(eq(clauseTellings.tenantId, s.tenantId), eq(clauseTellings.specificationId, s.id)));
}

const signed = (milli: number) => `${milli > 0 ? "+" : ""}${oneDecimal(milli)}`;

/** What stands in place of a sector where several are told together. */
export const several = () => ({
  zh: m.specification_told_several({}, { locale: "zh-CN" }),
  en: m.specification_told_several({}, { locale: "en" }),
});

/** One told figure in words, for page, file and API alike. */
export function lineWords(line: ToldLine, locale: Locale) {
  const who = pick(line.sector ?? several(), locale);
  const batches = joinList(
    line.batches.map((no) => translate(`rule_word_batch_${no}`, {}, locale)),
    locale,
  );
  const control = controlOf(line.of);
  const statement =
    line.kind === "effect"
      ? m.specification_told_effect(
          {
            n: line.pilots,
            dimension: translate(`rule_word_dimension_${line.of}`, {}, locale),
            effect: signed(line.effectMilli ?? 0),
            known: translate(`compare_known_${line.known ?? "reported"}`, {}, locale),
          },
          { locale },
        )
      : m.specification_told_weak(
          {
            title: (locale === "en" ? control?.title_en : control?.title_zh) ?? line.of,
            ...(line.weak ?? { systems: 0, risks: 0 }),
          },
          { locale },
        );
  return {
    who,
    batches,
    statement: line.atLeast ? m.specification_told_among({ statement }, { locale }) : statement,
    effect: line.effectMilli === null ? null : signed(line.effectMilli),
    counted:
      line.kind === "effect"
        ? m.specification_prov_pilots({ count: line.pilots }, { locale })
        : m.specification_prov_systems({ count: line.pilots }, { locale }),
    dissent: line.dissent,
    digest: line.submissionSha256,
  };
}
/** Where there is evidence and no figure of it is told. */
export const untoldWords = (locale: Locale): string => m.specification_told_nothing({}, { locale });
