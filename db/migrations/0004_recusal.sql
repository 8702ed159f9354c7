-- Sites at which the caller's own account serves, in whatever tenant, or served until less than three years ago: who scores
-- must not judge them. Told to the caller alone, of himself; the real clock, as memberships end by it.
set local check_function_bodies = off;
--> statement-breakpoint
create function auth.my_sites(wanted text) returns table (site_id uuid, site_name text, ended_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.site_id, m.site_name, m.ended_at
    from auth.memberships me join auth.memberships m on m.user_id = me.user_id
    where me.id = auth.claim(wanted, 'membership') and m.site_id is not null
      and (m.ended_at is null or m.ended_at > now() - interval '3 years')
    order by m.ended_at desc nulls first, m.id $$;
