-- Jobs of webhooks are queued by triggers, in the transaction of what they tell of: rolled back with it, never lost after
-- it. Payloads hold ids alone. The functions act as the owner, since nobody but the worker may reach the queue.
set local check_function_bodies = off;
--> statement-breakpoint
create function auth.queue_webhook_fan() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select 1 from public.webhook_endpoints e where e.tenant_id = new.tenant_id)
      or new.national and exists (select 1 from public.webhook_endpoints e where e.scope = 'national') then
    perform graphile_worker.add_job('webhooks.fan', json_build_object('tenantId', new.tenant_id, 'eventId', new.id));
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger workflow_events_tell after insert on workflow_events
  for each row execute function auth.queue_webhook_fan();
--> statement-breakpoint
-- One job a delivery, by key: a later attempt, or «send again», replaces the one before.
create function auth.queue_webhook_delivery() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.add_job('webhooks.deliver', json_build_object('tenantId', new.tenant_id, 'deliveryId', new.id),
    run_at => new.next_at, job_key => 'webhooks.deliver:' || new.id);
  return null;
end $$;
--> statement-breakpoint
create trigger webhook_deliveries_queue after insert on webhook_deliveries
  for each row when (new.state = 'waiting') execute function auth.queue_webhook_delivery();
--> statement-breakpoint
create trigger webhook_deliveries_requeue after update of state, next_at on webhook_deliveries
  for each row when (new.state = 'waiting' and (new.state, new.next_at) is distinct from (old.state, old.next_at))
  execute function auth.queue_webhook_delivery();
--> statement-breakpoint
-- A new secret leaves the former one valid for a day: receivers change theirs without losing a message. Done here because
-- who may write a secret may not read it.
create function auth.keep_webhook_secret() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  new.previous_secret := old.secret;
  new.previous_until := now() + interval '24 hours';
  return new;
end $$;
--> statement-breakpoint
create trigger webhook_endpoints_rotate before update of secret on webhook_endpoints
  for each row when (new.secret is distinct from old.secret) execute function auth.keep_webhook_secret();
