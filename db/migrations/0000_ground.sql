-- Who may act: users, memberships, sessions and API tokens. anshi_app reaches none of these tables; it may only call
-- claim() and its kin, which answer from the secret it holds. anshi_auth may only call the sign-in functions.
set local check_function_bodies = off;
--> statement-breakpoint
create schema if not exists auth;
--> statement-breakpoint
create table auth.users (
  id uuid primary key,
  email text not null check (char_length(email) <= 254 and email = lower(email)),
  name text not null check (char_length(name) <= 100),
  password_hash text not null,
  created_at timestamptz(3) not null default now(),
  disabled_at timestamptz(3)
);
--> statement-breakpoint
create unique index users_email on auth.users (email);
--> statement-breakpoint
create table auth.memberships (
  id uuid primary key,
  user_id uuid not null references auth.users,
  tenant_id uuid not null,
  site_id uuid,
  site_name text not null default '',
  role text not null,
  level text not null,
  starts_at timestamptz(3) not null default now(),
  ended_at timestamptz(3),
  check ((role, level) in (('site_officer','site'),('site_lead','site'),('regulator','sector'),('regulator_lead','sector'),
    ('assessor','assessor'),('national_editor','national'),('national_director','national'),('auditor','auditor'),('operator','operator'))),
  check ((level = 'site') = (site_id is not null))
);
--> statement-breakpoint
create index memberships_user on auth.memberships (user_id);
--> statement-breakpoint
create index memberships_tenant on auth.memberships (tenant_id, id);
--> statement-breakpoint
create unique index memberships_once on auth.memberships (user_id, tenant_id, role, coalesce(site_id, tenant_id)) where ended_at is null;
--> statement-breakpoint
-- Only the SHA-256 of a session's secret is kept. expires_at is absolute, idle_until slides up to it.
create table auth.sessions (
  digest bytea primary key,
  id uuid not null unique,
  user_id uuid not null references auth.users on delete cascade,
  membership_id uuid references auth.memberships,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  idle_until timestamptz(3) not null,
  last_seen_at timestamptz(3) not null default now(),
  ip text not null default '',
  agent text not null default ''
);
--> statement-breakpoint
create index sessions_user on auth.sessions (user_id);
--> statement-breakpoint
create index sessions_expiry on auth.sessions (expires_at);
--> statement-breakpoint
create table auth.api_tokens (
  digest bytea primary key,
  id uuid not null unique,
  membership_id uuid not null references auth.memberships on delete cascade,
  name text not null check (char_length(name) <= 100),
  scopes text[] not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
--> statement-breakpoint
create index api_tokens_membership on auth.api_tokens (membership_id);
--> statement-breakpoint
create table auth.sign_in_attempts (
  key text not null,
  window_start timestamptz(3) not null,
  failures integer not null default 0,
  primary key (key, window_start)
);
--> statement-breakpoint
create function auth.digest(secret text) returns bytea language sql immutable strict parallel safe
  set search_path = pg_catalog, pg_temp as $$ select sha256(convert_to(secret, 'UTF8')) $$;
--> statement-breakpoint
-- The heart of every policy: what the caller's secret stands for, or null. Called once a statement, inside (select …).
create function auth.claim(wanted text, what text) returns uuid language plpgsql stable security definer parallel safe
  set search_path = pg_catalog, pg_temp as $$
declare
  secret text := nullif(current_setting('anshi.secret', true), '');
  answer uuid;
begin
  if secret is null then return null; end if;
  select case what when 'tenant' then m.tenant_id when 'site' then m.site_id when 'membership' then m.id end into answer
    from (
      select s.membership_id from auth.sessions s
        where s.digest = sha256(convert_to(secret, 'UTF8')) and s.expires_at > now() and s.idle_until > now()
      union all
      select t.membership_id from auth.api_tokens t
        where t.digest = sha256(convert_to(secret, 'UTF8')) and t.expires_at > now() and t.revoked_at is null
    ) held
    join auth.memberships m on m.id = held.membership_id
    join auth.users u on u.id = m.user_id
    where m.level = wanted and m.ended_at is null and u.disabled_at is null
    limit 1;
  return answer;
end $$;
--> statement-breakpoint
create function auth.claim_role(wanted text) returns text language plpgsql stable security definer parallel safe
  set search_path = pg_catalog, pg_temp as $$
begin
  return (select m.role from auth.memberships m where m.id = auth.claim(wanted, 'membership'));
end $$;
--> statement-breakpoint
-- The business clock: real time plus the running programme's offset. Security invoker: programmes are readable by all.
create function auth.business_now() returns timestamptz language plpgsql stable
  set search_path = pg_catalog, pg_temp as $$
begin
  return now() + coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on desc limit 1), 0) * interval '1 millisecond';
