CREATE INDEX "lessons_pilot" ON "lessons" USING btree ("tenant_id","pilot_id");--> statement-breakpoint
ALTER TABLE "projects" DROP COLUMN "started_on";--> statement-breakpoint
CREATE POLICY "corrections_owner_select" ON "corrections" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));--> statement-breakpoint
CREATE POLICY "panel_members_owner_update" ON "panel_members" AS PERMISSIVE FOR UPDATE TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))) WITH CHECK (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));--> statement-breakpoint
CREATE POLICY "panel_releases_expert_select" ON "panel_releases" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));--> statement-breakpoint
CREATE POLICY "panel_releases_owner_delete" ON "panel_releases" AS PERMISSIVE FOR DELETE TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));--> statement-breakpoint
-- One person is one member of a panel, whatever memberships they have in the sector.
create function auth.person_seated(of_panel uuid, member uuid) returns boolean language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select 1 from public.panel_members s
      join auth.memberships a on a.id = s.membership_id join auth.memberships b on b.user_id = a.user_id
    where s.tenant_id = auth.claim('sector', 'tenant') and s.panel_id = of_panel and b.id = member and s.membership_id <> member
      and not exists (select 1 from public.panel_releases r
        where r.tenant_id = s.tenant_id and r.panel_id = s.panel_id and r.membership_id = s.membership_id));
end $$;
--> statement-breakpoint
create function auth.one_seat_each() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if auth.person_seated(new.panel_id, new.membership_id) then
    raise exception 'a person has one seat in a panel' using errcode = '23505';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger panel_members_person before insert on public.panel_members for each row execute function auth.one_seat_each();
--> statement-breakpoint
-- The lead seats anew whom they released: the seat counts from then on, and its member declares their interests anew.
create function auth.reseat(of_panel uuid, member uuid, since timestamptz) returns boolean language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare here uuid := auth.claim('sector', 'tenant');
begin
  if here is null or auth.claim_role('sector') is distinct from 'regulator_lead' then
    raise exception 'not allowed' using errcode = '42501';
  end if;
  if not (member = any (auth.colleagues())) or auth.person_seated(of_panel, member) then return false; end if;
  delete from public.panel_releases r where r.tenant_id = here and r.panel_id = of_panel and r.membership_id = member;
  if not found then return false; end if;
  update public.panel_members s set created_at = since, declared_at = null, interests = ''
    where s.tenant_id = here and s.panel_id = of_panel and s.membership_id = member;
  return true;
end $$;
--> statement-breakpoint
-- Whether somebody who was waited for when a sheet was handed in still is, so that no mark of the pilot can have been shown since.
-- A seat that was given later hides marks anew, and opens nothing that was final.
create function auth.marks_unknown(of_pilot uuid, since timestamptz) returns boolean language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
declare here uuid := coalesce(auth.claim('sector', 'tenant'), auth.claim('expert', 'tenant'));
begin
  return exists (select 1 from public.pilots p join auth.live_seats(here) s on s.project_id = p.project_id and s.batch_no = p.batch_no
    where p.tenant_id = here and p.id = of_pilot and s.seated_at <= since
      and not (s.leads and s.seated_at > coalesce(p.scoring_since, s.seated_at))
      and not exists (select 1 from public.pilot_scores x
        where x.tenant_id = here and x.pilot_id = p.id and x.membership_id = s.membership_id and x.round = p.scoring_round
          and (x.recused or x.total_centi is not null)));
end $$;
--> statement-breakpoint
create or replace function auth.sheet_is_final() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    new.round := (select p.scoring_round from public.pilots p where p.tenant_id = new.tenant_id and p.id = new.pilot_id);
  elsif old.recused or (old.total_centi is not null and not (new.recused and auth.marks_unknown(old.pilot_id, old.at))) then
    raise exception 'a mark that was handed in is final' using errcode = '42501';
  end if;
  return new;
end $$;
--> statement-breakpoint
drop function auth.score_means(uuid, integer, text[]);
--> statement-breakpoint
-- Mean mark and number of marks of each pilot of a batch whose scoring was brought to its end in the present round; fewer than
-- two marks compare nothing.
create function auth.score_means(of_project uuid, of_batch integer) returns table (pilot_id uuid, mean numeric, marks integer)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select p.id, avg(x.total_centi), count(*)::integer
    from public.pilots p join public.pilot_scores x on x.tenant_id = p.tenant_id and x.pilot_id = p.id and x.round = p.scoring_round
    where p.tenant_id = auth.claim('sector', 'tenant') and p.project_id = of_project and p.batch_no = of_batch
      and p.notice_to is not null and not x.recused and x.total_centi is not null
    group by p.id having count(*) >= 2;
end $$;
--> statement-breakpoint
-- A name as names are compared: without blanks, punctuation, width and case.
create function auth.bare_name(name text) returns text language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  return lower(regexp_replace(normalize(name, nfkc), '[\s[:punct:]·—，。、；：（）【】《》“”‘’]', '', 'g'));
--> statement-breakpoint
-- A text without names, however they are spaced or punctuated in it; the longest first, since one may lie within another.
create function auth.masked(said text, names text[]) returns text language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare bare text; pattern text;
begin
  for bare in select b from (select distinct auth.bare_name(n) as b from unnest(names) n) d where length(b) >= 2 order by length(b) desc, b loop
    select string_agg(regexp_replace(c, '([^[:alnum:]])', '\\\1'), '[\s[:punct:]·—，。、；：（）【】《》“”‘’]*' order by i)
      into pattern from unnest(regexp_split_to_array(bare, '')) with ordinality as x(c, i);
    said := regexp_replace(said, pattern, '＊＊', 'gi');
  end loop;
  return said;
