import { randomUUID } from "node:crypto";
import type { Actor } from "#app/request/actor.ts";
import { loadEdition, loadSpecification } from "#app/features/specification/edition.server.ts";
import { tellingsAsNow } from "#app/features/specification/tellings.server.ts";
import { withActor } from "#db/client.server.ts";
import { benchDatabase, type BenchDatabase } from "./database.ts";
import { sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "disclosure";

const empty = { foreword: "", introduction: "", issuedBy: "", ics: "", ccs: "" };
const body = JSON.stringify({
  ...empty,
  scope: "范围",
  references: [],
  terms: [],
  abbreviations: [],
  bibliography: [],
});

const [clauses, sectors, pilots] = [60, 9, 3];

/** An edition of which every clause rests on three pilots of each of nine sectors. Returns its id and the office's. */
async function addEdition(b: BenchDatabase): Promise<{ tenantId: string; specificationId: string }> {
  const [tenantId, programmeId, specificationId] = [randomUUID(), randomUUID(), randomUUID()];
  await b.superuser.begin(async (tx) => {
    await tx.unsafe("set local session_replication_role = replica");
    await tx`insert into tenants (id, code, kind, name_zh, name_en) values (${tenantId}, 'BENCHNAT', 'national', '国家办公室', 'National office')`;
    await tx`insert into programmes (tenant_id, id, code, title_zh, title_en, starts_on, ends_on, k_threshold) values (${tenantId}, ${programmeId}, 'B', 'B', 'B', '2013-01-01', '2015-12-31', 5)`;
    await tx`insert into specifications (tenant_id, id, programme_id, number, edition, title_zh, title_en, body) values (${tenantId}, ${specificationId}, ${programmeId}, 'WLW-GF 001-2015', 1, 'B', 'B',
      ${body}::text::jsonb)`;
    const chapter = randomUUID();
    await tx`insert into clauses (tenant_id, id, specification_id, position, kind, heading_zh) values (${tenantId}, ${chapter}, ${specificationId}, 0, 'chapter', '总则')`;
    await tx`insert into clauses (tenant_id, id, specification_id, parent_id, position, kind, heading_zh, text_zh, verb, dimension, object, lifecycle, mechanism)
      select ${tenantId}::uuid, md5(${specificationId}::text || n)::uuid, ${specificationId}::uuid, ${chapter}::uuid, n, 'clause', '条' || n, '应当如此。', 'requirement', 'identity', 'equipment', 'design', 'defend' from generate_series(1, ${clauses}::int) n`;
    await tx`insert into clause_evidence (tenant_id, id, clause_id, sector_tenant_id, submission_id, submission_sha256, batch_no, pilots, effect_milli, statement, basis)
      select ${tenantId}::uuid, gen_random_uuid(), md5(${specificationId}::text || n)::uuid, t.id, gen_random_uuid(), repeat('a', 64), 1, ${pilots}::int, -1000, '下降',
        jsonb_build_object('subject', 'effect:identity', 'sums', jsonb_build_object('change', ${-1000 * pilots}::int, 'verified', 0),
          'members', (select jsonb_agg(jsonb_build_object('site', md5(t.id::text || p)::uuid, 'pilot', md5(t.id::text || 'p' || p)::uuid, 'version', '1')) from generate_series(1, ${pilots}::int) p))
      from generate_series(1, ${clauses}::int) n, tenants t where t.kind = 'sector'`;
  });
  await b.superuser.unsafe("vacuum (analyze) clause_evidence");
  return { tenantId, specificationId };
}

export async function run(): Promise<BenchRow[]> {
  const b = await benchDatabase(sectors, pilots);
  try {
    const { tenantId, specificationId } = await addEdition(b);
    const actor = (await b.member(tenantId, "national_editor")) as unknown as Actor;
    const read = async (tx: Parameters<typeof loadSpecification>[0]) =>
      loadEdition(tx, await loadSpecification(tx, specificationId));
    const [evidence, told] = await sideBySide(
      [
        { name: "the evidence", once: async () => withActor(b.db.read, actor, read) },
        {
          name: "what of it may be told",
          once: async () => withActor(b.db.read, actor, async (tx) => tellingsAsNow(tx, await read(tx))),
        },
      ],
      { rounds: 5, milliseconds: 1000, workers: 2 },
    );
    const ms = (perSecond = 0) => (2000 / perSecond).toFixed(1);
    return [
      {
        name: `an edition of ${clauses} clauses and ${sectors} sectors with what of its evidence may be told, over reading it alone`,
        figure: `${ms(told?.perSecond)} ms against ${ms(evidence?.perSecond)} ms`,
        ratio: 1 / (told?.ratio ?? Number.NaN),
        target: "≤ 1.5",
        note: "time; 2 at a time",
      },
    ];
  } finally {
    await b.stop();
  }
}