end $$;
--> statement-breakpoint
-- Pilots in a live grant of the caller's institution. Security invoker: the policy of grants limits what it sees.
create function auth.granted_pilots() returns uuid[] language plpgsql stable
  set search_path = pg_catalog, pg_temp as $$
begin
  return array(select g.pilot_id from public.grants g
    where g.revoked_at is null and auth.business_now() >= g.starts_at and auth.business_now() < g.ends_at);
end $$;
--> statement-breakpoint
-- Whether a comment may be added. Security invoker: the public sees exactly the editions that are out.
create function auth.consultation_open(tenant uuid, specification uuid, clause uuid) returns boolean language plpgsql stable
  set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select 1 from public.specifications s
      where s.tenant_id = tenant and s.id = specification and s.state = 'consultation')
    and (clause is null or exists (select 1 from public.clauses c
      where c.tenant_id = tenant and c.id = clause and c.specification_id = specification));
end $$;
--> statement-breakpoint
create function auth.find_login(wanted_email text) returns table (user_id uuid, password_hash text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select id, password_hash from auth.users where email = lower(wanted_email) and disabled_at is null $$;
--> statement-breakpoint
create function auth.memberships_of(wanted_user uuid)
  returns table (id uuid, role text, level text, tenant_id uuid, tenant_kind text, tenant_code text, name_zh text, name_en text, site_id uuid, site_name text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.role, m.level, m.tenant_id, t.kind, t.code, t.name_zh, t.name_en, m.site_id, m.site_name
    from auth.memberships m join public.tenants t on t.id = m.tenant_id
    where m.user_id = wanted_user and m.ended_at is null order by m.starts_at, m.id $$;
--> statement-breakpoint
create function auth.create_session(secret_digest bytea, new_id uuid, for_user uuid, for_membership uuid, until timestamptz, idle timestamptz, from_ip text, from_agent text)
  returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if for_membership is not null and not exists (select 1 from auth.memberships m
      where m.id = for_membership and m.user_id = for_user and m.ended_at is null) then
    raise exception 'membership is not the user''s' using errcode = '42501';
  end if;
  insert into auth.sessions (digest, id, user_id, membership_id, expires_at, idle_until, ip, agent)
    values (secret_digest, new_id, for_user, for_membership, until, least(idle, until), left(from_ip, 64), left(from_agent, 300));
end $$;
--> statement-breakpoint
-- A live session with all a request needs to know of its caller, in one round trip.
create function auth.get_session(secret_digest bytea)
  returns table (id uuid, user_id uuid, email text, name text, created_at timestamptz, expires_at timestamptz, idle_until timestamptz, last_seen_at timestamptz,
    membership_id uuid, role text, level text, tenant_id uuid, tenant_kind text, tenant_code text, tenant_zh text, tenant_en text, site_id uuid, site_name text,
    scopes text[], clock_offset_ms bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.user_id, u.email, u.name, s.created_at, s.expires_at, s.idle_until, s.last_seen_at,
      m.id, m.role, m.level, m.tenant_id, t.kind, t.code, t.name_zh, t.name_en, m.site_id, m.site_name, null::text[], coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on desc limit 1), 0)
    from auth.sessions s join auth.users u on u.id = s.user_id
      left join auth.memberships m on m.id = s.membership_id and m.ended_at is null left join public.tenants t on t.id = m.tenant_id
    where s.digest = secret_digest and s.expires_at > now() and s.idle_until > now() and u.disabled_at is null $$;
--> statement-breakpoint
create function auth.touch_session(secret_digest bytea, idle timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.sessions set last_seen_at = now(), idle_until = least(idle, expires_at) where digest = secret_digest $$;
--> statement-breakpoint
create function auth.delete_session(secret_digest bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$ delete from auth.sessions where digest = secret_digest $$;
--> statement-breakpoint
create function auth.delete_user_sessions(of_user uuid) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$ delete from auth.sessions where user_id = of_user $$;
--> statement-breakpoint
create function auth.delete_expired_sessions() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare gone integer;
begin
  delete from auth.sessions where expires_at <= now() or idle_until <= now();
  get diagnostics gone = row_count;
  delete from auth.sign_in_attempts where window_start < now() - interval '1 day';
  return gone;
end $$;
--> statement-breakpoint
create function auth.sessions_of(wanted_user uuid)
  returns table (id uuid, digest bytea, membership_id uuid, created_at timestamptz, expires_at timestamptz, last_seen_at timestamptz, ip text, agent text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.digest, s.membership_id, s.created_at, s.expires_at, s.last_seen_at, s.ip, s.agent from auth.sessions s
    where s.user_id = wanted_user and s.expires_at > now() and s.idle_until > now() order by s.last_seen_at desc $$;
--> statement-breakpoint
create function auth.delete_session_by_id(of_user uuid, session uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.sessions where user_id = of_user and id = session;
  return found;
end $$;
--> statement-breakpoint
create function auth.get_token(secret_digest bytea)
  returns table (id uuid, user_id uuid, email text, name text, created_at timestamptz, expires_at timestamptz, idle_until timestamptz, last_seen_at timestamptz,
    membership_id uuid, role text, level text, tenant_id uuid, tenant_kind text, tenant_code text, tenant_zh text, tenant_en text, site_id uuid, site_name text,
    scopes text[], clock_offset_ms bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.id, u.id, u.email, u.name, k.created_at, k.expires_at, k.expires_at, k.created_at,
      m.id, m.role, m.level, m.tenant_id, t.kind, t.code, t.name_zh, t.name_en, m.site_id, m.site_name, k.scopes, coalesce((select p.clock_offset_ms from public.programmes p order by p.starts_on desc limit 1), 0)
    from auth.api_tokens k join auth.memberships m on m.id = k.membership_id join auth.users u on u.id = m.user_id
      join public.tenants t on t.id = m.tenant_id
    where k.digest = secret_digest and k.expires_at > now() and k.revoked_at is null and m.ended_at is null and u.disabled_at is null $$;
--> statement-breakpoint
create function auth.touch_token(secret_digest bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.api_tokens set last_used_at = now() where digest = secret_digest and (last_used_at is null or last_used_at < now() - interval '1 minute') $$;
--> statement-breakpoint
create function auth.change_password(of_user uuid, new_hash text, keep_digest bytea) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.users set password_hash = new_hash where id = of_user;
  delete from auth.sessions where user_id = of_user and digest is distinct from keep_digest;
end $$;
--> statement-breakpoint
create function auth.password_hash_of(of_user uuid) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select password_hash from auth.users where id = of_user $$;
--> statement-breakpoint
create function auth.rename_user(of_user uuid, new_name text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$ update auth.users set name = new_name where id = of_user $$;
--> statement-breakpoint
-- Failed sign-ins in the running quarter of an hour, by address and by account. Counting is one upsert.
create function auth.count_failure(attempt_key text) returns integer
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into auth.sign_in_attempts (key, window_start, failures)
    values (attempt_key, date_bin('15 minutes', now(), timestamptz '2000-01-01'), 1)
    on conflict (key, window_start) do update set failures = auth.sign_in_attempts.failures + 1 returning failures $$;
--> statement-breakpoint
create function auth.failures(attempt_key text) returns integer
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce((select failures from auth.sign_in_attempts
    where key = attempt_key and window_start = date_bin('15 minutes', now(), timestamptz '2000-01-01')), 0) $$;
--> statement-breakpoint
-- Tokens of the caller's own membership. Called as a level role, bound to the secret like every policy.
create function auth.my_tokens(wanted text)
  returns table (id uuid, name text, scopes text[], created_at timestamptz, expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.id, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
    from auth.api_tokens t where t.membership_id = auth.claim(wanted, 'membership') order by t.created_at desc $$;
--> statement-breakpoint
create function auth.create_token(wanted text, secret_digest bytea, new_id uuid, token_name text, token_scopes text[], until timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare mine uuid := auth.claim(wanted, 'membership');
begin
  if mine is null then return false; end if;
  insert into auth.api_tokens (digest, id, membership_id, name, scopes, expires_at)
    values (secret_digest, new_id, mine, token_name, token_scopes, least(until, now() + interval '366 days'));
  return true;
end $$;
--> statement-breakpoint
create function auth.revoke_token(wanted text, token uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.api_tokens set revoked_at = now() where id = token and revoked_at is null and membership_id = auth.claim(wanted, 'membership');
  return found;
end $$;
--> statement-breakpoint
-- Members the caller may see: a lead of a site his site's, a lead of a sector or national director the tenant's, an operator all.
create function auth.members(wanted text)
  returns table (id uuid, email text, name text, role text, tenant_id uuid, tenant_name_zh text, tenant_name_en text, site_name text, starts_at timestamptz, ended_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  return query select m.id, u.email, u.name, m.role, m.tenant_id, t.name_zh, t.name_en, m.site_name, m.starts_at, m.ended_at
    from auth.memberships m join auth.users u on u.id = m.user_id join public.tenants t on t.id = m.tenant_id
    where me.role = 'operator'
      or (me.role in ('regulator_lead','national_director') and m.tenant_id = me.tenant_id)
      or (me.role = 'site_lead' and m.tenant_id = me.tenant_id and m.site_id = me.site_id)
    order by t.code, m.site_name, m.role, u.email limit 1000;
end $$;
--> statement-breakpoint
-- Only an operator makes accounts, and a lead people of his own site or sector. Returns the membership's id.
create function auth.add_member(wanted text, new_user uuid, new_membership uuid, member_email text, member_name text, new_hash text,
    in_tenant uuid, in_site uuid, in_site_name text, member_role text, member_level text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; who uuid;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.id is null or not (me.role = 'operator'
      or (me.role = 'regulator_lead' and in_tenant = me.tenant_id and member_level in ('site','sector'))
      or (me.role = 'national_director' and in_tenant = me.tenant_id and member_level = 'national')
      or (me.role = 'site_lead' and in_tenant = me.tenant_id and in_site = me.site_id and member_level = 'site')) then
    raise exception 'not allowed' using errcode = '42501';
  end if;
  select u.id into who from auth.users u where u.email = lower(member_email);
  if who is null then
    insert into auth.users (id, email, name, password_hash) values (new_user, lower(member_email), member_name, new_hash);
    who := new_user;
  end if;
  insert into auth.memberships (id, user_id, tenant_id, site_id, site_name, role, level)
    values (new_membership, who, in_tenant, in_site, coalesce(in_site_name, ''), member_role, member_level);
  return new_membership;
end $$;
--> statement-breakpoint
create function auth.end_membership(wanted text, membership uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; target auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  select * into target from auth.memberships m where m.id = membership and m.ended_at is null;
  if me.id is null or target.id is null or me.id = target.id or not (me.role = 'operator'
      or (me.role in ('regulator_lead','national_director') and target.tenant_id = me.tenant_id)
      or (me.role = 'site_lead' and target.tenant_id = me.tenant_id and target.site_id = me.site_id)) then
    return false;
  end if;
  update auth.memberships set ended_at = now() where id = membership;
  delete from auth.sessions where membership_id = membership;
  update auth.api_tokens set revoked_at = now() where membership_id = membership and revoked_at is null;
  return true;
end $$;
--> statement-breakpoint
-- The very first account of an installation. Only the owner may call it, and only while there is no user.
create function auth.bootstrap_operator(new_user uuid, new_membership uuid, operator_email text, operator_name text, new_hash text, platform_tenant uuid) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select 1 from auth.users) then raise exception 'an installation has one first account' using errcode = '42501'; end if;
  insert into public.tenants (id, kind, code, name_zh, name_en) values (platform_tenant, 'platform', 'PLATFORM', '平台运营', 'Platform operations');
  insert into auth.users (id, email, name, password_hash) values (new_user, lower(operator_email), operator_name, new_hash);
  insert into auth.memberships (id, user_id, tenant_id, role, level) values (new_membership, new_user, platform_tenant, 'operator', 'operator');
end $$;
