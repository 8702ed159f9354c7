import postgres from "postgres";
import { controls, threats, vulnerabilities } from "./index.ts";

/** Version under which this release's catalogues are stored. A changed catalogue gets a new one; answers keep theirs. */
export const catalogueVersion = 1;

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
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
