-- The audit chain. Rows come from triggers and from audit(), in the transaction of what they tell of; when it commits each
-- gets its place. The lock on a tenant's chain is held from then to the end of the commit alone, and a transaction that
-- touches several tenants takes them in order, so chains wait for each other no longer than that and never in a circle.
set local check_function_bodies = off;
--> statement-breakpoint
-- JSON as RFC 8785 has it. Names of members are ours and ASCII, so that the order of bytes is the order of UTF-16; numbers
-- are whole, because the shortest form of a fraction is JavaScript's to tell.
create function auth.canonical(j jsonb) returns text language plpgsql immutable strict parallel safe
  set search_path = pg_catalog, pg_temp as $$
begin
  case jsonb_typeof(j)
    when 'object' then
      return (select '{' || coalesce(string_agg(to_json(e.key)::text || ':' || auth.canonical(e.value), ',' order by e.key collate "C"), '') || '}' from jsonb_each(j) e);
    when 'array' then
      return (select '[' || coalesce(string_agg(auth.canonical(e.value), ',' order by e.n), '') || ']' from jsonb_array_elements(j) with ordinality e(value, n));
    when 'number' then
      if j::text !~ '^(0|-?[1-9][0-9]{0,14})$' then raise exception 'a number of an audit entry must be whole: %', j using errcode = '22023'; end if;
      return j::text;
    else
      return j::text;
  end case;
end $$;
--> statement-breakpoint
-- Who acts: the person behind the secret in the role that is taken. No row where nobody signed in acts.
create function auth.caller() returns table (user_id uuid, membership_id uuid, role text, name text, tenant_id uuid, site_id uuid)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  acting text := substring(current_setting('role') from '^anshi_(.*)$');
  mine uuid := auth.claim(acting, 'membership');
begin
  if mine is null then return; end if;
  return query select m.user_id, m.id, m.role, u.name, m.tenant_id, m.site_id
    from auth.memberships m join auth.users u on u.id = m.user_id where m.id = mine;
end $$;
--> statement-breakpoint
-- Adds an entry as the caller, or as `acting` where nobody has signed in yet. Who acts in another tenant's affairs has it in
-- his own tenant's chain too, under `elsewhere`: both can show it.
create function auth.note(in_tenant uuid, in_site uuid, what text, of_type text, of_id uuid, more jsonb, acting uuid default null) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me record;
begin
  if acting is null then
    select * into me from auth.caller();
  else
    select m.user_id, m.id as membership_id, m.role, u.name, m.tenant_id, m.site_id into me
      from auth.memberships m join auth.users u on u.id = m.user_id where m.id = acting;
  end if;
  if me.tenant_id <> in_tenant and what <> 'change' then
    perform auth.note(me.tenant_id, me.site_id, what, of_type, of_id, more || jsonb_build_object('elsewhere', in_tenant), me.membership_id);
  end if;
  insert into public.audit_entries (tenant_id, at, site_id, act, object_type, object_id, user_id, membership_id, role, name, request, details, xact)
    values (in_tenant, clock_timestamp(), in_site, what, of_type, of_id, me.user_id, me.membership_id,
      coalesce(me.role, case current_setting('role') when 'anshi_public' then 'public' else 'system' end), coalesce(me.name, ''),
      left(regexp_replace(coalesce(current_setting('anshi.request', true), ''), '[^A-Za-z0-9_-]', '', 'g'), 64),
      more, pg_current_xact_id()::text::bigint);