end $$;
--> statement-breakpoint
-- As before; where the call is anonymous, earlier names and the region are hidden in the applicant's text as well.
create or replace function auth.panel_nominations()
  returns table (id uuid, code text, batch_no integer, direction text, grade integer, name text, site_name text, region text, size text,
    devices integer, description text, anonymous boolean, must_recuse boolean, round integer, nomination jsonb)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  me uuid := auth.claim('expert', 'membership');
  here uuid := auth.claim('expert', 'tenant');
begin
  return query select p.id, p.code, p.batch_no, p.direction, p.grade,
      case when not n.anonymous then p.name end, case when not n.anonymous then s.name end, case when not n.anonymous then s.region end, s.size, y.devices,
      case when n.anonymous then auth.masked(y.description, array[s.name, y.name, p.name, s.region] || array(
          select f ->> 'before' from public.corrections c, jsonb_array_elements(c.fields) f
          where c.tenant_id = here and c.site_id = s.id and c.thing in ('site', 'system') and f ->> 'field' in ('name', 'region')))
        else y.description end,
      n.anonymous,
      exists (select 1 from auth.memberships me_now join auth.memberships o on o.user_id = me_now.user_id
        where me_now.id = me and o.site_id is not null and (o.ended_at is null or o.ended_at > now() - interval '3 years')
          and (o.site_id = s.id or auth.bare_name(o.site_name) = auth.bare_name(s.name))),
      p.scoring_round, case when n.anonymous then p.nomination - 'partners' else p.nomination end
    from public.pilots p
      join public.panels n on n.tenant_id = p.tenant_id and n.project_id = p.project_id and n.batch_no = p.batch_no
      join public.sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
      join public.systems y on y.tenant_id = p.tenant_id and y.id = p.system_id
    where p.tenant_id = here and p.id = any (auth.panel_pilots())
    order by p.code;
end $$;
--> statement-breakpoint
-- Marks of nominations that left in the middle of their scoring were shown and ranked.
ALTER TABLE "pilots" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "pilots" DISABLE TRIGGER USER;--> statement-breakpoint
update public.pilots set score_centi = null, rank = null where notice_to is null and (score_centi is not null or rank is not null);
--> statement-breakpoint
ALTER TABLE "pilots" ENABLE TRIGGER USER;
--> statement-breakpoint
-- Pilots and projects go on by the rules of version 3, which has the states and the memory of version 2. Their logs stay as they were judged.
ALTER TABLE "workflow_instances" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow_instances" DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE workflow_instances SET version = 3 WHERE machine in ('project', 'pilot') AND version = 2;--> statement-breakpoint
ALTER TABLE "workflow_instances" ENABLE TRIGGER USER;
--> statement-breakpoint
-- The programme that runs sets the clock: the one that began last. One that is only planned moved the whole office into its time.
create or replace function auth.business_now() returns timestamptz language plpgsql stable
  set search_path = pg_catalog, pg_temp as $$
begin
  return now() + coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on > current_date, abs(p.starts_on - current_date) limit 1), 0) * interval '1 millisecond';
end $$;
--> statement-breakpoint
create or replace function auth.get_session(secret_digest bytea)
  returns table (id uuid, user_id uuid, email text, name text, created_at timestamptz, expires_at timestamptz, idle_until timestamptz, last_seen_at timestamptz,
    membership_id uuid, role text, level text, tenant_id uuid, tenant_kind text, tenant_code text, tenant_zh text, tenant_en text, site_id uuid, site_name text,
    scopes text[], clock_offset_ms bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.user_id, u.email, u.name, s.created_at, s.expires_at, s.idle_until, s.last_seen_at,
      m.id, m.role, m.level, m.tenant_id, t.kind, t.code, t.name_zh, t.name_en, m.site_id, m.site_name, null::text[], coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on > current_date, abs(p.starts_on - current_date) limit 1), 0)
    from auth.sessions s join auth.users u on u.id = s.user_id
      left join auth.memberships m on m.id = s.membership_id and m.ended_at is null left join public.tenants t on t.id = m.tenant_id
    where s.digest = secret_digest and s.expires_at > now() and s.idle_until > now() and u.disabled_at is null $$;
--> statement-breakpoint
create or replace function auth.get_token(secret_digest bytea)
  returns table (id uuid, user_id uuid, email text, name text, created_at timestamptz, expires_at timestamptz, idle_until timestamptz, last_seen_at timestamptz,
    membership_id uuid, role text, level text, tenant_id uuid, tenant_kind text, tenant_code text, tenant_zh text, tenant_en text, site_id uuid, site_name text,
    scopes text[], clock_offset_ms bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.id, u.id, u.email, u.name, k.created_at, k.expires_at, k.expires_at, k.created_at,
      m.id, m.role, m.level, m.tenant_id, t.kind, t.code, t.name_zh, t.name_en, m.site_id, m.site_name, k.scopes, coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on > current_date, abs(p.starts_on - current_date) limit 1), 0)
    from auth.api_tokens k join auth.memberships m on m.id = k.membership_id join auth.users u on u.id = m.user_id
      join public.tenants t on t.id = m.tenant_id
    where k.digest = secret_digest and k.expires_at > now() and k.revoked_at is null and m.ended_at is null and u.disabled_at is null $$;
