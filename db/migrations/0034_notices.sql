CREATE TABLE "notices" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"href" text NOT NULL,
	"by_name" text DEFAULT '' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"params" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "notices_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "notices_kind_known" CHECK ("notices"."kind" in ('survey_opened', 'handed_in', 'returned', 'approved', 'selected', 'rejected', 'stopped', 'resumed', 'ended', 'moved', 'consultation', 'published', 'reminder')),
	CONSTRAINT "notices_subject_length" CHECK (char_length("notices"."subject") <= 300),
	CONSTRAINT "notices_href_length" CHECK (char_length("notices"."href") <= 300),
	CONSTRAINT "notices_by_name_length" CHECK (char_length("notices"."by_name") <= 200),
	CONSTRAINT "notices_reason_length" CHECK (char_length("notices"."reason") <= 1000)
);
--> statement-breakpoint
ALTER TABLE "notices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "notices_of" ON "notices" USING btree ("membership_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "notices_unread" ON "notices" USING btree ("tenant_id","membership_id","kind","href") WHERE read_at is null;--> statement-breakpoint
CREATE POLICY "notices_site_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_site_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_sector_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_sector_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_assessor_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_assessor_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_expert_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_expert_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_national_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_national_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_auditor_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_auditor_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_operator_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_operator_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "notices_owner_select" ON "notices" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "notices_owner_insert" ON "notices" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (read_at is null);--> statement-breakpoint
CREATE POLICY "notices_owner_update" ON "notices" AS PERMISSIVE FOR UPDATE TO "anshi_owner" USING (read_at is null) WITH CHECK (read_at is null);--> statement-breakpoint
-- Tells people of an act: those of some tenants, of one site where one is named, who hold one of some roles; never the doer. Within the
-- caller's tenant, and between the national office and sectors: nobody else has anything to tell another tenant.
create function auth.notify(wanted text, to_tenants uuid[], to_site uuid, to_roles text[], of_kind text, about text, place text,
    by_whom text, why text, more jsonb, since timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships; told integer;
begin
  select * into me from auth.memberships m where m.id = auth.claim(wanted, 'membership');
  if me.id is null or exists (select 1 from unnest(to_tenants) t(id) where t.id <> me.tenant_id
      and not exists (select 1 from public.tenants a, public.tenants b where a.id = me.tenant_id and b.id = t.id
        and (a.kind, b.kind) in (('sector', 'national'), ('national', 'sector')))) then
    raise exception 'not allowed' using errcode = '42501';
  end if;
  insert into public.notices (tenant_id, id, membership_id, kind, subject, href, by_name, reason, params, at)
    select m.tenant_id, uuidv7(), m.id, of_kind, about, place, by_whom, why, more, since
    from auth.memberships m join auth.users u on u.id = m.user_id
    where m.tenant_id = any (to_tenants) and (to_site is null or m.site_id = to_site) and m.role = any (to_roles)
      and m.ended_at is null and u.disabled_at is null and m.id <> me.id
    order by m.id
    on conflict (tenant_id, membership_id, kind, href) where read_at is null do update
      set times = notices.times + 1, at = excluded.at, subject = excluded.subject, by_name = excluded.by_name, reason = excluded.reason,
        params = excluded.params;
  get diagnostics told = row_count;
  return told;
end $$;
--> statement-breakpoint
-- As before, and who was reminded of what they owe.
create or replace function auth.audit(what text, of_type text, of_id uuid, more jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me record;
begin
  if what not in ('download', 'export', 'refusal', 'reminder') then
    raise exception 'the application tells of downloads, exports, refusals and reminders alone' using errcode = '22023';
  end if;
  if jsonb_typeof(more) is distinct from 'object' or char_length(auth.canonical(more)) > 4000 then
    raise exception 'details of an audit entry are an object of at most 4,000 characters' using errcode = '22023';
  end if;
  select * into me from auth.caller();
  if me.membership_id is null then return; end if;
  perform auth.note(me.tenant_id, me.site_id, what, left(of_type, 60), of_id, more);
end $$;
