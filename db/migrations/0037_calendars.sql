-- A calendar's address holds a secret that reads as its membership, and is good for nothing else: it signs nobody in and is no token.
create table auth.calendars (
  membership_id uuid primary key references auth.memberships on delete cascade,
  digest bytea not null unique,
  created_at timestamptz(3) not null default now(),
  read_at timestamptz(3)
);
--> statement-breakpoint
create or replace function auth.claim(wanted text, what text) returns uuid language plpgsql stable security definer parallel safe
  set search_path = pg_catalog, pg_temp as $$
declare
  secret text := nullif(current_setting('anshi.secret', true), '');
  answer uuid;
begin
  if secret is null then return null; end if;
  if starts_with(secret, 'ans_') then
    select case what when 'tenant' then m.tenant_id when 'site' then m.site_id when 'membership' then m.id end into answer
      from auth.api_tokens t join auth.memberships m on m.id = t.membership_id join auth.users u on u.id = m.user_id
      where t.digest = sha256(convert_to(secret, 'UTF8')) and t.expires_at > now() and t.revoked_at is null
        and m.level = wanted and m.ended_at is null and u.disabled_at is null;
  elsif starts_with(secret, 'cal_') then
    -- In a transaction that reads, and no other.
    select case what when 'tenant' then m.tenant_id when 'site' then m.site_id when 'membership' then m.id end into answer
      from auth.calendars c join auth.memberships m on m.id = c.membership_id join auth.users u on u.id = m.user_id
      where c.digest = sha256(convert_to(secret, 'UTF8')) and current_setting('transaction_read_only') = 'on'
        and m.level = wanted and m.ended_at is null and u.disabled_at is null;
  else
    select case what when 'tenant' then m.tenant_id when 'site' then m.site_id when 'membership' then m.id end into answer
      from auth.sessions s join auth.memberships m on m.id = s.membership_id join auth.users u on u.id = m.user_id
      where s.digest = sha256(convert_to(secret, 'UTF8')) and s.expires_at > now() and s.idle_until > now()
        and m.level = wanted and m.ended_at is null and u.disabled_at is null;
  end if;
  return answer;
end $$;
--> statement-breakpoint
-- As get_token, of a calendar's secret; that it was read is noted once a minute at most.
create function auth.get_calendar(secret_digest bytea)
  returns table (id uuid, user_id uuid, email text, name text, created_at timestamptz, expires_at timestamptz, idle_until timestamptz, last_seen_at timestamptz,
    membership_id uuid, role text, level text, tenant_id uuid, tenant_kind text, tenant_code text, tenant_zh text, tenant_en text, site_id uuid, site_name text,
    scopes text[], clock_offset_ms bigint, locale text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.calendars c set read_at = now()
    where c.digest = secret_digest and (c.read_at is null or c.read_at < now() - interval '1 minute');
  return query select m.id, u.id, u.email, u.name, c.created_at, 'infinity'::timestamptz, 'infinity'::timestamptz, c.created_at,
      m.id, m.role, m.level, m.tenant_id, t.kind, t.code, t.name_zh, t.name_en, m.site_id, m.site_name, '{read}'::text[],
      coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on desc limit 1), 0)::bigint, u.locale
    from auth.calendars c join auth.memberships m on m.id = c.membership_id join auth.users u on u.id = m.user_id
      join public.tenants t on t.id = m.tenant_id
    where c.digest = secret_digest and m.ended_at is null and u.disabled_at is null;
end $$;
--> statement-breakpoint
-- A new address takes the place of the one before; null takes it away. In the trail: it lets whoever has it read.
create function auth.set_calendar(wanted text, secret_digest bytea) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.id is null then raise exception 'not allowed' using errcode = '42501'; end if;
  if secret_digest is null then
    delete from auth.calendars c where c.membership_id = me.id;
    if not found then return; end if;
  else
    insert into auth.calendars (membership_id, digest) values (me.id, secret_digest)
      on conflict (membership_id) do update set digest = excluded.digest, created_at = now(), read_at = null;
  end if;
  perform auth.note(me.tenant_id, me.site_id, case when secret_digest is null then 'token_revoked' else 'token_created' end, 'calendar', me.id, '{}');
end $$;
--> statement-breakpoint
create function auth.my_calendar(wanted text) returns table (created_at timestamptz, read_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.created_at, c.read_at from auth.calendars c where c.membership_id = auth.claim(wanted, 'membership') $$;
