CREATE TABLE "specification_seals" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"specification_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"content" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"previous_sha256" text,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	"sealed_by_name" text NOT NULL,
	"sealed_by_role" text NOT NULL,
	CONSTRAINT "specification_seals_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "specification_seals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "specification_seals" ADD CONSTRAINT "specification_seals_tenant_id_specification_id_specifications_tenant_id_id_fk" FOREIGN KEY ("tenant_id","specification_id") REFERENCES "public"."specifications"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "specification_seals_seq" ON "specification_seals" USING btree ("tenant_id","specification_id","seq");--> statement-breakpoint
CREATE INDEX "specification_seals_sha256" ON "specification_seals" USING btree ("sha256");--> statement-breakpoint
CREATE POLICY "specification_seals_national_select" ON "specification_seals" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "specification_seals_national_insert" ON "specification_seals" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and sealed_by_role = 'national_director' and (select auth.claim_role('national')) = 'national_director' and exists (select 1 from public.specifications p where p.tenant_id = specification_seals.tenant_id and p.id = specification_seals.specification_id));--> statement-breakpoint
CREATE POLICY "specification_seals_owner_select" ON "specification_seals" AS PERMISSIVE FOR SELECT TO "anshi_owner" USING (true);--> statement-breakpoint
ALTER POLICY "submissions_owner_select" ON "submissions" TO anshi_owner USING (true);--> statement-breakpoint
-- Whether a digest is that of something sealed, for who is asked nothing else: its kind and when it was first sealed, and of
-- nobody whose. A digest is not guessed; who has it has the document, or was given it by somebody who has.
create function auth.known_seal(wanted text) returns table (kind text, sealed_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.kind, min(k.sealed_at) from (
      select s.kind, s.sealed_at from public.submissions s where s.sha256 = wanted
      union all select 'specification', e.sealed_at from public.specification_seals e where e.sha256 = wanted
    ) k where wanted ~ '^[0-9a-f]{64}$' group by k.kind order by k.kind limit 1 $$;
