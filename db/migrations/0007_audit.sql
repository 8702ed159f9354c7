CREATE TABLE "audit_entries" (
	"tenant_id" uuid NOT NULL,
	"no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_entries_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"seq" bigint,
	"at" timestamp (3) with time zone NOT NULL,
	"site_id" uuid,
	"act" text NOT NULL,
	"object_type" text DEFAULT '' NOT NULL,
	"object_id" uuid,
	"user_id" uuid,
	"membership_id" uuid,
	"role" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"request" text DEFAULT '' NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"prev" text,
	"hash" text,
	"xact" bigint NOT NULL,
	CONSTRAINT "audit_entries_tenant_id_no_pk" PRIMARY KEY("tenant_id","no")
);
--> statement-breakpoint
ALTER TABLE "audit_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_heads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_leaves" (
	"tenant_id" uuid NOT NULL,
	"no" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"head" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_leaves_tenant_id_no_pk" PRIMARY KEY("tenant_id","no")
);
--> statement-breakpoint
ALTER TABLE "audit_leaves" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_nodes" (
	"level" bigint NOT NULL,
	"no" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_nodes_level_no_pk" PRIMARY KEY("level","no")
);
--> statement-breakpoint
ALTER TABLE "audit_nodes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_roots" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_roots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_entries_chain" ON "audit_entries" USING btree ("tenant_id","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_act" ON "audit_entries" USING btree ("tenant_id","act","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_object" ON "audit_entries" USING btree ("tenant_id","object_id","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_person" ON "audit_entries" USING btree ("tenant_id","membership_id","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_unchained" ON "audit_entries" USING btree ("xact") WHERE seq is null;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_leaves_seq" ON "audit_leaves" USING btree ("tenant_id","seq");--> statement-breakpoint
CREATE INDEX "audit_leaves_no" ON "audit_leaves" USING btree ("no");--> statement-breakpoint
CREATE POLICY "audit_entries_auditor_select" ON "audit_entries" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_entries_sector_select" ON "audit_entries" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and (site_id is null or act <> 'change'));--> statement-breakpoint
CREATE POLICY "audit_entries_national_select" ON "audit_entries" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_entries_operator_select" ON "audit_entries" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_entries_owner_select" ON "audit_entries" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "audit_entries_owner_insert" ON "audit_entries" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_entries_owner_update" ON "audit_entries" AS PERMISSIVE FOR UPDATE TO "anshi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_heads_auditor_select" ON "audit_heads" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_heads_sector_select" ON "audit_heads" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_heads_national_select" ON "audit_heads" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_heads_operator_select" ON "audit_heads" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_heads_owner_select" ON "audit_heads" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "audit_heads_owner_insert" ON "audit_heads" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_heads_owner_update" ON "audit_heads" AS PERMISSIVE FOR UPDATE TO "anshi_owner" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_leaves_auditor_select" ON "audit_leaves" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_leaves_sector_select" ON "audit_leaves" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_leaves_national_select" ON "audit_leaves" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_leaves_operator_select" ON "audit_leaves" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')));--> statement-breakpoint
CREATE POLICY "audit_leaves_owner_select" ON "audit_leaves" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
CREATE POLICY "audit_leaves_owner_insert" ON "audit_leaves" AS PERMISSIVE FOR INSERT TO "anshi_owner" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_site_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_sector_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_assessor_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_national_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_auditor_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_operator_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "audit_nodes_public_select" ON "audit_nodes" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_site_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_sector_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_assessor_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_national_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_auditor_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_operator_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "audit_roots_public_select" ON "audit_roots" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);