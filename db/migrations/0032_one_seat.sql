-- Tenants an invitation to whose panel is accepted in this very transaction, by somebody who has no session yet.
create function auth.accepting_tenants() returns uuid[] language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return array(select i.tenant_id from auth.invitations i where i.panel_id is not null and i.accepted_at = now()::timestamptz(3));
end $$;
--> statement-breakpoint
ALTER POLICY "panel_members_owner_select" ON "panel_members" TO anshi_owner USING ((tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))) or tenant_id = any ((select auth.accepting_tenants())::uuid[]));--> statement-breakpoint
ALTER POLICY "panel_releases_owner_select" ON "panel_releases" TO anshi_owner USING ((tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))) or tenant_id = any ((select auth.accepting_tenants())::uuid[]));--> statement-breakpoint
ALTER POLICY "panels_owner_select" ON "panels" TO anshi_owner USING ((tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))) or tenant_id = any ((select auth.accepting_tenants())::uuid[]));--> statement-breakpoint
ALTER POLICY "pilot_scores_owner_select" ON "pilot_scores" TO anshi_owner USING ((tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))) or tenant_id = any ((select auth.accepting_tenants())::uuid[]));--> statement-breakpoint
ALTER POLICY "pilots_owner_select" ON "pilots" TO anshi_owner USING ((tenant_id = any ((select auth.broken_glass())::uuid[])) or ((tenant_id in ((select auth.claim('sector', 'tenant')), (select auth.claim('expert', 'tenant')))) or tenant_id = any ((select auth.accepting_tenants())::uuid[])));--> statement-breakpoint
-- One person is one member of a panel, whatever memberships they have in the sector: a live seat of theirs counts, and one whose
-- marks of this panel count already. Asked by the caller's rows, or by those of the panel whose invitation is just accepted.
create or replace function auth.person_seated(of_panel uuid, member uuid) returns boolean language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select 1 from public.panel_members s
      join public.panels n on n.tenant_id = s.tenant_id and n.id = s.panel_id
      join auth.memberships a on a.id = s.membership_id join auth.memberships b on b.user_id = a.user_id
    where s.panel_id = of_panel and b.id = member and s.membership_id <> member
      and ((a.ended_at is null and not exists (select 1 from public.panel_releases r
          where r.tenant_id = s.tenant_id and r.panel_id = s.panel_id and r.membership_id = s.membership_id))
        or exists (select 1 from public.pilot_scores x join public.pilots p on p.tenant_id = x.tenant_id and p.id = x.pilot_id
          where x.tenant_id = s.tenant_id and x.membership_id = s.membership_id and x.total_centi is not null and not x.recused
            and x.round = p.scoring_round and p.project_id = n.project_id and p.batch_no = n.batch_no)));
end $$;
--> statement-breakpoint
-- As before; two who seat one person at once wait for each other.
create or replace function auth.one_seat_each() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.panel_id::text, 31));
  if auth.person_seated(new.panel_id, new.membership_id) then
    raise exception 'a person has one seat in a panel' using errcode = '23505';
  end if;
  return new;
end $$;
--> statement-breakpoint
-- As before; who was named under another membership since the letter was sent keeps that seat.
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
  if one.panel_id is not null and not auth.person_seated(one.panel_id, held) then
    insert into public.panel_members (tenant_id, id, panel_id, membership_id, name, kind)
      values (one.tenant_id, one.id, one.panel_id, held, who.name, 'expert') on conflict do nothing;
  end if;
  perform auth.note(one.tenant_id, one.site_id, 'invitation_accepted', 'invitation', one.id, jsonb_build_object('role', one.role), held);
  return query select who.id, held;
end $$;
