import type postgres from "postgres";

/*
 * What a gate promises, asked of the rows themselves in plain SQL: it shares no rule and no fact with the product, so that a
 * mistake in one is not made twice. Each query tells of what it found wrong.
 */

interface Gate {
  machine: "pilot" | "project";
  type: string;
  /** The pilot or the project. */
  id: string;
  /** Business day. */
  day: string;
}

const pilotGates: Readonly<Record<string, string>> = {
  START_SCREENING: `select 'nobody committed themselves' where not exists (select 1 from pilots where id = $1 and nomination ->> 'committed' = 'true')`,
  PASS_SCREENING: `
    select 'nobody committed themselves' where not exists (select 1 from pilots where id = $1 and nomination ->> 'committed' = 'true')
    union all select 'the system is not built' where not exists (select 1 from pilots where id = $1 and nomination ->> 'builtOn' is not null)
    union all select 'more than two partners' from pilots where id = $1 and jsonb_array_length(nomination -> 'partners') > 2
    union all select 'no panel of two' where (select count(*) from panel_members m join panels b on b.tenant_id = m.tenant_id and b.id = m.panel_id
      join pilots p on p.tenant_id = b.tenant_id and p.project_id = b.project_id and p.batch_no = b.batch_no
      where p.id = $1 and not exists (select 1 from panel_releases r where r.panel_id = m.panel_id and r.membership_id = m.membership_id)) < 2`,
  FINISH_SCORING: `
    select 'fewer than two sheets' from pilots p where p.id = $1 and (select count(*) from pilot_scores s where s.pilot_id = p.id and s.round = p.scoring_round and not s.recused) < 2
    union all select 'a member is waited for' from panel_members m join panels b on b.tenant_id = m.tenant_id and b.id = m.panel_id
      join pilots p on p.tenant_id = b.tenant_id and p.project_id = b.project_id and p.batch_no = b.batch_no
      where p.id = $1 and not exists (select 1 from panel_releases r where r.panel_id = m.panel_id and r.membership_id = m.membership_id)
        and not exists (select 1 from pilot_scores s where s.pilot_id = p.id and s.membership_id = m.membership_id and s.round = p.scoring_round)
        and m.created_at <= coalesce(p.scoring_since, m.created_at)
    union all select 'marks far apart without a note' from pilots p where p.id = $1
      and (select max(total_centi) - min(total_centi) from pilot_scores s where s.pilot_id = p.id and s.round = p.scoring_round and not s.recused) > 3000
      and not exists (select 1 from score_notes n where n.pilot_id = p.id and n.round = p.scoring_round)`,
  SELECT: `
    select 'the public notice is not over' from pilots where id = $1 and (notice_to is null or notice_to >= $2::date)
    union all select 'an objection is open' from objections where pilot_id = $1 and settled_at is null
    union all select 'more places than the quota' from pilots p join batch_quotas q on q.tenant_id = p.tenant_id and q.batch_no = p.batch_no
      where p.id = $1 and (select count(*) from pilots o where o.project_id = p.project_id and o.batch_no = p.batch_no and o.id <> p.id
        and o.stage in ('selected', 'design', 'construction', 'acceptance', 'operation', 'summary', 'accepted', 'suspended', 'failed')) >= q.quota`,
  START_DESIGN: `select 'the batch does not run' from pilots p join projects j on j.id = p.project_id where p.id = $1 and j.state <> 'batchOne.running'`,
  APPROVE_DESIGN: `select 'the design is not verified' where coalesce((select result from verifications where pilot_id = $1 and kind = 'design' order by at desc, id desc limit 1), 'none') <> 'passed'`,
  PASS_ACCEPTANCE: `select 'acceptance is not verified' where coalesce((select result from verifications where pilot_id = $1 and kind = 'acceptance' order by at desc, id desc limit 1), 'none') <> 'passed'`,
  START_SUMMARY: `
    select 'operation was not verified' where not exists (select 1 from verifications v where v.pilot_id = $1 and v.kind = 'operation' and v.result = 'passed'
      and v.at >= (select min(at) from workflow_events e where e.object_id = $1 and e.type = 'PASS_ACCEPTANCE'))
    union all select 'no mid-term check' where not exists (select 1 from workflow_events where object_id = $1 and type = 'MIDTERM_CHECK')
    union all select 'a month is owed: ' || to_char(m, 'YYYY-MM') from generate_series(
        (select date_trunc('month', min(at) at time zone 'Asia/Shanghai') from workflow_events where object_id = $1 and type = 'PASS_ACCEPTANCE'),
        date_trunc('month', $2::timestamp) - interval '1 month', interval '1 month') m
      where not exists (select 1 from documents d where d.pilot_id = $1 and d.kind = 'progressReport' and d.period = to_char(m, 'YYYY-MM') and d.state = 'approved')`,
  ACCEPT: `select 'the summary is not approved' where not exists (select 1 from documents where pilot_id = $1 and kind = 'progressReport' and period = 'summary' and state = 'approved')`,
};
const selectedOnce = `(p.stage in ('selected', 'design', 'construction', 'acceptance', 'operation', 'summary', 'accepted', 'suspended', 'failed')
  or exists (select 1 from workflow_events e where e.object_id = p.id and e.type = 'SELECT'))`;
