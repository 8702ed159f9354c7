CREATE TABLE "notice_choices" (
	"tenant_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	CONSTRAINT "notice_choices_tenant_id_membership_id_kind_pk" PRIMARY KEY("tenant_id","membership_id","kind"),
	CONSTRAINT "notice_choices_kind_known" CHECK ("notice_choices"."kind" in ('survey_opened', 'handed_in', 'returned', 'approved', 'selected', 'rejected', 'stopped', 'resumed', 'ended', 'moved', 'consultation', 'published', 'reminder', 'granted', 'comment', 'mail_refused')),
	CONSTRAINT "notice_choices_channel_known" CHECK ("notice_choices"."channel" in ('here', 'mail', 'daily', 'weekly', 'none'))
);
--> statement-breakpoint
ALTER TABLE "notice_choices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "notices" DROP CONSTRAINT "notices_kind_known";--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "channel" text DEFAULT 'here' NOT NULL;--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "mailed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "notices_unmailed" ON "notices" USING btree ("channel","membership_id") WHERE mailed_at is null and read_at is null and channel <> 'here';--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_channel_known" CHECK ("notices"."channel" in ('here', 'mail', 'daily', 'weekly', 'none'));--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_kind_known" CHECK ("notices"."kind" in ('survey_opened', 'handed_in', 'returned', 'approved', 'selected', 'rejected', 'stopped', 'resumed', 'ended', 'moved', 'consultation', 'published', 'reminder', 'granted', 'comment', 'mail_refused'));--> statement-breakpoint
CREATE POLICY "grants_owner_select" ON "grants" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "specifications_owner_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (state = 'consultation');--> statement-breakpoint
CREATE POLICY "notice_choices_site_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_site_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_site_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_sector_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_sector_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_sector_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_assessor_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_assessor_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_assessor" WITH CHECK (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_assessor_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_expert_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_expert_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_expert" WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_expert_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_national_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_national_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_national_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_auditor_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_auditor_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_auditor" WITH CHECK (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_auditor_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_operator_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_operator_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_operator" WITH CHECK (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_operator_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "notice_choices_owner_select" ON "notice_choices" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "notice_choices_owner_insert" ON "notice_choices" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "notice_choices_owner_update" ON "notice_choices" AS PERMISSIVE FOR UPDATE TO "anshi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
-- The language in which a person is written to: first that of the page on which they took their invitation, then as they switch it.
alter table auth.users add column locale text not null default 'zh-CN' check (locale in ('zh-CN', 'en'));
--> statement-breakpoint
-- A server refused the address for good: no letter of notices is made until one is taken again.
alter table auth.users add column mail_refused_at timestamptz(3);
--> statement-breakpoint
-- A letter of notices says whose it is, and by which address its reader takes no more of them.
alter table auth.mails
  add column membership_id uuid references auth.memberships,
  add column unsubscribe_url text not null default '' check (char_length(unsubscribe_url) <= 500),
  add column unsubscribe_digest bytea,
  drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in ('invitation', 'reset', 'notice', 'letter'));
--> statement-breakpoint
create unique index mails_unsubscribe on auth.mails (unsubscribe_digest) where unsubscribe_digest is not null;
--> statement-breakpoint
create function auth.keep_locale(of_user uuid, wanted text) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.users set locale = wanted where id = of_user and locale <> wanted and wanted in ('zh-CN', 'en') $$;
--> statement-breakpoint
-- What the bells of open pages show: one statement for all of a process. Who is signed out, or acts in no membership, has no row.
create function auth.bells(secrets bytea[]) returns table (digest bytea, membership_id uuid, unread integer)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.digest, m.id, (select count(*)::integer from public.notices n
      where n.tenant_id = m.tenant_id and n.membership_id = m.id and n.read_at is null)
    from auth.sessions s join auth.memberships m on m.id = s.membership_id join auth.users u on u.id = m.user_id
    where s.digest = any (secrets) and s.expires_at > now() and s.idle_until > now() and m.ended_at is null and u.disabled_at is null $$;
--> statement-breakpoint
-- Whose notices changed is told to every process, and a letter is due within a minute where one was asked for: one for all that come
-- together, however many.
create function auth.ring() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('anshi_bell', c.membership_id::text) from (select distinct membership_id from changed) c;
  perform graphile_worker.add_jobs(array(
      select row('notices.letter', json_build_object('membershipId', c.membership_id), null, now() + interval '1 minute', null,
        'notices.letter:' || c.membership_id, null, null)::graphile_worker.job_spec
      from (select distinct membership_id from changed where channel = 'mail' and mailed_at is null and read_at is null) c), true);
  return null;
end $$;
--> statement-breakpoint
create trigger notices_ring_insert after insert on notices referencing new table as changed
  for each statement execute function auth.ring();
--> statement-breakpoint
create trigger notices_ring_update after update on notices referencing new table as changed
  for each statement execute function auth.ring();
--> statement-breakpoint
drop function auth.notify(text, uuid[], uuid, text[], text, text, text, text, text, jsonb, timestamptz);
--> statement-breakpoint
-- Tells people of an act: those of some tenants, of one site where one is named, who hold one of some roles; never the doer. Within the
-- caller's tenant, between the national office and sectors, and from a sector to the institutions it granted something: nobody else has
-- anything to tell another tenant. Each is told as they chose, or as is usual with the kind.
create function auth.notify(wanted text, to_tenants uuid[], to_site uuid, to_roles text[], of_kind text, about text, place text,
    by_whom text, why text, more jsonb, since timestamptz, usual text) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; told integer;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.id is null or exists (select 1 from unnest(to_tenants) t(id) where t.id <> me.tenant_id
      and not exists (select 1 from public.tenants a, public.tenants b where a.id = me.tenant_id and b.id = t.id
        and (a.kind, b.kind) in (('sector', 'national'), ('national', 'sector')))
      and not (me.level = 'sector' and exists (select 1 from public.grants g where g.tenant_id = me.tenant_id and g.institution_id = t.id))) then
    raise exception 'not allowed' using errcode = '42501';
  end if;
  insert into public.notices (tenant_id, id, membership_id, kind, subject, href, by_name, reason, params, at, channel)
    select m.tenant_id, uuidv7(), m.id, of_kind, about, place, by_whom, why, more, since, coalesce(c.channel, usual)
    from auth.memberships m join auth.users u on u.id = m.user_id
      left join public.notice_choices c on c.tenant_id = m.tenant_id and c.membership_id = m.id and c.kind = of_kind
    where m.tenant_id = any (to_tenants) and (to_site is null or m.site_id = to_site) and m.role = any (to_roles)
      and m.ended_at is null and u.disabled_at is null and m.id <> me.id and coalesce(c.channel, usual) <> 'none'
    order by m.id
    on conflict (tenant_id, membership_id, kind, href) where read_at is null do update
      set times = notices.times + 1, at = excluded.at, subject = excluded.subject, by_name = excluded.by_name, reason = excluded.reason,
        params = excluded.params, channel = excluded.channel, mailed_at = null;
  get diagnostics told = row_count;
  return told;
end $$;
--> statement-breakpoint
-- Who is to be written a letter of one channel, after one membership in order: what is unread and no letter told, the newest thirty in full.
create function auth.letters_due(of_channel text, of_membership uuid, after_membership uuid, at_most integer)
  returns table (membership_id uuid, name text, locale text, tenant_zh text, tenant_en text, site_name text, ids uuid[], shown jsonb)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  -- People first, each asked by the index of what is not mailed: joined from the notices, a page of a hundred read them all for each.
  with due as materialized (
    select m.id, m.tenant_id, m.site_name, u.name, u.locale from auth.memberships m join auth.users u on u.id = m.user_id
    where (of_membership is null or m.id = of_membership) and (after_membership is null or m.id > after_membership)
      and m.ended_at is null and u.disabled_at is null and u.mail_refused_at is null
      and exists (select 1 from public.notices n where n.channel = of_channel and n.membership_id = m.id
        and n.mailed_at is null and n.read_at is null and n.channel <> 'here')
    order by m.id limit at_most)
  select d.id, d.name, d.locale, t.name_zh, t.name_en, d.site_name, mine.ids, mine.shown
  from due d join public.tenants t on t.id = d.tenant_id, lateral (
    select array_agg(n.id) as ids, jsonb_agg(to_jsonb(n) order by n.at desc, n.id desc) filter (where n.place <= 30) as shown
    from (select x.id, x.kind, x.subject, x.href, x.by_name, x.params, x.times, x.at,
        row_number() over (order by x.at desc, x.id desc) as place
      from public.notices x where x.channel = of_channel and x.membership_id = d.id
        and x.mailed_at is null and x.read_at is null and x.channel <> 'here') n) mine
  order by d.id $$;
--> statement-breakpoint
-- Writes a letter and notes what it told, kept or lost together. False, and nothing, where another letter told some of it meanwhile or
-- all of it was read.
create function auth.write_letter(of_membership uuid, told uuid[], mail uuid, mail_subject text, mail_text text, mail_html text,
    stop_url text, stop_digest bytea) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; address text; marked integer;
begin
  select * into me from auth.memberships m where m.id = of_membership and m.ended_at is null for no key update;
  select u.email into address from auth.users u where u.id = me.user_id and u.disabled_at is null;
  if address is null or exists (select 1 from public.notices n
      where n.tenant_id = me.tenant_id and n.membership_id = me.id and n.id = any (told) and n.mailed_at is not null) then
    return false;
  end if;
  update public.notices n set mailed_at = now()
    where n.tenant_id = me.tenant_id and n.membership_id = me.id and n.id = any (told) and n.read_at is null;
  get diagnostics marked = row_count;
  if marked = 0 then return false; end if;
  insert into auth.mails (id, kind, recipient, subject, body_text, body_html, useful_until, membership_id, unsubscribe_url, unsubscribe_digest)
    values (mail, 'letter', address, mail_subject, mail_text, mail_html, now() + interval '7 days', me.id, stop_url, stop_digest);
  return true;
end $$;
--> statement-breakpoint
-- Whose letters end by this address; null for one that is not known, or no longer.
create function auth.letter_of(secret bytea) returns table (name text, tenant_zh text, tenant_en text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.name, t.name_zh, t.name_en from auth.mails l join auth.memberships m on m.id = l.membership_id
    join auth.users u on u.id = m.user_id join public.tenants t on t.id = m.tenant_id
    where l.unsubscribe_digest = secret and m.ended_at is null $$;
--> statement-breakpoint
-- No letters of notices any more: what its reader is told stands in the product alone. Again is no fault.
create function auth.unsubscribe(secret bytea, usual jsonb) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select m.* into me from auth.mails l join auth.memberships m on m.id = l.membership_id
    where l.unsubscribe_digest = secret and m.ended_at is null;
  if me.id is null then return false; end if;
  insert into public.notice_choices (tenant_id, membership_id, kind, channel)
    select me.tenant_id, me.id, k.key, 'here' from jsonb_each_text(usual) k where k.value in ('mail', 'daily', 'weekly')
    on conflict (tenant_id, membership_id, kind) do nothing;
  update public.notice_choices c set channel = 'here'
    where c.tenant_id = me.tenant_id and c.membership_id = me.id and c.channel in ('mail', 'daily', 'weekly');
  update public.notices n set channel = 'here'
    where n.tenant_id = me.tenant_id and n.membership_id = me.id and n.mailed_at is null and n.read_at is null and n.channel <> 'here';
  return true;
end $$;
--> statement-breakpoint
drop function auth.take_mail(uuid);
--> statement-breakpoint
create function auth.take_mail(mail uuid)
  returns table (recipient text, subject text, body_text text, body_html text, attempts integer, kind text, unsubscribe_url text)
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  update auth.mails m set attempts = m.attempts + 1 where m.id = mail and m.state = 'waiting'
    returning m.recipient, m.subject, m.body_text, m.body_html, m.attempts, m.kind, m.unsubscribe_url $$;
--> statement-breakpoint
-- As before; and whose address is refused is told to who can mend it: to whoever invited them, to who may end their membership and invite
-- them anew, or, where there is nobody else, to the operators.
create or replace function auth.settle_mail(mail uuid, new_state text, error text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare l auth.mails; told integer;
begin
  update auth.mails m set state = new_state, last_error = left(error, 300), sent_at = case when new_state = 'sent' then now() end,
      body_text = case when new_state = 'sent' then '' else m.body_text end,
      body_html = case when new_state = 'sent' then '' else m.body_html end,
      unsubscribe_url = case when new_state = 'sent' then '' else m.unsubscribe_url end
    where m.id = mail and m.state = 'waiting' returning m.* into l;
  if l.id is null or new_state not in ('sent', 'failed') then return; end if;
  update auth.users u set mail_refused_at = case when new_state = 'failed' then now() end
    where u.email = l.recipient and (u.mail_refused_at is null) = (new_state = 'failed');
  if new_state = 'sent' then return; end if;
  insert into public.notices (tenant_id, id, membership_id, kind, subject, href, reason, params, at)
    select m.tenant_id, uuidv7(), m.id, 'mail_refused', l.recipient, '/settings/members', left(coalesce(error, ''), 300), '{}', auth.business_now()
    from auth.memberships m join auth.users u on u.id = m.user_id
    where m.ended_at is null and u.disabled_at is null and u.email <> l.recipient and m.level not in ('operator', 'auditor') and (
      l.kind = 'invitation' and exists (select 1 from auth.invitations i
        where i.email = l.recipient and i.invited_by = m.id and i.accepted_at is null and i.revoked_at is null)
      or exists (select 1 from auth.users x join auth.memberships h on h.user_id = x.id
        where x.email = l.recipient and h.ended_at is null and h.tenant_id = m.tenant_id
          and auth.may_hire(m, h.tenant_id, h.site_id, h.level)))
    on conflict (tenant_id, membership_id, kind, href) where read_at is null do update
      set times = notices.times + 1, at = excluded.at, subject = excluded.subject, reason = excluded.reason;
  get diagnostics told = row_count;
  if told > 0 then return; end if;
  insert into public.notices (tenant_id, id, membership_id, kind, subject, href, reason, params, at)
    select m.tenant_id, uuidv7(), m.id, 'mail_refused', l.recipient, '/settings/outbox', left(coalesce(error, ''), 300), '{}', auth.business_now()
    from auth.memberships m join auth.users u on u.id = m.user_id
    where m.role = 'operator' and m.ended_at is null and u.disabled_at is null
    on conflict (tenant_id, membership_id, kind, href) where read_at is null do update
      set times = notices.times + 1, at = excluded.at, subject = excluded.subject, reason = excluded.reason;
end $$;
--> statement-breakpoint
-- The public may comment, and nobody told the office of it.
create function auth.tell_comment() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.notices (tenant_id, id, membership_id, kind, subject, href, by_name, reason, params, at, channel)
    select m.tenant_id, uuidv7(), m.id, 'comment', s.number || ' ' || s.title_zh, '/national/specifications/' || s.id,
      new.author_name, left(new.text, 300), '{}', new.at, coalesce(c.channel, 'daily')
    from auth.memberships m join auth.users u on u.id = m.user_id
      join public.specifications s on s.tenant_id = new.tenant_id and s.id = new.specification_id
      left join public.notice_choices c on c.tenant_id = m.tenant_id and c.membership_id = m.id and c.kind = 'comment'
    where m.tenant_id = new.tenant_id and m.level = 'national' and m.ended_at is null and u.disabled_at is null
      and coalesce(c.channel, 'daily') <> 'none'
    on conflict (tenant_id, membership_id, kind, href) where read_at is null do update
      set times = notices.times + 1, at = excluded.at, by_name = excluded.by_name, reason = excluded.reason, mailed_at = null;
  return null;
end $$;
--> statement-breakpoint
create trigger comments_tell after insert on comments for each row execute function auth.tell_comment();
--> statement-breakpoint
-- As before; a letter of notices names a tenant's affairs, so the operator sees of it that it could not be sent, and to whom.
create or replace function auth.outbox(wanted text)
  returns table (id uuid, kind text, recipient text, subject text, body_text text, state text, attempts integer, last_error text,
    created_at timestamptz, sent_at timestamptz, useful_until timestamptz, withheld boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  return query select m.id, m.kind, m.recipient, case when m.kind = 'letter' then '' else m.subject end,
      case when m.held and not m.closed and m.kind <> 'letter' then m.body_text else '' end,
      m.state, m.attempts, m.last_error, m.created_at, m.sent_at, m.useful_until, m.held and m.closed
    from (select x.*, x.state = 'held' and x.useful_until > now() as held,
          case when x.state = 'held' and x.useful_until > now() then auth.letter_withheld(me, x.kind, x.recipient) else false end as closed
        from auth.mails x where me.role = 'operator' and x.state <> 'void' and (x.kind <> 'letter' or x.state = 'failed')
        order by x.created_at desc, x.id desc limit 500) m
    order by m.created_at desc, m.id desc;
end $$;
