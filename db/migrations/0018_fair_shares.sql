-- Shares: how much somebody asked in the running minute, from which addresses an account is known, how often it was refused,
-- and writes of sign-in that wait for nobody's lock. As all of schema auth: reached through these functions alone.
set local check_function_bodies = off;
--> statement-breakpoint
-- Not in the write-ahead log: after a crash everybody may ask anew, which harms nobody, and no request waits for a disk.
create unlogged table auth.rate_points (
  key text primary key,
  points integer not null,
  expires_at timestamptz not null
);
--> statement-breakpoint
-- Adds to what a key has used in its window, which begins with the first use, and tells what that makes. By the server's clock:
-- the clocks of two processes differ.
create function auth.take_points(of_key text, n integer, window_ms integer) returns table (points integer, ms_left integer)
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into auth.rate_points as r (key, points, expires_at)
    values (left(of_key, 200), n, clock_timestamp() + make_interval(secs => window_ms / 1000.0))
    on conflict (key) do update set
      points = case when r.expires_at <= clock_timestamp() then excluded.points else r.points + excluded.points end,
      expires_at = case when r.expires_at <= clock_timestamp() then excluded.expires_at else r.expires_at end
    returning r.points, greatest(1, ceil(extract(epoch from r.expires_at - clock_timestamp()) * 1000))::integer $$;
--> statement-breakpoint
-- From where an account has signed in to the end, as a digest: no list of addresses to read.
create table auth.known_addresses (
  user_id uuid not null references auth.users on delete cascade,
  address bytea not null,
  last_at timestamptz(3) not null default now(),
  primary key (user_id, address)
);
--> statement-breakpoint
create function auth.address_known(wanted_email text, from_ip text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from auth.users u join auth.known_addresses k on k.user_id = u.id
    where u.email = wanted_email and k.address = sha256(convert_to(from_ip, 'UTF8')) and k.last_at > now() - interval '90 days') $$;
--> statement-breakpoint
create or replace function auth.create_session(secret_digest bytea, new_id uuid, for_user uuid, for_membership uuid, until timestamptz, idle timestamptz, from_ip text, from_agent text)
  returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if for_membership is not null and not exists (select 1 from auth.memberships m
      where m.id = for_membership and m.user_id = for_user and m.ended_at is null) then
    raise exception 'membership is not the user''s' using errcode = '42501';
  end if;
  insert into auth.sessions (digest, id, user_id, membership_id, expires_at, idle_until, ip, agent)
    values (secret_digest, new_id, for_user, for_membership, until, least(idle, until), left(from_ip, 64), left(from_agent, 300));
  if from_ip <> '' then
    insert into auth.known_addresses as k (user_id, address) values (for_user, sha256(convert_to(left(from_ip, 64), 'UTF8')))
      on conflict (user_id, address) do update set last_at = now() where k.last_at < now() - interval '1 day';
  end if;
end $$;
--> statement-breakpoint
-- Each request may do this: a row that somebody holds is left as it is, and is prolonged by the next.
create or replace function auth.touch_session(secret_digest bytea, idle timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.sessions set last_seen_at = now(), idle_until = least(idle, expires_at)
    where digest = (select s.digest from auth.sessions s where s.digest = secret_digest for no key update skip locked) $$;
--> statement-breakpoint
create or replace function auth.touch_token(secret_digest bytea) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.api_tokens set last_used_at = now()
    where digest = (select t.digest from auth.api_tokens t where t.digest = secret_digest
      and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute') for no key update skip locked) $$;
--> statement-breakpoint
-- Refusals of one membership that were counted and not written down each: how many, from when to when, a few of them.
create function auth.note_refusals(of_membership uuid, more jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me record;
begin
  if jsonb_typeof(more) is distinct from 'object' or char_length(auth.canonical(more)) > 4000 then
    raise exception 'details of an audit entry are an object of at most 4,000 characters' using errcode = '22023';
  end if;
  select m.tenant_id, m.site_id into me from auth.memberships m where m.id = of_membership;
  if me.tenant_id is null then return; end if;
  perform auth.note(me.tenant_id, me.site_id, 'refusal', 'request', null, more, of_membership);
end $$;
--> statement-breakpoint
create function auth.sweep_shares() returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from auth.rate_points where expires_at < now();
  delete from auth.known_addresses where last_at < now() - interval '90 days' $$;
