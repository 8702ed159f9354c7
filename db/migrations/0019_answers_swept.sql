CREATE POLICY "idempotency_keys_worker_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "idempotency_keys_worker_delete" ON "idempotency_keys" AS PERMISSIVE FOR DELETE TO "anshi_worker" USING (true);
