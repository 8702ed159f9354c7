ALTER TABLE "notice_choices" DROP CONSTRAINT "notice_choices_kind_known";--> statement-breakpoint
ALTER TABLE "notices" DROP CONSTRAINT "notices_kind_known";--> statement-breakpoint
ALTER TABLE "notice_choices" ADD CONSTRAINT "notice_choices_kind_known" CHECK ("notice_choices"."kind" in ('survey_opened', 'handed_in', 'returned', 'approved', 'selected', 'rejected', 'stopped', 'resumed', 'ended', 'moved', 'consultation', 'published', 'reminder', 'granted', 'comment', 'mail_refused', 'due', 'overdue', 'escalated'));--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_kind_known" CHECK ("notices"."kind" in ('survey_opened', 'handed_in', 'returned', 'approved', 'selected', 'rejected', 'stopped', 'resumed', 'ended', 'moved', 'consultation', 'published', 'reminder', 'granted', 'comment', 'mail_refused', 'due', 'overdue', 'escalated'));--> statement-breakpoint
CREATE POLICY "documents_worker_select" ON "documents" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "grants_worker_select" ON "grants" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "pilots_worker_select" ON "pilots" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "measures_worker_select" ON "measures" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "projects_worker_select" ON "projects" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
ALTER POLICY "notices_owner_update" ON "notices" TO anshi_owner USING (read_at is null) WITH CHECK (true);--> statement-breakpoint
-- How far up the ladder each due day was told: once a rung, whoever asks how often, and never back.
create table auth.deadline_steps (
  tenant_id uuid not null,
  object_type text not null check (object_type in ('document', 'pilot', 'measure', 'grant')),
  object_id uuid not null,
  due_on date not null,
  rung integer not null,
  at timestamptz(3) not null,
  primary key (object_id, object_type, due_on)
);
--> statement-breakpoint
-- The clock of the programme, for the worker, which is of no level.
create function auth.worker_now() returns timestamptz
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select auth.business_now() $$;
--> statement-breakpoint
-- Tells of due days, and notes the rung, kept or lost together. A tenant of null is the national office. Returns how many notices were put.
create function auth.tell_deadlines(given jsonb, since timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare told integer;
begin
  with owed as (
    select * from jsonb_to_recordset(given) as o(tenant uuid, type text, object uuid, due date, rung integer, to_tenant uuid, site uuid,
      roles text[], kind text, subject text, href text, params jsonb, usual text)),
  fresh as (
    insert into auth.deadline_steps as d (tenant_id, object_type, object_id, due_on, rung, at)
      select o.tenant, o.type, o.object, o.due, o.rung, since from owed o order by o.object
      on conflict (object_id, object_type, due_on) do update set rung = excluded.rung, at = excluded.at where d.rung < excluded.rung
      returning d.object_id, d.object_type, d.due_on)
  insert into public.notices (tenant_id, id, membership_id, kind, subject, href, params, at, channel)
    select m.tenant_id, uuidv7(), m.id, o.kind, o.subject, o.href, o.params, since, coalesce(c.channel, o.usual)
    from fresh f join owed o on o.object = f.object_id and o.type = f.object_type and o.due = f.due_on
      join auth.memberships m on m.role = any (o.roles) and (o.site is null or m.level <> 'site' or m.site_id = o.site)
        and m.tenant_id = coalesce(o.to_tenant, (select t.id from public.tenants t where t.kind = 'national' order by t.id limit 1))
      join auth.users u on u.id = m.user_id
      left join public.notice_choices c on c.tenant_id = m.tenant_id and c.membership_id = m.id and c.kind = o.kind
    where m.ended_at is null and u.disabled_at is null and coalesce(c.channel, o.usual) <> 'none'
    order by m.id
    on conflict (tenant_id, membership_id, kind, href) where read_at is null do update
      set times = notices.times + 1, at = excluded.at, subject = excluded.subject, params = excluded.params,
        channel = excluded.channel, mailed_at = null;
  get diagnostics told = row_count;
  return told;
end $$;
--> statement-breakpoint
-- Notices of due days of what is owed no more are read by themselves: what nobody need do stands before nobody.
create function auth.clear_deadlines(owed jsonb, since timestamptz) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare cleared integer;
begin
  update public.notices n set read_at = since
    where n.read_at is null and n.kind in ('due', 'overdue', 'escalated')
      and n.href not in (select jsonb_array_elements_text(owed));
  get diagnostics cleared = row_count;
  return cleared;
end $$;
