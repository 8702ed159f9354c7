set local check_function_bodies = off;
--> statement-breakpoint
CREATE TABLE "panel_members" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"panel_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"declared_at" timestamp (3) with time zone,
	"interests" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "panel_members_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "panel_members_kind_known" CHECK ("panel_members"."kind" in ('office', 'expert')),
	CONSTRAINT "panel_members_interests_length" CHECK (char_length("panel_members"."interests") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "panel_members" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "panel_releases" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"panel_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"by_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "panel_releases_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "panel_releases_reason_length" CHECK (char_length("panel_releases"."reason") <= 1000)
);
--> statement-breakpoint
ALTER TABLE "panel_releases" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "panels" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"batch_no" integer NOT NULL,
	"anonymous" boolean DEFAULT false NOT NULL,
	"named_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "panels_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "panels" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "score_notes" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"text" text NOT NULL,
	"by_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "score_notes_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "score_notes_text_length" CHECK (char_length("score_notes"."text") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "score_notes" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
DROP INDEX "pilot_scores_once";
--> statement-breakpoint
ALTER TABLE "pilot_scores" ADD COLUMN "round" integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "pilots" ADD COLUMN "scoring_round" integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "pilots" ADD COLUMN "scoring_since" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "pilots" ADD COLUMN "nomination" jsonb;
--> statement-breakpoint
CREATE UNIQUE INDEX "panel_members_once" ON "panel_members" USING btree ("tenant_id","panel_id","membership_id");
--> statement-breakpoint
CREATE INDEX "panel_members_of" ON "panel_members" USING btree ("membership_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "panel_releases_once" ON "panel_releases" USING btree ("tenant_id","panel_id","membership_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "panels_once" ON "panels" USING btree ("tenant_id","project_id","batch_no");
--> statement-breakpoint
CREATE INDEX "score_notes_pilot" ON "score_notes" USING btree ("tenant_id","pilot_id","round");
--> statement-breakpoint
CREATE UNIQUE INDEX "pilot_scores_once" ON "pilot_scores" USING btree ("tenant_id","pilot_id","membership_id","round");
--> statement-breakpoint
ALTER TABLE "panel_members" ADD CONSTRAINT "panel_members_tenant_id_panel_id_panels_tenant_id_id_fk" FOREIGN KEY ("tenant_id","panel_id") REFERENCES "public"."panels"("tenant_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "panel_releases" ADD CONSTRAINT "panel_releases_seat" FOREIGN KEY ("tenant_id","panel_id","membership_id") REFERENCES "public"."panel_members"("tenant_id","panel_id","membership_id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "panels" ADD CONSTRAINT "panels_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "score_notes" ADD CONSTRAINT "score_notes_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
-- Who scores: panels, and what of marks and nominations each may know. Definer functions answer from the caller's secret;
-- the owner's policies let them see rows of the caller's own tenant.
ALTER TABLE auth.memberships DROP CONSTRAINT "memberships_check";--> statement-breakpoint
ALTER TABLE auth.memberships ADD CONSTRAINT "memberships_check" CHECK ((role, level) in (('site_officer','site'),('site_lead','site'),('regulator','sector'),('regulator_lead','sector'),
  ('assessor','assessor'),('expert','expert'),('national_editor','national'),('national_director','national'),('auditor','auditor'),('operator','operator')));--> statement-breakpoint
ALTER TABLE auth.invitations DROP CONSTRAINT "invitations_check";--> statement-breakpoint
ALTER TABLE auth.invitations ADD CONSTRAINT "invitations_check" CHECK ((role, level) in (('site_officer','site'),('site_lead','site'),('regulator','sector'),('regulator_lead','sector'),
  ('assessor','assessor'),('expert','expert'),('national_editor','national'),('national_director','national'),('auditor','auditor'),('operator','operator')));--> statement-breakpoint
ALTER TABLE auth.invitations ADD COLUMN panel_id uuid;--> statement-breakpoint
ALTER TABLE auth.invitations ADD CONSTRAINT "invitations_panel" CHECK ((level = 'expert') = (panel_id is not null));--> statement-breakpoint
-- People of the caller's sector who may sit in a panel: its office and outside experts.
create function auth.colleagues() returns uuid[] language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  return array(select m.id from auth.memberships m
    where m.tenant_id = auth.claim('sector', 'tenant') and m.level in ('sector', 'expert') and m.ended_at is null);
end $$;
--> statement-breakpoint
-- Seats of a tenant's panels that are waited for: not released, and still serving. Whoever leads, or ever led, sees marks
-- once all are in; so their seat counts for those pilots alone whose scoring began after they had it.
create function auth.live_seats(in_tenant uuid) returns table (project_id uuid, batch_no integer, membership_id uuid, seated_at timestamptz, leads boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select n.project_id, n.batch_no, s.membership_id, s.created_at,
      exists (select 1 from auth.memberships l where l.user_id = m.user_id and l.tenant_id = in_tenant and l.role = 'regulator_lead')
    from public.panel_members s
      join public.panels n on n.tenant_id = s.tenant_id and n.id = s.panel_id
      join auth.memberships m on m.id = s.membership_id and m.ended_at is null
    where s.tenant_id = in_tenant and not exists (select 1 from public.panel_releases r
      where r.tenant_id = s.tenant_id and r.panel_id = s.panel_id and r.membership_id = s.membership_id);
end $$;
--> statement-breakpoint
-- Pilots that the caller is to score now: in scoring, and the caller has a live seat in their panel and has declared interests.
create function auth.panel_pilots() returns uuid[] language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  me uuid := coalesce(auth.claim('expert', 'membership'), auth.claim('sector', 'membership'));
  here uuid := coalesce(auth.claim('expert', 'tenant'), auth.claim('sector', 'tenant'));
begin
  if me is null then return '{}'; end if;
  return array(select p.id
    from auth.live_seats(here) s join public.pilots p on p.project_id = s.project_id and p.batch_no = s.batch_no
    where s.membership_id = me and p.tenant_id = here and p.stage = 'scoring' and not (s.leads and s.seated_at > coalesce(p.scoring_since, s.seated_at))
      and exists (select 1 from public.panel_members d join public.panels n on n.tenant_id = d.tenant_id and n.id = d.panel_id
        where d.tenant_id = here and d.membership_id = me and d.declared_at is not null
          and n.project_id = s.project_id and n.batch_no = s.batch_no));
end $$;
--> statement-breakpoint
-- Pilots in scoring of which a live seat has neither handed in nor stepped aside, or which nobody is named to score.
create function auth.hidden_marks() returns uuid[] language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
declare here uuid := coalesce(auth.claim('sector', 'tenant'), auth.claim('expert', 'tenant'));
begin
  return array(select p.id from public.pilots p
    where p.tenant_id = here and p.stage = 'scoring' and (
      not exists (select 1 from auth.live_seats(here) s where s.project_id = p.project_id and s.batch_no = p.batch_no
        and not (s.leads and s.seated_at > coalesce(p.scoring_since, s.seated_at)))
      or exists (select 1 from auth.live_seats(here) s
        where s.project_id = p.project_id and s.batch_no = p.batch_no and not (s.leads and s.seated_at > coalesce(p.scoring_since, s.seated_at))
          and not exists (select 1 from public.pilot_scores x
            where x.tenant_id = here and x.pilot_id = p.id and x.membership_id = s.membership_id and x.round = p.scoring_round
              and (x.recused or x.total_centi is not null)))));
end $$;
--> statement-breakpoint
-- Who of a pilot's panel has finished, without a mark. For the sector's office.
create function auth.score_progress(of_pilot uuid)
  returns table (membership_id uuid, name text, kind text, declared boolean, recused boolean, handed_in boolean, waited_for boolean, released boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select s.membership_id, s.name, s.kind, s.declared_at is not null,
      coalesce(x.recused, false), x.total_centi is not null,
      l.membership_id is not null and coalesce(not x.recused and x.total_centi is null, true),
      l.membership_id is null
    from public.pilots p
      join public.panels n on n.tenant_id = p.tenant_id and n.project_id = p.project_id and n.batch_no = p.batch_no
      join public.panel_members s on s.tenant_id = n.tenant_id and s.panel_id = n.id
      left join auth.live_seats(p.tenant_id) l on l.project_id = n.project_id and l.batch_no = n.batch_no and l.membership_id = s.membership_id
        and not (l.leads and l.seated_at > coalesce(p.scoring_since, l.seated_at))
      left join public.pilot_scores x on x.tenant_id = p.tenant_id and x.pilot_id = p.id and x.membership_id = s.membership_id and x.round = p.scoring_round
    where p.tenant_id = auth.claim('sector', 'tenant') and p.id = of_pilot
    order by s.created_at, s.id;
end $$;
--> statement-breakpoint
-- How each seat of a panel stands over all its nominations. For the sector's office.
create function auth.panel_standing(of_panel uuid) returns table (membership_id uuid, serves boolean, finished integer, pending integer)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select s.membership_id, m.ended_at is null,
      (count(p.id) filter (where x.recused or x.total_centi is not null))::integer,
      (count(p.id) filter (where p.stage = 'scoring' and not coalesce(x.recused or x.total_centi is not null, false)))::integer
    from public.panels n
      join public.panel_members s on s.tenant_id = n.tenant_id and s.panel_id = n.id
      join auth.memberships m on m.id = s.membership_id
      left join public.pilots p on p.tenant_id = n.tenant_id and p.project_id = n.project_id and p.batch_no = n.batch_no
      left join public.pilot_scores x on x.tenant_id = p.tenant_id and x.pilot_id = p.id and x.membership_id = s.membership_id and x.round = p.scoring_round
    where n.tenant_id = auth.claim('sector', 'tenant') and n.id = of_panel
    group by s.membership_id, m.ended_at;
end $$;
--> statement-breakpoint
-- Mean mark and number of marks of each pilot of a batch whose scoring is over.
create function auth.score_means(of_project uuid, of_batch integer, unscored text[]) returns table (pilot_id uuid, mean numeric, marks integer)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select p.id, avg(x.total_centi), count(*)::integer
    from public.pilots p join public.pilot_scores x on x.tenant_id = p.tenant_id and x.pilot_id = p.id and x.round = p.scoring_round
    where p.tenant_id = auth.claim('sector', 'tenant') and p.project_id = of_project and p.batch_no = of_batch
      and p.stage <> all (unscored) and not x.recused and x.total_centi is not null
    group by p.id;
end $$;
--> statement-breakpoint
-- What an outside expert is given of each nomination that they are to score. Where the call is anonymous, applicant and
-- system have no name, and the applicant's text has none of them either.
create function auth.panel_nominations()
  returns table (id uuid, code text, batch_no integer, direction text, grade integer, name text, site_name text, region text, size text,
    devices integer, description text, anonymous boolean, must_recuse boolean, round integer, nomination jsonb)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  me uuid := auth.claim('expert', 'membership');
  here uuid := auth.claim('expert', 'tenant');
begin
  return query select p.id, p.code, p.batch_no, p.direction, p.grade,
      case when not n.anonymous then p.name end, case when not n.anonymous then s.name end, case when not n.anonymous then s.region end, s.size, y.devices,
      case when n.anonymous then replace(replace(replace(y.description, s.name, '＊＊'), y.name, '＊＊'), p.name, '＊＊') else y.description end,
      n.anonymous,
      exists (select 1 from auth.memberships me_now join auth.memberships o on o.user_id = me_now.user_id
        where me_now.id = me and o.site_id is not null and (o.ended_at is null or o.ended_at > now() - interval '3 years')
          and (o.site_id = s.id or o.site_name = s.name)),
      p.scoring_round, case when n.anonymous then p.nomination - 'partners' else p.nomination end
    from public.pilots p
      join public.panels n on n.tenant_id = p.tenant_id and n.project_id = p.project_id and n.batch_no = p.batch_no
      join public.sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
      join public.systems y on y.tenant_id = p.tenant_id and y.id = p.system_id
    where p.tenant_id = here and p.id = any (auth.panel_pilots())
    order by p.code;
end $$;
--> statement-breakpoint
-- A sheet belongs to the pilot's present round, and a mark that was handed in is final: whoever has seen others' marks since
-- cannot move their own, nor take it back.
create function auth.sheet_is_final() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    new.round := (select p.scoring_round from public.pilots p where p.tenant_id = new.tenant_id and p.id = new.pilot_id);
  elsif old.recused or (old.total_centi is not null and not (new.recused and old.pilot_id = any (auth.hidden_marks()))) then
    raise exception 'a mark that was handed in is final' using errcode = '42501';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger pilot_scores_final before insert or update on public.pilot_scores for each row execute function auth.sheet_is_final();
--> statement-breakpoint
-- An invitation to one panel of the caller's sector. As auth.invite(), by the lead alone; who serves there already is named without one.
create function auth.invite_expert(secret_digest bytea, new_id uuid, member_email text, member_name text, to_panel uuid,
    until timestamptz, mail uuid, mail_subject text, mail_text text, mail_html text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare me auth.memberships;
begin
  select * into me from auth.memberships m where m.id = auth.claim('sector', 'membership');
  if me.id is null or me.role <> 'regulator_lead'
      or not exists (select 1 from public.panels n where n.tenant_id = me.tenant_id and n.id = to_panel) then
    raise exception 'not allowed' using errcode = '42501';
  end if;
  if (select count(*) from auth.invitations i where i.invited_by = me.id and i.created_at > now() - interval '1 hour') >= 200 then
    raise exception 'too many invitations' using errcode = '54000';
  end if;
  if exists (select 1 from auth.users u join auth.memberships m on m.user_id = u.id
      where u.email = lower(member_email) and m.tenant_id = me.tenant_id and m.level in ('sector', 'expert') and m.ended_at is null) then
    return null;
  end if;
  update auth.invitations i set revoked_at = now() where i.email = lower(member_email) and i.tenant_id = me.tenant_id and i.role = 'expert'
    and i.panel_id = to_panel and i.accepted_at is null and i.revoked_at is null;
  insert into auth.invitations (digest, id, email, name, tenant_id, role, level, invited_by, expires_at, panel_id)
    values (secret_digest, new_id, lower(member_email), member_name, me.tenant_id, 'expert', 'expert', me.id,
      least(until, now() + interval '30 days'), to_panel);
  insert into auth.mails (id, kind, recipient, subject, body_text, body_html, useful_until)
    values (mail, 'invitation', lower(member_email), mail_subject, mail_text, mail_html, least(until, now() + interval '30 days'));
  perform auth.note(me.tenant_id, null, 'invitation_sent', 'invitation', new_id, jsonb_build_object('role', 'expert'));
  return new_id;
end $$;
--> statement-breakpoint
-- As before, and whoever accepts an invitation to a panel has their seat in it at once.
create or replace function auth.accept_invitation(secret_digest bytea, new_user uuid, new_membership uuid, member_name text, new_hash text)
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
  if one.panel_id is not null then
    insert into public.panel_members (tenant_id, id, panel_id, membership_id, name, kind)
      values (one.tenant_id, one.id, one.panel_id, held, who.name, 'expert') on conflict do nothing;
  end if;
  perform auth.note(one.tenant_id, one.site_id, 'invitation_accepted', 'invitation', one.id, jsonb_build_object('role', one.role), held);
  return query select who.id, held;
end $$;
--> statement-breakpoint
CREATE POLICY "audit_nodes_expert_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "audit_roots_expert_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "controls_expert_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "threats_expert_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "vulnerabilities_expert_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "artifacts_expert_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (public);
--> statement-breakpoint
CREATE POLICY "pilot_scores_expert_select" ON "pilot_scores" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "pilot_scores_expert_insert" ON "pilot_scores" AS PERMISSIVE FOR INSERT TO "anshi_expert" WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')) and pilot_id = any ((select auth.panel_pilots())::uuid[]));
--> statement-breakpoint
CREATE POLICY "pilot_scores_expert_update" ON "pilot_scores" AS PERMISSIVE FOR UPDATE TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')) and pilot_id = any ((select auth.panel_pilots())::uuid[])) WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')) and pilot_id = any ((select auth.panel_pilots())::uuid[]));
--> statement-breakpoint
CREATE POLICY "pilot_scores_owner_select" ON "pilot_scores" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));
--> statement-breakpoint
CREATE POLICY "action_milestones_expert_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "batches_expert_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "programmes_expert_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "idempotency_keys_expert_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "idempotency_keys_expert_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_expert" WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "visits_expert_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "visits_expert_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_expert" WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "visits_expert_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "clause_tellings_expert_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (public);
--> statement-breakpoint
CREATE POLICY "clauses_expert_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (public);
--> statement-breakpoint
CREATE POLICY "specifications_expert_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (public);
--> statement-breakpoint
CREATE POLICY "tenants_expert_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (true);
--> statement-breakpoint
CREATE POLICY "panel_members_sector_select" ON "panel_members" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));
--> statement-breakpoint
CREATE POLICY "panel_members_sector_insert" ON "panel_members" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead' and membership_id = any ((select auth.colleagues())::uuid[]) and declared_at is null and exists (select 1 from public.panels p where p.tenant_id = panel_members.tenant_id and p.id = panel_members.panel_id));
--> statement-breakpoint
CREATE POLICY "panel_members_sector_update" ON "panel_members" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));
--> statement-breakpoint
CREATE POLICY "panel_members_expert_select" ON "panel_members" AS PERMISSIVE FOR SELECT TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "panel_members_expert_update" ON "panel_members" AS PERMISSIVE FOR UPDATE TO "anshi_expert" USING (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('expert', 'tenant')) and membership_id = (select auth.claim('expert', 'membership')));
--> statement-breakpoint
CREATE POLICY "panel_members_owner_select" ON "panel_members" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));
--> statement-breakpoint
CREATE POLICY "panel_members_owner_insert" ON "panel_members" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (kind = 'expert' and declared_at is null);
--> statement-breakpoint
CREATE POLICY "panel_releases_sector_select" ON "panel_releases" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));
--> statement-breakpoint
CREATE POLICY "panel_releases_sector_insert" ON "panel_releases" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead' and exists (select 1 from public.panel_members p where p.tenant_id = panel_releases.tenant_id and p.panel_id = panel_releases.panel_id and p.membership_id = panel_releases.membership_id));
--> statement-breakpoint
CREATE POLICY "panel_releases_owner_select" ON "panel_releases" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));
--> statement-breakpoint
CREATE POLICY "panels_sector_select" ON "panels" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));
--> statement-breakpoint
CREATE POLICY "panels_sector_insert" ON "panels" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead' and exists (select 1 from public.projects p where p.tenant_id = panels.tenant_id and p.id is not distinct from panels.project_id));
--> statement-breakpoint
CREATE POLICY "panels_sector_update" ON "panels" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead') WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead');
--> statement-breakpoint
CREATE POLICY "panels_owner_select" ON "panels" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant'))));
--> statement-breakpoint
CREATE POLICY "score_notes_sector_select" ON "score_notes" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead');
--> statement-breakpoint
CREATE POLICY "score_notes_sector_insert" ON "score_notes" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and (select auth.claim_role('sector')) = 'regulator_lead' and exists (select 1 from public.pilots p where p.tenant_id = score_notes.tenant_id and p.id = score_notes.pilot_id));
--> statement-breakpoint
ALTER POLICY "pilot_scores_sector_select" ON "pilot_scores" TO anshi_sector USING (tenant_id = (select auth.claim('sector', 'tenant')) and (membership_id = (select auth.claim('sector', 'membership')) or ((select auth.claim_role('sector')) = 'regulator_lead' and not (pilot_id = any ((select auth.hidden_marks())::uuid[])))));
--> statement-breakpoint
ALTER POLICY "pilot_scores_sector_insert" ON "pilot_scores" TO anshi_sector WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')) and pilot_id = any ((select auth.panel_pilots())::uuid[]));
--> statement-breakpoint
ALTER POLICY "pilot_scores_sector_update" ON "pilot_scores" TO anshi_sector USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')) and pilot_id = any ((select auth.panel_pilots())::uuid[])) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')) and pilot_id = any ((select auth.panel_pilots())::uuid[]));
--> statement-breakpoint
ALTER POLICY "pilots_owner_select" ON "pilots" TO anshi_owner USING ((tenant_id = any ((select auth.broken_glass())::uuid[])) or (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))));
--> statement-breakpoint
ALTER POLICY "sites_owner_select" ON "sites" TO anshi_owner USING ((tenant_id = any ((select auth.broken_glass())::uuid[])) or (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))));
--> statement-breakpoint
ALTER POLICY "systems_owner_select" ON "systems" TO anshi_owner USING ((tenant_id = any ((select auth.broken_glass())::uuid[])) or (tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))));
--> statement-breakpoint
-- Pilots go on by the rules of version 2, which has the stages and the memory of version 1. Their logs stay as they were judged.
ALTER TABLE "workflow_instances" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow_instances" DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE workflow_instances SET version = 2 WHERE machine = 'pilot' AND version = 1;--> statement-breakpoint
ALTER TABLE "workflow_instances" ENABLE TRIGGER USER;
