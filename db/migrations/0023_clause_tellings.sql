CREATE TABLE "clause_tellings" (
	"tenant_id" uuid NOT NULL,
	"clause_id" uuid NOT NULL,
	"specification_id" uuid NOT NULL,
	"strength" text NOT NULL,
	"kinds" jsonb NOT NULL,
	"lines" jsonb NOT NULL,
	"public" boolean DEFAULT false NOT NULL,
	CONSTRAINT "clause_tellings_tenant_id_clause_id_pk" PRIMARY KEY("tenant_id","clause_id"),
	CONSTRAINT "clause_tellings_strength_known" CHECK ("clause_tellings"."strength" in ('strong', 'moderate', 'limited', 'contested', 'declaredNone', 'missing'))
);
--> statement-breakpoint
ALTER TABLE "clause_tellings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "disclosures" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"specification_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"members" jsonb NOT NULL,
	"line" jsonb,
	"k" integer NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "disclosures_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "disclosures_subject_length" CHECK (char_length("disclosures"."subject") <= 100)
);
--> statement-breakpoint
ALTER TABLE "disclosures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "clause_evidence" ADD COLUMN "basis" jsonb;--> statement-breakpoint
ALTER TABLE "clause_tellings" ADD CONSTRAINT "clause_tellings_tenant_id_clause_id_clauses_tenant_id_id_fk" FOREIGN KEY ("tenant_id","clause_id") REFERENCES "public"."clauses"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_tenant_id_specification_id_specifications_tenant_id_id_fk" FOREIGN KEY ("tenant_id","specification_id") REFERENCES "public"."specifications"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clause_tellings_specification" ON "clause_tellings" USING btree ("tenant_id","specification_id");--> statement-breakpoint
CREATE INDEX "disclosures_specification" ON "disclosures" USING btree ("tenant_id","specification_id");--> statement-breakpoint
-- What follows reads and writes rows of the national office in the owner's name: the walls are put anew when the migration has ended.
ALTER TABLE "clause_evidence" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "clauses" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "specifications" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "programmes" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- Editions that were shown named sector, batch and figures of every group, whatever its size: whoever kept them knows these.
INSERT INTO disclosures (tenant_id, id, specification_id, subject, members, k, told_at)
SELECT s.tenant_id, gen_random_uuid(), s.id, '*', t.members, p.k_threshold, coalesce(s.published_at, s.updated_at)
FROM specifications s
  JOIN programmes p ON p.id = s.programme_id
  CROSS JOIN LATERAL (
    SELECT jsonb_agg(DISTINCT jsonb_build_object('sector', e.sector_tenant_id, 'batch', e.batch_no)) AS members
    FROM clause_evidence e JOIN clauses c ON c.tenant_id = e.tenant_id AND c.id = e.clause_id
    WHERE c.tenant_id = s.tenant_id AND c.specification_id = s.id
  ) t
WHERE t.members IS NOT NULL AND (s.published_at IS NOT NULL OR s.consult_from IS NOT NULL);--> statement-breakpoint
-- Their pages say from now on that evidence exists; their files keep every byte.
INSERT INTO clause_tellings (tenant_id, clause_id, specification_id, strength, kinds, lines, public)
SELECT c.tenant_id, c.id, c.specification_id, 'limited', '[]', '[]', c.public
FROM clauses c JOIN specifications s ON s.tenant_id = c.tenant_id AND s.id = c.specification_id
WHERE (s.published_at IS NOT NULL OR s.consult_from IS NOT NULL)
  AND EXISTS (SELECT 1 FROM clause_evidence e WHERE e.tenant_id = c.tenant_id AND e.clause_id = c.id);--> statement-breakpoint
DROP POLICY "clause_evidence_public_select" ON "clause_evidence" CASCADE;--> statement-breakpoint
DROP POLICY "clause_evidence_site_select" ON "clause_evidence" CASCADE;--> statement-breakpoint
DROP POLICY "clause_evidence_assessor_select" ON "clause_evidence" CASCADE;--> statement-breakpoint
DROP POLICY "clause_evidence_auditor_select" ON "clause_evidence" CASCADE;--> statement-breakpoint
DROP POLICY "clause_evidence_operator_select" ON "clause_evidence" CASCADE;--> statement-breakpoint
DROP POLICY "clause_evidence_sector_select" ON "clause_evidence" CASCADE;--> statement-breakpoint
DROP POLICY "clause_evidence_national_update" ON "clause_evidence" CASCADE;--> statement-breakpoint
ALTER POLICY "clause_evidence_national_select" ON "clause_evidence" TO anshi_national USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
ALTER TABLE "clause_evidence" DROP COLUMN "public";--> statement-breakpoint
CREATE POLICY "clause_tellings_public_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (public);--> statement-breakpoint
CREATE POLICY "clause_tellings_site_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (public);--> statement-breakpoint
CREATE POLICY "clause_tellings_assessor_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (public);--> statement-breakpoint
CREATE POLICY "clause_tellings_auditor_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (public);--> statement-breakpoint
CREATE POLICY "clause_tellings_operator_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (public);--> statement-breakpoint
CREATE POLICY "clause_tellings_sector_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (public);--> statement-breakpoint
CREATE POLICY "clause_tellings_national_select" ON "clause_tellings" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) or public);--> statement-breakpoint
CREATE POLICY "clause_tellings_national_insert" ON "clause_tellings" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "clause_tellings_national_update" ON "clause_tellings" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "clause_tellings_national_delete" ON "clause_tellings" AS PERMISSIVE FOR DELETE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "disclosures_national_select" ON "disclosures" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "disclosures_national_insert" ON "disclosures" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));