const projectGates: Readonly<Record<string, string>> = {
  START_BATCH: `
    select 'nobody is selected' where not exists (select 1 from pilots p where p.project_id = $1 and p.batch_no = 1 and p.stage <> 'failed' and ${selectedOnce})
    union all select 'the window is shut' where not exists (select 1 from batches b join projects j on j.programme_id = b.programme_id
      where j.id = $1 and b.no = 1 and b.status = 'open' and $2::date between b.opens_on and b.closes_on)`,
  START_REVIEW: `select 'not in operation: ' || p.code from pilots p where p.project_id = $1 and p.batch_no = 1 and p.stage in ('nominated', 'screening', 'scoring', 'publicNotice', 'selected', 'design', 'construction', 'acceptance')`,
  CLOSE_BATCH: `
    select 'the review is not approved' where not exists (select 1 from documents where project_id = $1 and kind = 'batchReview' and period = '1' and state = 'approved')
    union all select 'nothing was heard of ' || p.code from pilots p where p.project_id = $1 and p.batch_no = 1 and ${selectedOnce}
      and p.stage <> 'rejected' and not exists (select 1 from lessons l where l.pilot_id = p.id) and not exists (select 1 from silent_pilots q where q.pilot_id = p.id)`,
  FINISH_LEARNING: `
    select 'nothing was handed on' where not exists (select 1 from national_lessons) and not exists (select 1 from lesson_statements)
    union all select 'undecided: ' || code from lessons where project_id = $1 and batch_no = 1 and decision = 'open'
    union all select 'not taken over: ' || n.code from national_lessons n join projects j on j.id = $1
      where n.from_sector <> j.tenant_id and not exists (select 1 from lessons l where l.project_id = j.id and l.national_lesson_id = n.id)
    union all select 'taken up by nothing: ' || l.code from lessons l where l.project_id = $1 and l.batch_no = 1 and l.decision in ('adopted', 'adapted')
      and not (l.uptake_kind = 'clause' and l.uptake <> '')
      and not exists (select 1 from measures m where m.id = l.uptake_id) and not exists (select 1 from indicators i where i.id = l.uptake_id)`,
};

/** What of a gate's conditions does not hold in the rows, right before or after it is passed; empty where all hold. */
export async function gateFaults(sql: postgres.Sql, { machine, type, id, day }: Gate): Promise<string[]> {
  const query = machine === "pilot" ? pilotGates[type] : projectGates[type];
  if (query === undefined) return [];
  const rows = await sql.unsafe(`select * from (${query}) as found(fault)`, query.includes("$2") ? [id, day] : [id]);
  return rows.map((row) => String(row["fault"]));
}
