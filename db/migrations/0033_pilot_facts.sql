-- How many live seats the panels of these pilots have, and how their members stand with each. For the sector's office.
create function auth.panel_progress(of_pilots uuid[]) returns table (pilot_id uuid, members integer, scorers integer, pending integer)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := auth.claim('sector', 'tenant');
begin
  return query
    with live as materialized (select * from auth.live_seats(here))
    select p.id, (count(l.membership_id))::integer,
      (count(*) filter (where x.total_centi is not null and not x.recused)
        + count(*) filter (where l.membership_id is not null and coalesce(not x.recused and x.total_centi is null, true)))::integer,
      (count(*) filter (where l.membership_id is not null and coalesce(not x.recused and x.total_centi is null, true)))::integer
    from public.pilots p
      join public.panels n on n.tenant_id = p.tenant_id and n.project_id = p.project_id and n.batch_no = p.batch_no
      join public.panel_members s on s.tenant_id = n.tenant_id and s.panel_id = n.id
      left join live l on l.project_id = n.project_id and l.batch_no = n.batch_no and l.membership_id = s.membership_id
        and not (l.leads and l.seated_at > coalesce(p.scoring_since, l.seated_at))
      left join public.pilot_scores x on x.tenant_id = p.tenant_id and x.pilot_id = p.id and x.membership_id = s.membership_id
        and x.round = p.scoring_round
    where p.tenant_id = here and p.id = any (of_pilots)
    group by p.id;
end $$;
--> statement-breakpoint
-- Another whenever anything of the caller's tenant or of the national office changed, which sets windows, places and lessons: each
-- change is a link of its chain, in the order of their commits.
create function auth.tenant_version() returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := coalesce(auth.claim('site', 'tenant'), auth.claim('sector', 'tenant'));
begin
  return (select string_agg(h.seq::text, '.' order by h.tenant_id) from public.audit_heads h
    where h.tenant_id = here or h.tenant_id in (select t.id from public.tenants t where t.kind = 'national'));
end $$;
