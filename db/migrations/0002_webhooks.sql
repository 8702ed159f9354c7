CREATE TABLE "webhook_deliveries" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"site_id" uuid,
	"endpoint_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"body" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_status" integer,
	"last_error" text,
	"next_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"claimed_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "webhook_deliveries_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "webhook_deliveries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "webhook_deliveries_kind_known" CHECK ("webhook_deliveries"."kind" in ('test', 'event')),
	CONSTRAINT "webhook_deliveries_state_known" CHECK ("webhook_deliveries"."state" in ('waiting', 'delivered', 'dead')),
	CONSTRAINT "webhook_deliveries_last_error_known" CHECK ("webhook_deliveries"."last_error" in ('status', 'redirect', 'gone', 'timeout', 'dns', 'refused_target', 'tls', 'connection'))
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"site_id" uuid,
	"scope" text NOT NULL,
	"url" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"events" text[] NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_until" timestamp (3) with time zone,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_endpoints_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "webhook_endpoints_scope_known" CHECK ("webhook_endpoints"."scope" in ('site', 'sector', 'national')),
	CONSTRAINT "webhook_endpoints_state_known" CHECK ("webhook_endpoints"."state" in ('active', 'paused', 'gone')),
	CONSTRAINT "webhook_endpoints_url_length" CHECK (char_length("webhook_endpoints"."url") <= 2000),
	CONSTRAINT "webhook_endpoints_description_length" CHECK (char_length("webhook_endpoints"."description") <= 200)
);
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_tenant_id_endpoint_id_webhook_endpoints_tenant_id_id_fk" FOREIGN KEY ("tenant_id","endpoint_id") REFERENCES "public"."webhook_endpoints"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_once" ON "webhook_deliveries" USING btree ("tenant_id","endpoint_id","event_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_recent" ON "webhook_deliveries" USING btree ("tenant_id","no");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_ended" ON "webhook_deliveries" USING btree ("ended_at");--> statement-breakpoint
CREATE INDEX "webhook_endpoints_scope" ON "webhook_endpoints" USING btree ("scope");--> statement-breakpoint
CREATE POLICY "workflow_events_worker_select" ON "workflow_events" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_site_select" ON "webhook_deliveries" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "webhook_deliveries_site_insert" ON "webhook_deliveries" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and kind = 'test' and exists (select 1 from public.webhook_endpoints p where p.tenant_id = webhook_deliveries.tenant_id and p.id = webhook_deliveries.endpoint_id and p.site_id is not distinct from webhook_deliveries.site_id));--> statement-breakpoint
CREATE POLICY "webhook_deliveries_site_update" ON "webhook_deliveries" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "webhook_deliveries_sector_select" ON "webhook_deliveries" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_sector_insert" ON "webhook_deliveries" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null and kind = 'test' and exists (select 1 from public.webhook_endpoints p where p.tenant_id = webhook_deliveries.tenant_id and p.id = webhook_deliveries.endpoint_id and p.site_id is not distinct from webhook_deliveries.site_id));--> statement-breakpoint
CREATE POLICY "webhook_deliveries_sector_update" ON "webhook_deliveries" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_national_select" ON "webhook_deliveries" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_national_insert" ON "webhook_deliveries" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null and kind = 'test' and exists (select 1 from public.webhook_endpoints p where p.tenant_id = webhook_deliveries.tenant_id and p.id = webhook_deliveries.endpoint_id and p.site_id is not distinct from webhook_deliveries.site_id));--> statement-breakpoint
CREATE POLICY "webhook_deliveries_national_update" ON "webhook_deliveries" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_worker_select" ON "webhook_deliveries" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_worker_insert" ON "webhook_deliveries" AS PERMISSIVE FOR INSERT TO "anshi_worker" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_worker_update" ON "webhook_deliveries" AS PERMISSIVE FOR UPDATE TO "anshi_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "webhook_deliveries_worker_delete" ON "webhook_deliveries" AS PERMISSIVE FOR DELETE TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_site_select" ON "webhook_endpoints" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "webhook_endpoints_site_insert" ON "webhook_endpoints" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and scope = 'site');--> statement-breakpoint
CREATE POLICY "webhook_endpoints_site_update" ON "webhook_endpoints" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "webhook_endpoints_site_delete" ON "webhook_endpoints" AS PERMISSIVE FOR DELETE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "webhook_endpoints_sector_select" ON "webhook_endpoints" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_sector_insert" ON "webhook_endpoints" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null and scope = 'sector');--> statement-breakpoint
CREATE POLICY "webhook_endpoints_sector_update" ON "webhook_endpoints" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_sector_delete" ON "webhook_endpoints" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_national_select" ON "webhook_endpoints" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_national_insert" ON "webhook_endpoints" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null and scope = 'national');--> statement-breakpoint
CREATE POLICY "webhook_endpoints_national_update" ON "webhook_endpoints" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_national_delete" ON "webhook_endpoints" AS PERMISSIVE FOR DELETE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_worker_select" ON "webhook_endpoints" AS PERMISSIVE FOR SELECT TO "anshi_worker" USING (true);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_worker_update" ON "webhook_endpoints" AS PERMISSIVE FOR UPDATE TO "anshi_worker" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "webhook_endpoints_owner_select" ON "webhook_endpoints" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (state = 'active');