end $$;
--> statement-breakpoint
-- What the application alone knows of: files taken out, and what was refused. In the caller's own tenant and name.
create function auth.audit(what text, of_type text, of_id uuid, more jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me record;
begin
  if what not in ('download', 'export', 'refusal') then
    raise exception 'the application tells of downloads, exports and refusals alone' using errcode = '22023';
  end if;
  if jsonb_typeof(more) is distinct from 'object' or char_length(auth.canonical(more)) > 4000 then
    raise exception 'details of an audit entry are an object of at most 4,000 characters' using errcode = '22023';
  end if;
  select * into me from auth.caller();
  if me.membership_id is null then return; end if;
  perform auth.note(me.tenant_id, me.site_id, what, left(of_type, 60), of_id, more);
end $$;
--> statement-breakpoint
-- Every change of a tenant's rows, once a statement: table, verb, how many, which (the first twenty) and which columns.
-- Values are not told: who may read the trail may not read everything. Arguments: the columns of the key after the tenant.
create function auth.audit_change() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  if tg_op = 'INSERT' then
    for r in
      select (j->>'tenant_id')::uuid as t, (j->>'site_id')::uuid as s, count(*)::integer as n, (array_agg(k order by k))[1:20] as keys, null::text[] as changed
        from (select to_jsonb(x) as j from new_rows x) rows cross join lateral
          (select string_agg(rows.j->>c, '/' order by o) as k from unnest(tg_argv) with ordinality a(c, o)) keyed
        group by 1, 2
    loop perform auth.note_change(tg_table_name, 'insert', r.t, r.s, r.n, r.keys, r.changed); end loop;
  elsif tg_op = 'DELETE' then
    for r in
      select (j->>'tenant_id')::uuid as t, (j->>'site_id')::uuid as s, count(*)::integer as n, (array_agg(k order by k))[1:20] as keys, null::text[] as changed
        from (select to_jsonb(x) as j from old_rows x) rows cross join lateral
          (select string_agg(rows.j->>c, '/' order by o) as k from unnest(tg_argv) with ordinality a(c, o)) keyed
        group by 1, 2
    loop perform auth.note_change(tg_table_name, 'delete', r.t, r.s, r.n, r.keys, r.changed); end loop;
  else
    for r in
      with before as (
        select to_jsonb(x) as j, (select string_agg(to_jsonb(x)->>c, '/' order by o) from unnest(tg_argv) with ordinality a(c, o)) as k from old_rows x
      ), after as (
        select to_jsonb(x) as j, (select string_agg(to_jsonb(x)->>c, '/' order by o) from unnest(tg_argv) with ordinality a(c, o)) as k from new_rows x
      ), changes as (
        select a.j, a.k, (select array_agg(e.key) from jsonb_each(a.j) e where b.j->e.key is distinct from e.value and e.key <> 'updated_at') as columns
          from after a join before b on b.k = a.k and b.j->'tenant_id' = a.j->'tenant_id'
      )
      select (j->>'tenant_id')::uuid as t, (j->>'site_id')::uuid as s, count(distinct k)::integer as n, (array_agg(distinct k order by k))[1:20] as keys,
          array_agg(distinct c order by c) as changed
        from changes cross join unnest(columns) c group by 1, 2
    loop perform auth.note_change(tg_table_name, 'update', r.t, r.s, r.n, r.keys, r.changed); end loop;
  end if;
  return null;
end $$;
--> statement-breakpoint
create function auth.note_change(of_table text, verb text, in_tenant uuid, in_site uuid, n integer, keys text[], changed text[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.note(in_tenant, in_site, 'change', of_table,
    case when n = 1 and keys[1] ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' then substr(keys[1], 1, 36)::uuid end,
    jsonb_strip_nulls(jsonb_build_object('verb', verb, 'rows', n, 'keys', to_jsonb(keys), 'columns', to_jsonb(changed))));
end $$;
--> statement-breakpoint
create function auth.audit_transition() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.note(new.tenant_id, new.site_id, 'transition', new.machine, new.object_id, jsonb_strip_nulls(jsonb_build_object(
    'event', new.type, 'from', new.from_state, 'to', new.to_state, 'seq', new.seq, 'reason', nullif(new.reason, ''),
    'contentHash', new.content_hash, 'project', new.project_id,
    'on', to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'as', case when new.actor_role = 'system' then 'system' end)));
  return null;
end $$;
--> statement-breakpoint
create trigger workflow_events_audit after insert on workflow_events for each row execute function auth.audit_transition();
--> statement-breakpoint
-- Accounts and what they may: told to the tenant in which they act.
create function auth.audit_session() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  of_session record := case when tg_op = 'DELETE' then old else new end;
  m auth.memberships;
begin
  -- A session that has run out and is swept away is nobody's act.
  if tg_op = 'DELETE' and (of_session.expires_at <= now() or of_session.idle_until <= now()) then return null; end if;
  select * into m from auth.memberships where id = of_session.membership_id;
  if m.id is null then return null; end if;
  perform auth.note(m.tenant_id, m.site_id, case tg_op when 'DELETE' then 'sign_out' else 'sign_in' end, 'session', of_session.id,
    jsonb_build_object('ip', of_session.ip, 'agent', left(of_session.agent, 200)), m.id);
  return null;
end $$;
--> statement-breakpoint
create trigger sessions_audit after insert or delete on auth.sessions for each row execute function auth.audit_session();
--> statement-breakpoint
-- Many wrong passwords for one account are its tenants' affair; for an account that is none, the platform's. Only the digest
-- of what was typed is kept: people type passwords into the wrong field.
create function auth.audit_failure() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  typed text := substring(new.key from '^account:(.*)$');
  known boolean := false;
  m record;
begin
  if typed is null then return null; end if;
  for m in select distinct on (s.tenant_id) s.tenant_id, s.site_id, s.id, s.user_id from auth.memberships s join auth.users u on u.id = s.user_id
      where u.email = typed and s.ended_at is null order by s.tenant_id, s.id loop
    known := true;
    perform auth.note(m.tenant_id, m.site_id, 'sign_in_failed', 'membership', m.id, jsonb_build_object('failures', new.failures), m.id);
  end loop;
  if not known then
    for m in select t.id from public.tenants t where t.kind = 'platform' loop
      perform auth.note(m.id, null, 'sign_in_failed', 'account', null,
        jsonb_build_object('failures', new.failures, 'account', encode(sha256(convert_to(typed, 'UTF8')), 'hex')));
    end loop;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger sign_in_attempts_audit after insert or update of failures on auth.sign_in_attempts for each row execute function auth.audit_failure();
--> statement-breakpoint
create function auth.audit_membership() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform auth.note(new.tenant_id, new.site_id, 'member_added', 'membership', new.id, jsonb_build_object('role', new.role, 'user', new.user_id));
  elsif new.ended_at is not null and old.ended_at is null then
    perform auth.note(new.tenant_id, new.site_id, 'member_ended', 'membership', new.id, jsonb_build_object('role', new.role, 'user', new.user_id));
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger memberships_audit after insert or update of ended_at on auth.memberships for each row execute function auth.audit_membership();
--> statement-breakpoint
create function auth.audit_token() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare m auth.memberships;
begin
  if tg_op = 'UPDATE' and (new.revoked_at is null or old.revoked_at is not null) then return null; end if;
  select * into m from auth.memberships where id = new.membership_id;
  perform auth.note(m.tenant_id, m.site_id, case tg_op when 'INSERT' then 'token_created' else 'token_revoked' end, 'token', new.id,
    jsonb_build_object('name', new.name, 'scopes', to_jsonb(new.scopes), 'until', to_char(new.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')));
  return null;
end $$;
--> statement-breakpoint
create trigger api_tokens_audit after insert or update of revoked_at on auth.api_tokens for each row execute function auth.audit_token();
--> statement-breakpoint
-- An account is one person's over all tenants: each that it acts in is told.
create function auth.audit_account() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  m record;
  what text := case when new.password_hash is distinct from old.password_hash then 'password_changed'
    when new.disabled_at is distinct from old.disabled_at then case when new.disabled_at is null then 'account_enabled' else 'account_disabled' end
    when new.name is distinct from old.name then 'account_renamed' end;
begin
  if what is null then return null; end if;
  for m in select distinct on (s.tenant_id) s.tenant_id, s.site_id, s.id from auth.memberships s where s.user_id = new.id and s.ended_at is null order by s.tenant_id, s.id loop
    perform auth.note(m.tenant_id, m.site_id, what, 'account', new.id, '{}',
      case when (select c.membership_id from auth.caller() c) is null then m.id end);
  end loop;
  return null;
end $$;
--> statement-breakpoint
create trigger users_audit after update of password_hash, name, disabled_at on auth.users for each row execute function auth.audit_account();
--> statement-breakpoint
create function auth.audit_time(t timestamptz) returns text language sql stable strict parallel safe
  set search_path = pg_catalog, pg_temp as $$ select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
--> statement-breakpoint
-- The text whose SHA-256 is an entry's digest.
create function auth.audit_text(e public.audit_entries) returns text language sql stable parallel safe
  set search_path = pg_catalog, pg_temp as $$
  select auth.canonical(jsonb_build_object('v', 1, 'tenant', e.tenant_id, 'seq', e.seq, 'at', auth.audit_time(e.at), 'act', e.act,
    'object', jsonb_build_object('type', e.object_type, 'id', e.object_id), 'site', e.site_id,
    'actor', jsonb_build_object('user', e.user_id, 'membership', e.membership_id, 'role', e.role, 'name', e.name),
    'request', e.request, 'details', e.details, 'prev', e.prev)) $$;
--> statement-breakpoint
-- At commit: the first row of a transaction whose turn comes gives all of them their places.
create function auth.audit_chain() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  e public.audit_entries;
  head public.audit_heads;
begin
  for e in select * from public.audit_entries a where a.xact = new.xact and a.seq is null order by a.tenant_id, a.no loop
    if head.tenant_id is distinct from e.tenant_id then
      if head.tenant_id is not null then update public.audit_heads h set seq = head.seq, hash = head.hash where h.tenant_id = head.tenant_id; end if;
      select * into head from public.audit_heads h where h.tenant_id = e.tenant_id for update;
      if not found then
        insert into public.audit_heads (tenant_id, seq, hash) values (e.tenant_id, 0, repeat('0', 64)) on conflict do nothing;
        select * into head from public.audit_heads h where h.tenant_id = e.tenant_id for update;
      end if;
    end if;
    e.seq := head.seq + 1;
    e.prev := head.hash;
    e.hash := encode(sha256(convert_to(auth.audit_text(e), 'UTF8')), 'hex');
    update public.audit_entries a set seq = e.seq, prev = e.prev, hash = e.hash where a.tenant_id = e.tenant_id and a.no = e.no;
    head.seq := e.seq;
    head.hash := e.hash;
  end loop;
  if head.tenant_id is not null then update public.audit_heads h set seq = head.seq, hash = head.hash where h.tenant_id = head.tenant_id; end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger audit_entries_chain after insert on audit_entries deferrable initially deferred
  for each row execute function auth.audit_chain();
--> statement-breakpoint
-- The national tree (RFC 6962, 2.1): a leaf for each chain that has grown since the last sealing, then the root. Returns the
-- tree's size. One sealing at a time.
create function auth.seal_audit() returns bigint language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  h record;
  n bigint;
  node bytea;
  at_level bigint;
  place bigint;
  rest bigint;
  sealed_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  grown boolean := false;
begin
  perform pg_advisory_xact_lock(727301215);
  select coalesce(max(no) + 1, 0) into n from public.audit_leaves;
  for h in select a.tenant_id, a.seq, a.hash from public.audit_heads a
      where a.seq > coalesce((select max(l.seq) from public.audit_leaves l where l.tenant_id = a.tenant_id), 0) order by a.tenant_id loop
    insert into public.audit_leaves (tenant_id, no, seq, head, at) values (h.tenant_id, n, h.seq, h.hash, sealed_at);
    node := sha256('\x00'::bytea || convert_to(auth.canonical(jsonb_build_object('v', 1, 'tenant', h.tenant_id, 'seq', h.seq, 'head', h.hash, 'at', auth.audit_time(sealed_at))), 'UTF8'));
    at_level := 0;
    place := n;
    insert into public.audit_nodes (level, no, hash) values (0, place, encode(node, 'hex'));
    while place % 2 = 1 loop
      select sha256('\x01'::bytea || decode(a.hash, 'hex') || node) into node from public.audit_nodes a where a.level = at_level and a.no = place - 1;
      at_level := at_level + 1;
      place := place / 2;
      insert into public.audit_nodes (level, no, hash) values (at_level, place, encode(node, 'hex'));
    end loop;
    n := n + 1;
    grown := true;
  end loop;
  if not grown then return n; end if;
  -- The complete subtrees of the tree, smallest first, folded from the right.
  node := null;
  rest := n;
  at_level := 0;
  while rest > 0 loop
    if rest % 2 = 1 then
      select case when node is null then decode(a.hash, 'hex') else sha256('\x01'::bytea || decode(a.hash, 'hex') || node) end into node
        from public.audit_nodes a where a.level = at_level and a.no = rest - 1;
    end if;
    rest := rest / 2;
    at_level := at_level + 1;
  end loop;
  insert into public.audit_roots (size, root, at) values (n, encode(node, 'hex'), sealed_at);
  return n;
end $$;
