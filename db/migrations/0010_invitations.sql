-- Letters, invitations, password resets, and attempts that are counted before they are judged. As all of schema auth:
-- reached through functions alone. A link's secret is kept as its SHA-256; the letter that carries it is emptied once sent.
set local check_function_bodies = off;
--> statement-breakpoint
-- void: to nobody. Written when an unknown address asks for a reset, so that known and unknown do the same work.
-- held: there is no mail server; the operator reads it and passes it on. Only then is the text shown to anybody.
create table auth.mails (
  id uuid primary key,
  kind text not null check (kind in ('invitation', 'reset', 'notice')),
  recipient text not null check (char_length(recipient) <= 254),
  subject text not null check (char_length(subject) <= 300),
  body_text text not null check (char_length(body_text) <= 20000),
  body_html text not null check (char_length(body_html) <= 40000),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'held', 'failed', 'void')),
  attempts integer not null default 0,
  last_error text check (char_length(last_error) <= 300),
  created_at timestamptz(3) not null default now(),
  sent_at timestamptz(3),
  useful_until timestamptz(3) not null
);
--> statement-breakpoint
create index mails_created on auth.mails (created_at);
--> statement-breakpoint
create table auth.invitations (
  digest bytea primary key,
  id uuid not null unique,
  email text not null check (char_length(email) <= 254 and email = lower(email)),
  name text not null check (char_length(name) <= 100),
  tenant_id uuid not null,
  site_id uuid,
  site_name text not null default '',
  role text not null,
  level text not null,
  invited_by uuid not null references auth.memberships,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  revoked_at timestamptz(3),
  check ((role, level) in (('site_officer','site'),('site_lead','site'),('regulator','sector'),('regulator_lead','sector'),
    ('assessor','assessor'),('national_editor','national'),('national_director','national'),('auditor','auditor'),('operator','operator'))),
  check ((level = 'site') = (site_id is not null))
);
--> statement-breakpoint
create index invitations_tenant on auth.invitations (tenant_id, created_at);
--> statement-breakpoint
create index invitations_email on auth.invitations (email);
--> statement-breakpoint
create table auth.password_resets (
  digest bytea primary key,
  user_id uuid references auth.users on delete cascade,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
--> statement-breakpoint
create index password_resets_user on auth.password_resets (user_id);
--> statement-breakpoint
-- Attempts that were let through and are not judged yet. With the failures they never exceed what is allowed, so that fifty
-- guesses sent at once are no more than eight.
create table auth.attempts_under_way (
  key text not null,
  window_start timestamptz(3) not null,
  pending integer not null default 0,
  primary key (key, window_start)
);
--> statement-breakpoint
create function auth.begin_attempt(keys text[], most integer[]) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  started timestamptz := date_bin('15 minutes', now(), timestamptz '2000-01-01');
  verdict text := 'go';
  under_way integer;
  failed integer;
begin
  if coalesce(array_length(keys, 1), 0) = 0 or array_length(keys, 1) is distinct from array_length(most, 1) then return 'blocked'; end if;
  for i in 1 .. array_length(keys, 1) loop
    -- Takes the key's lock; whoever asks at the same moment waits until this transaction is over.
    insert into auth.attempts_under_way as a (key, window_start) values (keys[i], started)
      on conflict (key, window_start) do update set pending = a.pending returning pending into under_way;
    failed := auth.failures(keys[i]);
    if failed >= most[i] then return 'blocked'; end if;
    if failed + under_way >= most[i] then verdict := 'wait'; end if;
  end loop;
  if verdict = 'go' then
    for i in 1 .. array_length(keys, 1) loop
      update auth.attempts_under_way set pending = pending + 1 where key = keys[i] and window_start = started;
    end loop;
  end if;
  return verdict;
end $$;
--> statement-breakpoint
create function auth.end_attempt(keys text[], failed boolean) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare started timestamptz := date_bin('15 minutes', now(), timestamptz '2000-01-01');
begin
  for i in 1 .. coalesce(array_length(keys, 1), 0) loop
    update auth.attempts_under_way set pending = greatest(pending - 1, 0) where key = keys[i] and window_start = started;
    if failed then perform auth.count_failure(keys[i]); end if;
  end loop;
end $$;
--> statement-breakpoint
create function auth.queue_mail() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job('identity.mail', json_build_object('mailId', new.id), job_key => 'identity.mail:' || new.id);
  return null;
end $$;
--> statement-breakpoint
create trigger mails_queue after insert on auth.mails for each row execute function auth.queue_mail();
--> statement-breakpoint
create trigger mails_requeue after update of state on auth.mails
  for each row when (new.state = 'waiting' and old.state <> 'waiting') execute function auth.queue_mail();
--> statement-breakpoint
create function auth.take_mail(mail uuid) returns table (recipient text, subject text, body_text text, body_html text, attempts integer)
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.mails m set attempts = m.attempts + 1 where m.id = mail and m.state = 'waiting'
    returning m.recipient, m.subject, m.body_text, m.body_html, m.attempts $$;
--> statement-breakpoint
create function auth.settle_mail(mail uuid, new_state text, error text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.mails m set state = new_state, last_error = left(error, 300), sent_at = case when new_state = 'sent' then now() end,
      body_text = case when new_state = 'sent' then '' else m.body_text end,
      body_html = case when new_state = 'sent' then '' else m.body_html end
    where m.id = mail and m.state = 'waiting' $$;
--> statement-breakpoint
create function auth.outbox(wanted text)
  returns table (id uuid, kind text, recipient text, subject text, body_text text, state text, attempts integer, last_error text,
    created_at timestamptz, sent_at timestamptz, useful_until timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  return query select m.id, m.kind, m.recipient, m.subject,
      case when m.state = 'held' and m.useful_until > now() then m.body_text else '' end,
      m.state, m.attempts, m.last_error, m.created_at, m.sent_at, m.useful_until
    from auth.mails m where me.role = 'operator' and m.state <> 'void' order by m.created_at desc, m.id desc limit 500;
end $$;
--> statement-breakpoint
create function auth.send_mail_again(wanted text, mail uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if auth.claim_role(wanted) is distinct from 'operator' then return false; end if;
  update auth.mails m set state = 'waiting', attempts = 0 where m.id = mail and m.state in ('held', 'failed') and m.useful_until > now();
  return found;
end $$;
--> statement-breakpoint
-- Whom a member may bring in: an operator anybody, a lead people of his own site or sector, the director his office's.
create function auth.may_hire(me auth.memberships, in_tenant uuid, in_site uuid, member_level text) returns boolean
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(me.id is not null and (me.role = 'operator'
    or (me.role = 'regulator_lead' and in_tenant = me.tenant_id and member_level in ('site','sector'))
    or (me.role = 'national_director' and in_tenant = me.tenant_id and member_level = 'national')
    or (me.role = 'site_lead' and in_tenant = me.tenant_id and in_site = me.site_id and member_level = 'site')), false) $$;
--> statement-breakpoint
-- The invitation and its letter, kept or lost together. A second one to the same place takes the place of the first.
-- Null when the person serves there already.
create function auth.invite(wanted text, secret_digest bytea, new_id uuid, member_email text, member_name text, in_tenant uuid, in_site uuid, in_site_name text,
    member_role text, member_level text, until timestamptz, mail uuid, mail_subject text, mail_text text, mail_html text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if not auth.may_hire(me, in_tenant, in_site, member_level) then raise exception 'not allowed' using errcode = '42501'; end if;
  if (select count(*) from auth.invitations i where i.invited_by = me.id and i.created_at > now() - interval '1 hour') >= 200 then
    raise exception 'too many invitations' using errcode = '54000';
  end if;
  if exists (select 1 from auth.users u join auth.memberships m on m.user_id = u.id
      where u.email = lower(member_email) and m.tenant_id = in_tenant and m.role = member_role and m.site_id is not distinct from in_site and m.ended_at is null) then
    return null;
  end if;
  update auth.invitations i set revoked_at = now() where i.email = lower(member_email) and i.tenant_id = in_tenant and i.role = member_role
    and i.site_id is not distinct from in_site and i.accepted_at is null and i.revoked_at is null;
  insert into auth.invitations (digest, id, email, name, tenant_id, site_id, site_name, role, level, invited_by, expires_at)
    values (secret_digest, new_id, lower(member_email), member_name, in_tenant, in_site, coalesce(in_site_name, ''), member_role, member_level, me.id,
      least(until, now() + interval '30 days'));
  insert into auth.mails (id, kind, recipient, subject, body_text, body_html, useful_until)
    values (mail, 'invitation', lower(member_email), mail_subject, mail_text, mail_html, least(until, now() + interval '30 days'));
  perform auth.note(in_tenant, in_site, 'invitation_sent', 'invitation', new_id, jsonb_build_object('role', member_role));
  return new_id;
end $$;
--> statement-breakpoint
create function auth.invitations(wanted text)
  returns table (id uuid, email text, name text, role text, tenant_name_zh text, tenant_name_en text, site_name text, created_at timestamptz, expires_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  return query select i.id, i.email, i.name, i.role, t.name_zh, t.name_en, i.site_name, i.created_at, i.expires_at
    from auth.invitations i join public.tenants t on t.id = i.tenant_id
    where i.accepted_at is null and i.revoked_at is null and i.expires_at > now() - interval '30 days'
      and (me.role = 'operator'
        or (me.role in ('regulator_lead','national_director') and i.tenant_id = me.tenant_id)
        or (me.role = 'site_lead' and i.tenant_id = me.tenant_id and i.site_id = me.site_id))
    order by i.created_at desc limit 500;
end $$;
--> statement-breakpoint
create function auth.revoke_invitation(wanted text, invitation uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; one auth.invitations;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  update auth.invitations i set revoked_at = now()
    where i.id = invitation and i.accepted_at is null and i.revoked_at is null
      and (me.role = 'operator'
        or (me.role in ('regulator_lead','national_director') and i.tenant_id = me.tenant_id)
        or (me.role = 'site_lead' and i.tenant_id = me.tenant_id and i.site_id = me.site_id))
    returning i.* into one;
  if one.id is null then return false; end if;
  perform auth.note(one.tenant_id, one.site_id, 'invitation_revoked', 'invitation', one.id, jsonb_build_object('role', one.role));
  return true;
end $$;
--> statement-breakpoint
-- Valid while unused, in time, and while whoever sent it still serves.
create function auth.peek_invitation(secret_digest bytea)
  returns table (id uuid, email text, name text, role text, tenant_zh text, tenant_en text, site_name text, expires_at timestamptz, known boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.id, i.email, i.name, i.role, t.name_zh, t.name_en, i.site_name, i.expires_at,
      exists (select 1 from auth.users u where u.email = i.email)
    from auth.invitations i join public.tenants t on t.id = i.tenant_id join auth.memberships b on b.id = i.invited_by
    where i.digest = secret_digest and i.accepted_at is null and i.revoked_at is null and i.expires_at > now() and b.ended_at is null $$;
--> statement-breakpoint
-- Makes the account (its password only when it is new) and the membership; nothing when the link is no longer good.
create function auth.accept_invitation(secret_digest bytea, new_user uuid, new_membership uuid, member_name text, new_hash text)
  returns table (user_id uuid, membership_id uuid)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare one auth.invitations; who auth.users; held uuid;
begin
  update auth.invitations i set accepted_at = now()
    where i.digest = secret_digest and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
      and exists (select 1 from auth.memberships b where b.id = i.invited_by and b.ended_at is null)
      and not exists (select 1 from auth.users u where u.email = i.email and u.disabled_at is not null)
    returning i.* into one;
  if one.id is null then return; end if;
  select * into who from auth.users u where u.email = one.email;
  if who.id is null then
    if member_name is null or new_hash is null then raise exception 'a new account has a name and a password' using errcode = '23502'; end if;
    insert into auth.users (id, email, name, password_hash) values (new_user, one.email, member_name, new_hash) returning * into who;
  end if;
  select m.id into held from auth.memberships m where m.user_id = who.id and m.tenant_id = one.tenant_id and m.role = one.role
    and m.site_id is not distinct from one.site_id and m.ended_at is null;
  if held is null then
    insert into auth.memberships (id, user_id, tenant_id, site_id, site_name, role, level)
      values (new_membership, who.id, one.tenant_id, one.site_id, one.site_name, one.role, one.level);
    held := new_membership;
  end if;
  perform auth.note(one.tenant_id, one.site_id, 'invitation_accepted', 'invitation', one.id, jsonb_build_object('role', one.role), held);
  return query select who.id, held;
end $$;
--> statement-breakpoint
-- The same rows whether or not there is such an account: nobody learns it from the time this takes.
create function auth.request_reset(member_email text, secret_digest bytea, mail uuid, mail_subject text, mail_text text, mail_html text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare who uuid := (select u.id from auth.users u where u.email = lower(member_email) and u.disabled_at is null);
begin
  insert into auth.password_resets (digest, user_id, expires_at) values (secret_digest, who, now() + interval '30 minutes');
  insert into auth.mails (id, kind, recipient, subject, body_text, body_html, useful_until, state)
    values (mail, 'reset', lower(member_email), mail_subject, mail_text, mail_html, now() + interval '30 minutes',
      case when who is null then 'void' else 'waiting' end);
end $$;
--> statement-breakpoint
create function auth.peek_reset(secret_digest bytea) returns table (email text, name text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.email, u.name from auth.password_resets r join auth.users u on u.id = r.user_id
    where r.digest = secret_digest and r.used_at is null and r.expires_at > now() and u.disabled_at is null $$;
--> statement-breakpoint
-- A new password by the link of a letter, once: every session ends, and with it every other link.
create function auth.use_reset(secret_digest bytea, new_hash text) returns uuid
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
  return who;
end $$;
--> statement-breakpoint
-- A letter to a person about his own account; it can be sent to nobody else.
create function auth.notify_user(of_user uuid, mail uuid, mail_subject text, mail_text text, mail_html text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into auth.mails (id, kind, recipient, subject, body_text, body_html, useful_until)
    select mail, 'notice', u.email, mail_subject, mail_text, mail_html, now() + interval '7 days' from auth.users u where u.id = of_user $$;
--> statement-breakpoint
-- What time has made useless: texts of letters, links, counters.
create function auth.sweep_sign_in() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update auth.mails set body_text = '', body_html = '' where useful_until <= now() and body_text <> '';
  delete from auth.mails where created_at < now() - interval '90 days' or (state = 'void' and created_at < now() - interval '1 hour');
  delete from auth.password_resets where expires_at < now() - interval '1 day';
  delete from auth.invitations where expires_at < now() - interval '180 days' and accepted_at is null;
  delete from auth.attempts_under_way where window_start < now() - interval '1 hour';
end $$;
