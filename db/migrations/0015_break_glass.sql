-- Break-glass: an operator's way into one tenant's data, by its lead's consent. Secret and clock decide here, at every call;
-- nothing has to be closed. clock_timestamp(): a transaction that began in time is over with it all the same.
set local check_function_bodies = off;
--> statement-breakpoint
-- Tenants whose lead has let the caller in, and not yet out again. The owner's policies ask it, for auth.break_glass_read().
create function auth.broken_glass() returns uuid[] language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  return array(select b.tenant_id from public.break_glass b
    where b.operator_membership_id = auth.claim('operator', 'membership')
      and b.consented_at is not null and b.ended_at is null and b.ends_at > clock_timestamp());
end $$;
--> statement-breakpoint
create function auth.has_lead(in_tenant uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from auth.memberships m where m.tenant_id = in_tenant and m.role in ('regulator_lead', 'national_director') and m.ended_at is null) $$;
--> statement-breakpoint
-- An operator sets a tenant up; once it has a lead, its people are the lead's affair, unless he lets the operator in.
create function auth.operator_may(me auth.memberships, in_tenant uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select coalesce(me.role = 'operator' and (not auth.has_lead(in_tenant) or exists (select 1 from public.break_glass b
    where b.tenant_id = in_tenant and b.operator_membership_id = me.id
      and b.consented_at is not null and b.ended_at is null and b.ends_at > clock_timestamp())), false) $$;
--> statement-breakpoint
create or replace function auth.may_hire(me auth.memberships, in_tenant uuid, in_site uuid, member_level text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(me.id is not null and (auth.operator_may(me, in_tenant)
    or (me.role = 'regulator_lead' and in_tenant = me.tenant_id and member_level in ('site','sector','auditor'))
    or (me.role = 'national_director' and in_tenant = me.tenant_id and member_level in ('national','auditor'))
    or (me.role = 'site_lead' and in_tenant = me.tenant_id and in_site = me.site_id and member_level = 'site')), false) $$;
--> statement-breakpoint
-- Whoever is audited makes no auditor of himself.
create function auth.own_auditor(me auth.memberships, member_email text, member_level text) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select member_level = 'auditor' and exists (select 1 from auth.users u where u.id = me.user_id and u.email = lower(member_email)) $$;
--> statement-breakpoint
create or replace function auth.add_member(wanted text, new_user uuid, new_membership uuid, member_email text, member_name text, new_hash text,
    in_tenant uuid, in_site uuid, in_site_name text, member_role text, member_level text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; who uuid;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if not auth.may_hire(me, in_tenant, in_site, member_level) or auth.own_auditor(me, member_email, member_level) then
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
create or replace function auth.invite(wanted text, secret_digest bytea, new_id uuid, member_email text, member_name text, in_tenant uuid, in_site uuid, in_site_name text,
    member_role text, member_level text, until timestamptz, mail uuid, mail_subject text, mail_text text, mail_html text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if not auth.may_hire(me, in_tenant, in_site, member_level) or auth.own_auditor(me, member_email, member_level) then
    raise exception 'not allowed' using errcode = '42501';
  end if;
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
-- An operator's invitation from before there was a lead dies when there is one: asked at the moment it is accepted, too,
-- so that the link answers as one that is used up does.
create function auth.hired_by_lead() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare inviter auth.memberships;
begin
  select * into inviter from auth.memberships m where m.id = new.invited_by;
  return case when inviter.role = 'operator' and not auth.operator_may(inviter, new.tenant_id) then null else new end;
end $$;
--> statement-breakpoint
create trigger invitations_by_lead before update of accepted_at on auth.invitations
  for each row when (new.accepted_at is not null and old.accepted_at is null) execute function auth.hired_by_lead();
--> statement-breakpoint
-- Taking a tenant's lead away would open it to the operator again: ending a membership asks the same.
create or replace function auth.end_membership(wanted text, membership uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; target auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  select * into target from auth.memberships m where m.id = membership and m.ended_at is null;
  if me.id is null or target.id is null or me.id = target.id or not (auth.operator_may(me, target.tenant_id)
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
-- Tenants where the operator may still set things up himself, or may again for a while.
create function auth.within_reach(wanted text) returns setof uuid language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  return query select t.id from public.tenants t where auth.operator_may(me, t.id);
end $$;
--> statement-breakpoint
-- Whether an account serves anywhere that is out of the operator's reach: to sign in as it would be the way round consent.
create function auth.out_of_reach(me auth.memberships, account uuid) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from auth.memberships m where m.user_id = account and m.ended_at is null and not auth.operator_may(me, m.tenant_id)) $$;
--> statement-breakpoint
-- Accounts that only their tenants' leads can open to the operator.
create function auth.closed_accounts(wanted text) returns setof uuid language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.role is distinct from 'operator' then return; end if;
  return query select distinct m.user_id from auth.memberships m where m.ended_at is null and not auth.operator_may(me, m.tenant_id);
end $$;
--> statement-breakpoint
-- Whether a held letter's link would sign its reader in as somebody out of the operator's reach, or bring him in there.
create function auth.letter_withheld(me auth.memberships, of_kind text, addressee text) returns boolean language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select case of_kind
    when 'reset' then exists (select 1 from auth.users u where u.email = addressee and auth.out_of_reach(me, u.id))
    when 'invitation' then exists (select 1 from auth.invitations i where i.email = addressee and i.accepted_at is null and i.revoked_at is null
      and i.expires_at > now() and not auth.operator_may(me, i.tenant_id))
    else false end $$;
--> statement-breakpoint
drop function auth.outbox(text);
--> statement-breakpoint
create function auth.outbox(wanted text)
  returns table (id uuid, kind text, recipient text, subject text, body_text text, state text, attempts integer, last_error text,
    created_at timestamptz, sent_at timestamptz, useful_until timestamptz, withheld boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  return query select m.id, m.kind, m.recipient, m.subject, case when m.held and not m.closed then m.body_text else '' end,
      m.state, m.attempts, m.last_error, m.created_at, m.sent_at, m.useful_until, m.held and m.closed
    from (select x.*, x.state = 'held' and x.useful_until > now() as held,
          case when x.state = 'held' and x.useful_until > now() then auth.letter_withheld(me, x.kind, x.recipient) else false end as closed
        from auth.mails x where me.role = 'operator' and x.state <> 'void' order by x.created_at desc, x.id desc limit 500) m
    order by m.created_at desc, m.id desc;
end $$;
--> statement-breakpoint
create or replace function auth.clear_factors(wanted text, account uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.role is distinct from 'operator' or me.user_id = account or auth.out_of_reach(me, account) then return false; end if;
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
-- Valid while unused, in time, while whoever sent it still serves, and while he still may.
create or replace function auth.peek_invitation(secret_digest bytea)
  returns table (id uuid, email text, name text, role text, tenant_zh text, tenant_en text, site_name text, expires_at timestamptz, known boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.id, i.email, i.name, i.role, t.name_zh, t.name_en, i.site_name, i.expires_at,
      exists (select 1 from auth.users u where u.email = i.email)
    from auth.invitations i join public.tenants t on t.id = i.tenant_id join auth.memberships b on b.id = i.invited_by
    where i.digest = secret_digest and i.accepted_at is null and i.revoked_at is null and i.expires_at > now() and b.ended_at is null
      and (b.role <> 'operator' or auth.operator_may(b, i.tenant_id)) $$;
--> statement-breakpoint
-- Asks a tenant's lead. One request at a time for a tenant; an unanswered one lapses after a day.
create function auth.break_glass_ask(new_id uuid, in_tenant uuid, why text, for_minutes integer) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me record;
begin
  select m.id, u.name into me from auth.memberships m join auth.users u on u.id = m.user_id where m.id = auth.claim('operator', 'membership');
  if me.id is null or not auth.has_lead(in_tenant) then raise exception 'not allowed' using errcode = '42501'; end if;
  perform pg_advisory_xact_lock(hashtextextended('break_glass' || in_tenant, 0));
  if exists (select 1 from public.break_glass b where b.tenant_id = in_tenant and b.operator_membership_id = me.id and b.refused_at is null and b.ended_at is null
      and (b.ends_at > clock_timestamp() or (b.consented_at is null and b.asked_at > now() - interval '1 day'))) then
    return false;
  end if;
  insert into public.break_glass (tenant_id, id, operator_membership_id, operator_name, reason, minutes) values (in_tenant, new_id, me.id, me.name, btrim(why), for_minutes);
  return true;
end $$;
--> statement-breakpoint
-- The lead's answer. Never that of the person who asks, whatever else he is in this tenant.
create function auth.break_glass_answer(wanted text, access uuid, consent boolean) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me record;
begin
  select m.id, m.role, m.tenant_id, m.user_id, u.name into me
    from auth.memberships m join auth.users u on u.id = m.user_id where m.id = auth.claim(wanted, 'membership');
  if me.id is null or me.role not in ('regulator_lead', 'national_director') or consent is null then return false; end if;
  update public.break_glass b set
      consented_by = case when consent then me.id end, consented_by_name = case when consent then me.name end,
      consented_at = case when consent then clock_timestamp() end,
      ends_at = case when consent then clock_timestamp() + b.minutes * interval '1 minute' end,
      refused_at = case when consent then null else clock_timestamp() end
    where b.id = access and b.tenant_id = me.tenant_id and b.consented_at is null and b.refused_at is null and b.ended_at is null
      and b.asked_at > now() - interval '1 day'
      and exists (select 1 from auth.memberships o where o.id = b.operator_membership_id and o.user_id <> me.user_id and o.ended_at is null);
  return found;
end $$;
--> statement-breakpoint
-- Ends it, or takes the request back: the tenant's lead, or the operator himself.
create function auth.break_glass_end(wanted text, access uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  update public.break_glass b set ended_at = clock_timestamp()
    where b.id = access and b.refused_at is null and b.ended_at is null and (b.ends_at is null or b.ends_at > clock_timestamp())
      and ((me.role in ('regulator_lead', 'national_director') and b.tenant_id = me.tenant_id) or b.operator_membership_id = me.id);
  return found;
end $$;
--> statement-breakpoint
-- Rows of one table of the tenant, by id. Each is an entry of the tenant's chain, in this very transaction: what is not
-- written down is not handed out. The row locks keep an end from coming between the question and the answer.
create function auth.break_glass_read(access uuid, of_table text, most integer, after uuid) returns setof jsonb
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  one public.break_glass;
  found_row jsonb;
begin
  if of_table is null or of_table not in ('projects', 'sites', 'systems', 'submissions', 'risks', 'measures', 'pilots') then
    raise exception 'not a table that may be read so' using errcode = '42501';
  end if;
  if current_setting('transaction_read_only')::boolean then raise exception 'what is read is written down' using errcode = '25006'; end if;
  select * into one from public.break_glass b
    where b.id = access and b.operator_membership_id = auth.claim('operator', 'membership')
      and b.consented_at is not null and b.ended_at is null and b.ends_at > clock_timestamp()
    for share;
  if one.id is null then raise exception 'no access is open' using errcode = '42501'; end if;
  for found_row in execute format('select to_jsonb(x) from public.%I x where x.tenant_id = $1 and ($2 is null or x.id > $2) order by x.id limit $3', of_table)
      using one.tenant_id, after, greatest(1, least(coalesce(most, 25), 100)) loop
    perform auth.note(one.tenant_id, (found_row->>'site_id')::uuid, 'break_glass_read', of_table, (found_row->>'id')::uuid, jsonb_build_object('access', one.id));
    return next found_row;
  end loop;
end $$;
--> statement-breakpoint
CREATE TABLE "break_glass" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"operator_membership_id" uuid NOT NULL,
	"operator_name" text NOT NULL,
	"reason" text NOT NULL,
	"minutes" integer NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"consented_by" uuid,
	"consented_by_name" text,
	"consented_at" timestamp (3) with time zone,
	"refused_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "break_glass_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "break_glass_reason_length" CHECK (char_length(btrim("break_glass"."reason")) between 20 and 2000),
	CONSTRAINT "break_glass_minutes_most" CHECK ("break_glass"."minutes" between 5 and 240),
	CONSTRAINT "break_glass_consent_whole" CHECK (("break_glass"."consented_at" is null) = ("break_glass"."ends_at" is null) and ("break_glass"."consented_at" is null) = ("break_glass"."consented_by" is null)),
	CONSTRAINT "break_glass_one_answer" CHECK ("break_glass"."consented_at" is null or "break_glass"."refused_at" is null),
	CONSTRAINT "break_glass_operator_name_length" CHECK (char_length("break_glass"."operator_name") <= 200)
);
--> statement-breakpoint
ALTER TABLE "break_glass" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "break_glass" ADD CONSTRAINT "break_glass_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "break_glass_operator" ON "break_glass" USING btree ("operator_membership_id","asked_at");--> statement-breakpoint
CREATE POLICY "pilots_owner_select" ON "pilots" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id = any ((select auth.broken_glass())::uuid[]));--> statement-breakpoint
CREATE POLICY "measures_owner_select" ON "measures" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id = any ((select auth.broken_glass())::uuid[]));--> statement-breakpoint
CREATE POLICY "projects_owner_select" ON "projects" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id = any ((select auth.broken_glass())::uuid[]));--> statement-breakpoint
CREATE POLICY "risks_owner_select" ON "risks" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id = any ((select auth.broken_glass())::uuid[]));--> statement-breakpoint
CREATE POLICY "sites_owner_select" ON "sites" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id = any ((select auth.broken_glass())::uuid[]));--> statement-breakpoint
CREATE POLICY "systems_owner_select" ON "systems" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id = any ((select auth.broken_glass())::uuid[]));--> statement-breakpoint
CREATE POLICY "break_glass_site_select" ON "break_glass" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
CREATE POLICY "break_glass_sector_select" ON "break_glass" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "break_glass_national_select" ON "break_glass" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "break_glass_auditor_select" ON "break_glass" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "break_glass_operator_select" ON "break_glass" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING ((select auth.claim('operator', 'membership')) is not null);--> statement-breakpoint
CREATE POLICY "break_glass_owner_select" ON "break_glass" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "break_glass_owner_insert" ON "break_glass" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "break_glass_owner_update" ON "break_glass" AS PERMISSIVE FOR UPDATE TO "anshi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER POLICY "submissions_owner_select" ON "submissions" TO anshi_owner USING ((kind = 'surveyResponse' and tenant_id = (select auth.claim('site', 'tenant'))) or tenant_id = any ((select auth.broken_glass())::uuid[]));