set local check_function_bodies = off;
--> statement-breakpoint
CREATE POLICY "documents_owner_select" ON "documents" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (kind = 'surveyResponse' and tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
CREATE POLICY "submissions_owner_select" ON "submissions" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (kind = 'surveyResponse' and tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
-- How many other sites of the caller's sector scored below and like his own, overall and by dimension: what a percentile is
-- made of, and nothing of a single one. Fewer others than the programme's k: null. Scores are compared as fractions.
create function auth.survey_ranks(of_project uuid) returns table (part text, others integer, below integer, equal integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with least_known as (
    select coalesce((select p.k_threshold from public.programmes p order by p.starts_on desc limit 1), 5) as k
  ), sums as (
    select d.site_id, x.part, sum((x.score->>'gained')::bigint) as gained, sum((x.score->>'possible')::bigint) as possible
      from public.documents d join public.submissions s on s.tenant_id = d.tenant_id and s.id = d.submission_id
        cross join lateral (
          select 'overall', s.summary->'overall' union all select e.key, e.value from jsonb_each(s.summary->'dimension') e
        ) x (part, score)
      where d.tenant_id = (select auth.claim('site', 'tenant')) and d.project_id = of_project and d.kind = 'surveyResponse'
        and d.state in ('submitted.sector', 'approved')
      group by d.site_id, x.part having sum((x.score->>'possible')::bigint) > 0
  ), counted as (
    select m.part, count(o.site_id)::int as others,
        (count(*) filter (where o.gained * m.possible < m.gained * o.possible))::int as below,
        (count(*) filter (where o.gained * m.possible = m.gained * o.possible))::int as equal
      from sums m left join sums o on o.part = m.part and o.site_id <> m.site_id
      where m.site_id = (select auth.claim('site', 'site')) group by m.part
  )
  select c.part, case when c.others >= k then c.others end, case when c.others >= k then c.below end, case when c.others >= k then c.equal end
    from counted c, least_known $$;
