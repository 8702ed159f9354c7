CREATE INDEX "lessons_pilot" ON "lessons" USING btree ("tenant_id","pilot_id");--> statement-breakpoint
ALTER TABLE "projects" DROP COLUMN "started_on";