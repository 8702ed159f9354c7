CREATE TABLE "evidence" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"document_id" uuid,
	"part" text DEFAULT '' NOT NULL,
	"measure_id" uuid,
	"pilot_id" uuid,
	"submission_id" uuid,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"uploaded_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "evidence_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "evidence_one_object" CHECK (num_nonnulls("evidence"."document_id", "evidence"."measure_id") = 1),
	CONSTRAINT "evidence_name_length" CHECK (char_length("evidence"."name") <= 200),
	CONSTRAINT "evidence_part_length" CHECK (char_length("evidence"."part") <= 20)
);
--> statement-breakpoint
ALTER TABLE "evidence" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_document_id_documents_tenant_id_id_fk" FOREIGN KEY ("tenant_id","document_id") REFERENCES "public"."documents"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_measure_id_measures_tenant_id_id_fk" FOREIGN KEY ("tenant_id","measure_id") REFERENCES "public"."measures"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_tenant_id_submission_id_submissions_tenant_id_id_fk" FOREIGN KEY ("tenant_id","submission_id") REFERENCES "public"."submissions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "evidence_document" ON "evidence" USING btree ("tenant_id","document_id");--> statement-breakpoint
CREATE INDEX "evidence_measure" ON "evidence" USING btree ("tenant_id","measure_id");--> statement-breakpoint
CREATE INDEX "evidence_pilot" ON "evidence" USING btree ("pilot_id");--> statement-breakpoint
CREATE INDEX "evidence_site" ON "evidence" USING btree ("tenant_id","site_id");--> statement-breakpoint
CREATE POLICY "evidence_site_select" ON "evidence" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "evidence_site_insert" ON "evidence" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and submission_id is null and (document_id is null or exists (select 1 from public.documents p where p.tenant_id = evidence.tenant_id and p.id = evidence.document_id and p.site_id is not distinct from evidence.site_id and p.project_id is not distinct from evidence.project_id and p.pilot_id is not distinct from evidence.pilot_id)) and (measure_id is null or exists (select 1 from public.measures p where p.tenant_id = evidence.tenant_id and p.id = evidence.measure_id and p.site_id is not distinct from evidence.site_id and p.project_id is not distinct from evidence.project_id)) and (pilot_id is null or exists (select 1 from public.pilots p where p.tenant_id = evidence.tenant_id and p.id = evidence.pilot_id and p.site_id is not distinct from evidence.site_id and p.project_id is not distinct from evidence.project_id)));--> statement-breakpoint
CREATE POLICY "evidence_site_update" ON "evidence" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and submission_id is null and measure_id is null) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and exists (select 1 from public.submissions p where p.tenant_id = evidence.tenant_id and p.id = evidence.submission_id and p.document_id = evidence.document_id and p.site_id is not distinct from evidence.site_id));--> statement-breakpoint
CREATE POLICY "evidence_site_delete" ON "evidence" AS PERMISSIVE FOR DELETE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and submission_id is null and measure_id is null);--> statement-breakpoint
CREATE POLICY "evidence_sector_select" ON "evidence" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and (submission_id is not null or measure_id is not null));--> statement-breakpoint
CREATE POLICY "evidence_assessor_select" ON "evidence" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (pilot_id = any ((select auth.granted_pilots())::uuid[]) and (submission_id is not null or measure_id is not null));