-- What a check of the walls found, as an entry of the trail: an auditor's act in his own tenant, in nobody else's name and at
-- no other time. Its counts and digest are all there is to print a certificate from later; there is no table for it.
create function auth.audit_isolation(of_id uuid, more jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me record;
begin
  select * into me from auth.caller();
  if me.role is distinct from 'auditor' then
    raise exception 'only an auditor records what a check of the walls found' using errcode = '42501';
  end if;
  if of_id is null or jsonb_typeof(more) is distinct from 'object' or char_length(auth.canonical(more)) > 8000 then
    raise exception 'what a check found is an object of at most 8,000 characters, under an id' using errcode = '22023';
  end if;
  perform auth.note(me.tenant_id, me.site_id, 'isolation', 'isolation', of_id, more);
end $$;
