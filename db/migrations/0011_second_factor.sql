-- Second factors, sign-ins that are half done, step-up, identities of an identity provider, and switching accounts off.
-- A session exists only once everything that was asked for has been shown: what waits for a second factor is no session.
set local check_function_bodies = off;
--> statement-breakpoint
-- The secret is read by the sign-in functions alone. last_step: the newest 30-second step that was used; older ones and it
-- are refused, so that a code seen over a shoulder is worth nothing (RFC 6238, 5.2).
create table auth.totp (
  user_id uuid primary key references auth.users on delete cascade,
  secret text not null check (char_length(secret) between 16 and 128),
  confirmed_at timestamptz(3),
  last_step bigint not null default 0,
  created_at timestamptz(3) not null default now()
);
--> statement-breakpoint
create table auth.passkeys (
  id text primary key check (char_length(id) <= 1400),
  user_id uuid not null references auth.users on delete cascade,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null check (char_length(name) <= 100),
  backed_up boolean not null,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3)
);
--> statement-breakpoint
create index passkeys_user on auth.passkeys (user_id);
--> statement-breakpoint
create table auth.recovery_codes (
  digest bytea primary key,
  user_id uuid not null references auth.users on delete cascade,
  created_at timestamptz(3) not null default now(),
  used_at timestamptz(3)
);
--> statement-breakpoint
create index recovery_codes_user on auth.recovery_codes (user_id);
--> statement-breakpoint
create table auth.pending_sign_ins (
  digest bytea primary key,
  user_id uuid not null references auth.users on delete cascade,
  membership_id uuid references auth.memberships,
  needs text not null check (needs in ('factor', 'enrol', 'codes')),
  methods text[] not null,
  next text not null check (char_length(next) <= 600),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null
);
--> statement-breakpoint
create index pending_sign_ins_user on auth.pending_sign_ins (user_id);
--> statement-breakpoint
-- One-time questions: of passkeys, and of a provider's sign-in (state, nonce and PKCE verifier in the payload).
create table auth.challenges (
  digest bytea primary key,
  kind text not null check (kind in ('passkey', 'oidc')),
  payload jsonb not null,
  expires_at timestamptz(3) not null
);
--> statement-breakpoint
-- A form that waits while its sender proves himself anew; gone with the session.
create table auth.held_forms (
  id uuid primary key,
  session_digest bytea not null references auth.sessions on delete cascade,
  path text not null check (char_length(path) <= 600),
  fields jsonb not null check (pg_column_size(fields) <= 1000000),
  expires_at timestamptz(3) not null
);
--> statement-breakpoint
create index held_forms_session on auth.held_forms (session_digest);
--> statement-breakpoint
-- Once linked, the provider's subject decides: an address that it gives to somebody else later leads nowhere.
create table auth.identities (
  issuer text not null,
  subject text not null check (char_length(subject) <= 255),
  user_id uuid not null references auth.users on delete cascade,
  linked_at timestamptz(3) not null default now(),
  primary key (issuer, subject),
  unique (issuer, user_id)
);
--> statement-breakpoint
create index identities_user on auth.identities (user_id);
--> statement-breakpoint
alter table auth.sessions add column proved_at timestamptz(3) not null default now();
--> statement-breakpoint
alter table auth.sessions add column methods text[] not null default '{password}';
--> statement-breakpoint
-- What happens to an account is told in every tenant in which its person serves, in his own name.
create function auth.note_account(of_user uuid, what text, more jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record;
begin
  for m in select distinct on (s.tenant_id) s.tenant_id, s.site_id, s.id from auth.memberships s
      where s.user_id = of_user and s.ended_at is null order by s.tenant_id, s.id loop
    perform auth.note(m.tenant_id, m.site_id, what, 'account', of_user, more,
      case when (select c.membership_id from auth.caller() c) is null then m.id end);
  end loop;
end $$;
--> statement-breakpoint
create function auth.factors_of(of_user uuid, leads text[])
  returns table (email text, name text, totp boolean, passkeys integer, codes integer, leads_somewhere boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.email, u.name, exists (select 1 from auth.totp t where t.user_id = u.id and t.confirmed_at is not null),
      (select count(*)::int from auth.passkeys p where p.user_id = u.id),
      (select count(*)::int from auth.recovery_codes c where c.user_id = u.id and c.used_at is null),
      exists (select 1 from auth.memberships m where m.user_id = u.id and m.ended_at is null and m.role = any (leads))
    from auth.users u where u.id = of_user and u.disabled_at is null $$;
--> statement-breakpoint
-- The secret of an enrolment that is under way; a page loaded twice shows the same. Null once confirmed.
create function auth.begin_totp(of_user uuid, fresh text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into auth.totp (user_id, secret) values (of_user, fresh) on conflict (user_id) do nothing;
  return (select t.secret from auth.totp t where t.user_id = of_user and t.confirmed_at is null);
end $$;
--> statement-breakpoint
create function auth.totp_of(of_user uuid) returns table (secret text, confirmed boolean, last_step bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.secret, t.confirmed_at is not null, t.last_step from auth.totp t where t.user_id = of_user $$;
--> statement-breakpoint
-- Uses up a step. False when it, or a later one, was used before: whoever asks at the same moment loses.
create function auth.use_totp(of_user uuid, step bigint, confirm boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.totp t set last_step = step, confirmed_at = coalesce(t.confirmed_at, now())
    where t.user_id = of_user and t.last_step < step and (t.confirmed_at is not null) <> confirm;
  if not found then return false; end if;
  if confirm then perform auth.note_account(of_user, 'factor_added', '{"factor": "totp"}'); end if;
  return true;
end $$;
--> statement-breakpoint
create function auth.remove_totp(of_user uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.totp t where t.user_id = of_user and t.confirmed_at is not null;
  if not found then return false; end if;
  perform auth.note_account(of_user, 'factor_removed', '{"factor": "totp"}');
  return true;
end $$;
--> statement-breakpoint
create function auth.passkeys_of(of_user uuid)
  returns table (id text, transports text[], name text, backed_up boolean, created_at timestamptz, last_used_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.id, p.transports, p.name, p.backed_up, p.created_at, p.last_used_at from auth.passkeys p where p.user_id = of_user order by p.created_at $$;
--> statement-breakpoint
create function auth.find_passkey(key_id text) returns table (user_id uuid, public_key bytea, counter bigint, transports text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.user_id, p.public_key, p.counter, p.transports from auth.passkeys p join auth.users u on u.id = p.user_id
    where p.id = key_id and u.disabled_at is null $$;
--> statement-breakpoint
create function auth.add_passkey(key_id text, of_user uuid, key bytea, start bigint, ways text[], key_name text, backed boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if (select count(*) from auth.passkeys p where p.user_id = of_user) >= 20 then return false; end if;
  insert into auth.passkeys (id, user_id, public_key, counter, transports, name, backed_up) values (key_id, of_user, key, start, ways, key_name, backed)
    on conflict (id) do nothing;
  if not found then return false; end if;
  perform auth.note_account(of_user, 'factor_added', jsonb_build_object('factor', 'passkey', 'name', key_name));
  return true;
end $$;
--> statement-breakpoint
-- A counter that does not grow is a copied key (WebAuthn level 3, 6.1.1); keys that do not count always say 0.
create function auth.use_passkey(key_id text, of_user uuid, reported bigint) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.passkeys p set counter = reported, last_used_at = now()
    where p.id = key_id and p.user_id = of_user and (p.counter < reported or (p.counter = 0 and reported = 0));
  return found;
end $$;
--> statement-breakpoint
create function auth.remove_passkey(of_user uuid, key_id text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.passkeys p where p.user_id = of_user and p.id = key_id;
  if not found then return false; end if;
  perform auth.note_account(of_user, 'factor_removed', '{"factor": "passkey"}');
  return true;
end $$;
--> statement-breakpoint
create function auth.replace_recovery_codes(of_user uuid, digests bytea[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.recovery_codes c where c.user_id = of_user;
  insert into auth.recovery_codes (digest, user_id) select d, of_user from unnest(digests) d;
  perform auth.note_account(of_user, 'recovery_codes_made', '{}');
end $$;
--> statement-breakpoint
create function auth.use_recovery_code(of_user uuid, code_digest bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.recovery_codes c set used_at = now() where c.digest = code_digest and c.user_id = of_user and c.used_at is null;
  if not found then return false; end if;
  perform auth.note_account(of_user, 'recovery_used', '{}');
  return true;
end $$;
--> statement-breakpoint
create function auth.open_pending(secret_digest bytea, for_user uuid, for_membership uuid, what text, shown text[], going text, until timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if for_membership is not null and not exists (select 1 from auth.memberships m
      where m.id = for_membership and m.user_id = for_user and m.ended_at is null) then
    raise exception 'membership is not the user''s' using errcode = '42501';
  end if;
  insert into auth.pending_sign_ins (digest, user_id, membership_id, needs, methods, next, expires_at)
    values (secret_digest, for_user, for_membership, what, shown, going, least(until, now() + interval '1 hour'));
end $$;
--> statement-breakpoint
create function auth.get_pending(secret_digest bytea)
  returns table (user_id uuid, email text, name text, membership_id uuid, needs text, methods text[], next text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.user_id, u.email, u.name, p.membership_id, p.needs, p.methods, p.next
    from auth.pending_sign_ins p join auth.users u on u.id = p.user_id
    where p.digest = secret_digest and p.expires_at > now() and u.disabled_at is null $$;
--> statement-breakpoint
-- From enrolling to the codes: only forwards.
create function auth.advance_pending(secret_digest bytea, method text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.pending_sign_ins p set needs = 'codes', methods = p.methods || method
    where p.digest = secret_digest and p.needs = 'enrol' and p.expires_at > now();
  return found;
end $$;
--> statement-breakpoint
-- Ends the half sign-in; false when it was ended before, so that it becomes one session at most.
create function auth.close_pending(secret_digest bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.pending_sign_ins p where p.digest = secret_digest and p.expires_at > now();
  return found;
end $$;
--> statement-breakpoint
-- How a session was opened and when its person last proved himself; a change of membership takes both along.
create function auth.mark_session(secret_digest bytea, shown text[], proved timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.sessions s set methods = shown, proved_at = least(proved, now()) where s.digest = secret_digest $$;
--> statement-breakpoint
create function auth.prove_session(secret_digest bytea, method text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.sessions s set proved_at = now(), methods = case when method = any (s.methods) then s.methods else s.methods || method end
    where s.digest = secret_digest $$;
--> statement-breakpoint
create function auth.session_proof(secret_digest bytea) returns table (proved_at timestamptz, fresh boolean, methods text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.proved_at, s.proved_at > now() - interval '10 minutes', s.methods from auth.sessions s
    where s.digest = secret_digest and s.expires_at > now() and s.idle_until > now() $$;
--> statement-breakpoint
create function auth.put_challenge(secret_digest bytea, what text, content jsonb, until timestamptz) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into auth.challenges (digest, kind, payload, expires_at) values (secret_digest, what, content, least(until, now() + interval '15 minutes')) $$;
--> statement-breakpoint
create function auth.take_challenge(secret_digest bytea, what text) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare found_one auth.challenges;
begin
  delete from auth.challenges c where c.digest = secret_digest and c.kind = what returning c.* into found_one;
  return case when found_one.expires_at > now() then found_one.payload end;
end $$;
--> statement-breakpoint
create function auth.hold_form(form uuid, secret_digest bytea, to_path text, content jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.held_forms h where h.session_digest = secret_digest and (h.expires_at <= now()
    or h.id in (select o.id from auth.held_forms o where o.session_digest = secret_digest order by o.expires_at desc offset 9));
  insert into auth.held_forms (id, session_digest, path, fields, expires_at) values (form, secret_digest, to_path, content, now() + interval '30 minutes');
end $$;
--> statement-breakpoint
create function auth.held_form(form uuid, secret_digest bytea) returns table (path text, fields jsonb)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.path, h.fields from auth.held_forms h where h.id = form and h.session_digest = secret_digest and h.expires_at > now() $$;
--> statement-breakpoint
-- Whom a provider's answer stands for: whoever was linked before, else the account with that address, linked from now on.
-- verified_email is null where the provider does not vouch for it.
create function auth.find_identity(by_issuer text, by_subject text, verified_email text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare who uuid;
begin
  select i.user_id into who from auth.identities i join auth.users u on u.id = i.user_id
    where i.issuer = by_issuer and i.subject = by_subject and u.disabled_at is null;
  if who is not null or verified_email is null then return who; end if;
  select u.id into who from auth.users u where u.email = lower(verified_email) and u.disabled_at is null
    and not exists (select 1 from auth.identities i where i.issuer = by_issuer and (i.user_id = u.id or i.subject = by_subject));
  if who is not null then
    insert into auth.identities (issuer, subject, user_id) values (by_issuer, by_subject, who);
    perform auth.note_account(who, 'identity_linked', jsonb_build_object('issuer', left(by_issuer, 200)));
  end if;
  return who;
end $$;
--> statement-breakpoint
create function auth.accounts(wanted text)
  returns table (id uuid, email text, name text, created_at timestamptz, disabled_at timestamptz, roles integer, sessions integer, last_seen_at timestamptz, factors integer)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if auth.claim_role(wanted) is distinct from 'operator' then return; end if;
  return query select u.id, u.email, u.name, u.created_at, u.disabled_at,
      (select count(*)::int from auth.memberships m where m.user_id = u.id and m.ended_at is null),
      (select count(*)::int from auth.sessions s where s.user_id = u.id and s.expires_at > now() and s.idle_until > now()),
      (select max(s.last_seen_at) from auth.sessions s where s.user_id = u.id),
      (select count(*)::int from auth.passkeys p where p.user_id = u.id) + (select count(*)::int from auth.totp t where t.user_id = u.id and t.confirmed_at is not null)
    from auth.users u order by u.email limit 1000;
end $$;
--> statement-breakpoint
-- Takes effect with the next request: no policy resolves a secret of a disabled account, and its sessions are gone.
create function auth.switch_account(wanted text, account uuid, off boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.role is distinct from 'operator' or me.user_id = account then return false; end if;
  update auth.users u set disabled_at = case when off then now() end where u.id = account and (u.disabled_at is null) = off;
  if not found then return false; end if;
  if off then
    delete from auth.sessions s where s.user_id = account;
    delete from auth.pending_sign_ins p where p.user_id = account;
    update auth.password_resets r set used_at = now() where r.user_id = account and r.used_at is null;
  end if;
  return true;
end $$;
--> statement-breakpoint
-- For who has lost his device and his codes: the operator takes the second factor away after making sure who asks; the
-- person enrols anew at the next sign-in. Every session ends.
create function auth.clear_factors(wanted text, account uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.role is distinct from 'operator' or me.user_id = account then return false; end if;
  if not exists (select 1 from auth.totp t where t.user_id = account union all select 1 from auth.passkeys p where p.user_id = account) then return false; end if;
  delete from auth.totp t where t.user_id = account;
  delete from auth.passkeys p where p.user_id = account;
  delete from auth.recovery_codes c where c.user_id = account;
  delete from auth.pending_sign_ins p where p.user_id = account;
  delete from auth.sessions s where s.user_id = account;
  perform auth.note_account(account, 'factor_removed', '{"factor": "all"}');
  return true;
end $$;
--> statement-breakpoint
create or replace function auth.use_reset(secret_digest bytea, new_hash text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare who uuid;
begin
  update auth.password_resets r set used_at = now()
    where r.digest = secret_digest and r.used_at is null and r.expires_at > now()
      and exists (select 1 from auth.users u where u.id = r.user_id and u.disabled_at is null)
    returning r.user_id into who;
  if who is null then return null; end if;
  update auth.password_resets r set used_at = now() where r.user_id = who and r.used_at is null;
  update auth.users u set password_hash = new_hash where u.id = who;
  delete from auth.sessions s where s.user_id = who;
  delete from auth.pending_sign_ins p where p.user_id = who;
  return who;
end $$;
--> statement-breakpoint
create or replace function auth.change_password(of_user uuid, new_hash text, keep_digest bytea) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.users set password_hash = new_hash where id = of_user;
  delete from auth.sessions where user_id = of_user and digest is distinct from keep_digest;
  delete from auth.pending_sign_ins where user_id = of_user;
  update auth.password_resets set used_at = now() where user_id = of_user and used_at is null;
end $$;
--> statement-breakpoint
create or replace function auth.sweep_sign_in() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.mails set body_text = '', body_html = '' where useful_until <= now() and body_text <> '';
  delete from auth.mails where created_at < now() - interval '90 days' or (state = 'void' and created_at < now() - interval '1 hour');
  delete from auth.password_resets where expires_at < now() - interval '1 day';
  delete from auth.invitations where expires_at < now() - interval '180 days' and accepted_at is null;
  delete from auth.attempts_under_way where window_start < now() - interval '1 hour';
  delete from auth.pending_sign_ins where expires_at <= now();
  delete from auth.challenges where expires_at <= now();
  delete from auth.held_forms where expires_at <= now();
  delete from auth.totp where confirmed_at is null and created_at < now() - interval '1 day';
end $$;
