-- A wrong code or a failed proof is told in the trail as a wrong password is: of whoever it was tried for.
set local check_function_bodies = off;
--> statement-breakpoint
create or replace function auth.end_attempt(keys text[], failed boolean) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  started timestamptz := date_bin('15 minutes', now(), timestamptz '2000-01-01');
  failures integer;
  who uuid;
begin
  for i in 1 .. coalesce(array_length(keys, 1), 0) loop
    update auth.attempts_under_way set pending = greatest(pending - 1, 0) where key = keys[i] and window_start = started;
    if failed then
      failures := auth.count_failure(keys[i]);
      who := substring(keys[i] from '^(?:totp|step):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$')::uuid;
      if who is not null then
        perform auth.note_account(who, 'sign_in_failed', jsonb_build_object('failures', failures, 'step', split_part(keys[i], ':', 1)));
      end if;
    end if;
  end loop;
end $$;
