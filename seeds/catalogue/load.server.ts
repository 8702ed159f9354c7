import postgres from "postgres";
import { type Control, controlById, controls, threats, vulnerabilities } from "./index.ts";

/** Version under which this release's catalogues are stored. A changed catalogue gets a new one; answers keep theirs. */
export const catalogueVersion = 1;

/** Questionnaires of earlier releases, by version, as the database keeps them. A version never changes once it is loaded. */
const earlier = new Map<number, readonly Control[]>();
/** The questions of a version, in their order; null for one that neither this release nor the database knew when this process began. */
export const questionsOf = (version: number): readonly Control[] | null =>
  version === catalogueVersion ? controls : (earlier.get(version) ?? null);

/**
 * A question by its code, in the words of the version under which it was asked; without a version, or where it knows no such
 * question, this release's, else those of the newest release before it. Undefined for a code of no version.
 */
export function controlOf(code: string, version: number = catalogueVersion): Control | undefined {
  const own = version === catalogueVersion ? undefined : earlier.get(version)?.find((c) => c.id === code);
  return own ?? controlById.get(code) ?? newest(code);
}
function newest(code: string): Control | undefined {
  for (const version of [...earlier.keys()].toSorted((a, b) => b - a)) {
    const found = earlier.get(version)?.find((c) => c.id === code);
    if (found) return found;
  }
  return undefined;
}

type Stored = Pick<Control, "dimension" | "object" | "lifecycle" | "mechanism" | "weight"> & {
  version: number;
  code: string;
  text: {
    titleZh: string;
    titleEn: string;
    questionZh: string;
    questionEn: string;
    guidanceZh: string;
    refs: string[];
  };
};
/** Takes the questionnaires of earlier releases into this process: projects begun under one end under it. */
async function takeEarlier(sql: postgres.TransactionSql): Promise<void> {
  const rows = await sql<Stored[]>`
    select version, code, dimension, object, lifecycle, mechanism, weight, text from controls
      where version <> ${catalogueVersion} order by version, position`;
  const found = new Map<number, Control[]>();
  for (const { version, code, text, ...tags } of rows)
    found.set(version, [
      ...(found.get(version) ?? []),
      {
        ...tags,
        id: code,
        title_zh: text.titleZh,
        title_en: text.titleEn,
        question_zh: text.questionZh,
        question_en: text.questionEn,
        guidance_zh: text.guidanceZh,
        // The rows keep the guidance in Chinese alone.
        guidance_en: text.guidanceZh,
        refs: text.refs,
      },
    ]);
  for (const [version, questions] of found) earlier.set(version, questions);
}

/** Puts this release's catalogues into the database, as the owner, where they are not there yet. Idempotent. */
export async function loadCatalogue({ ownerUrl }: { ownerUrl: string }): Promise<void> {
  const sql = postgres(ownerUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "anshi-catalogue" },
  });
  const version = catalogueVersion;
  try {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(727301215)`;
      const rows = {
        controls: controls.map((c, position) => ({
          version,
          code: c.id,
          position,
          dimension: c.dimension,
          object: c.object,
          lifecycle: c.lifecycle,
          mechanism: c.mechanism,
          weight: c.weight,
          text: tx.json({
            titleZh: c.title_zh,
            titleEn: c.title_en,
            questionZh: c.question_zh,
            questionEn: c.question_en,
            guidanceZh: c.guidance_zh,
            refs: [...c.refs],
          }),
        })),
        threats: threats.map((t) => ({
          version,
          code: t.id,
          default_frequency: t.default_frequency,
          text: tx.json({ titleZh: t.title_zh, titleEn: t.title_en }),
        })),
        vulnerabilities: vulnerabilities.map((v) => ({
          version,
          code: v.id,
          default_severity: v.default_severity,
          text: tx.json({ titleZh: v.title_zh, titleEn: v.title_en }),
        })),
      };
      await tx`insert into controls ${tx(rows.controls)} on conflict do nothing`;
      await tx`insert into threats ${tx(rows.threats)} on conflict do nothing`;
      await tx`insert into vulnerabilities ${tx(rows.vulnerabilities)} on conflict do nothing`;
      await takeEarlier(tx);
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
