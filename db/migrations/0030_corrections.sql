CREATE TABLE "corrections" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"thing" text NOT NULL,
	"object_id" uuid NOT NULL,
	"site_id" uuid,
	"project_id" uuid,
	"fields" jsonb NOT NULL,
	"reason" text NOT NULL,
	"by_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "corrections_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "corrections_thing_known" CHECK ("corrections"."thing" in ('site', 'system', 'project', 'extension')),
	CONSTRAINT "corrections_reason_length" CHECK (char_length("corrections"."reason") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "corrections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "division_code" text;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "corrections_site" ON "corrections" USING btree ("tenant_id","site_id","at");--> statement-breakpoint
CREATE INDEX "corrections_project" ON "corrections" USING btree ("tenant_id","project_id","at");--> statement-breakpoint
CREATE POLICY "corrections_site_select" ON "corrections" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "corrections_site_insert" ON "corrections" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and thing in ('site', 'system'));--> statement-breakpoint
CREATE POLICY "corrections_sector_select" ON "corrections" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "corrections_sector_insert" ON "corrections" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and (site_id is null or exists (select 1 from public.sites p where p.tenant_id = corrections.tenant_id and p.id is not distinct from corrections.site_id)) and (project_id is null or exists (select 1 from public.projects p where p.tenant_id = corrections.tenant_id and p.id is not distinct from corrections.project_id)));