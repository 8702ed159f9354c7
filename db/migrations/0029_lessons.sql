CREATE TABLE "lesson_statements" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"batch_no" integer NOT NULL,
	"reason" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lesson_statements_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "lesson_statements_reason_length" CHECK (char_length("lesson_statements"."reason") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "lesson_statements" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "silent_pilots" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "silent_pilots_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "silent_pilots_reason_length" CHECK (char_length("silent_pilots"."reason") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "silent_pilots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "lessons" ADD COLUMN "uptake_kind" text;--> statement-breakpoint
ALTER TABLE "lessons" ADD COLUMN "uptake_id" uuid;--> statement-breakpoint
ALTER TABLE "lessons" ADD COLUMN "uptake" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "lesson_statements" ADD CONSTRAINT "lesson_statements_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "silent_pilots" ADD CONSTRAINT "silent_pilots_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "lesson_statements_once" ON "lesson_statements" USING btree ("tenant_id","programme_id","batch_no");--> statement-breakpoint
CREATE UNIQUE INDEX "silent_pilots_once" ON "silent_pilots" USING btree ("tenant_id","pilot_id");--> statement-breakpoint
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_uptake_kind_known" CHECK ("lessons"."uptake_kind" in ('measure', 'indicator', 'clause'));--> statement-breakpoint
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_uptake_length" CHECK (char_length("lessons"."uptake") <= 300);--> statement-breakpoint
CREATE POLICY "lesson_statements_sector_select" ON "lesson_statements" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING ((select auth.claim('sector', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "lesson_statements_national_select" ON "lesson_statements" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "lesson_statements_national_insert" ON "lesson_statements" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "silent_pilots_sector_select" ON "silent_pilots" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "silent_pilots_sector_insert" ON "silent_pilots" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and exists (select 1 from public.pilots p where p.tenant_id = silent_pilots.tenant_id and p.id = silent_pilots.pilot_id));--> statement-breakpoint
CREATE POLICY "silent_pilots_sector_update" ON "silent_pilots" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "silent_pilots_sector_delete" ON "silent_pilots" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
-- Projects go on by the rules of version 2, which has the states and the memory of version 1. Their logs stay as they were judged.
ALTER TABLE "workflow_instances" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow_instances" DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE workflow_instances SET version = 2 WHERE machine = 'project' AND version = 1;--> statement-breakpoint
ALTER TABLE "workflow_instances" ENABLE TRIGGER USER;
