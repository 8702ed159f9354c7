ALTER TABLE "action_milestones" ADD COLUMN "proof" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "action_milestones" ADD COLUMN "accepted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "action_milestones" ADD COLUMN "accepted_by_name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "action_milestones" ADD COLUMN "refusal" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "batches" ADD COLUMN "extension_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "programmes" ADD COLUMN "consultation_days" integer DEFAULT 30 NOT NULL;--> statement-breakpoint
ALTER TABLE "programmes" ADD COLUMN "consultation_days_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "workflow_events" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "action_milestones" ADD CONSTRAINT "action_milestones_proof_length" CHECK (char_length("action_milestones"."proof") <= 2000);--> statement-breakpoint
ALTER TABLE "action_milestones" ADD CONSTRAINT "action_milestones_refusal_length" CHECK (char_length("action_milestones"."refusal") <= 2000);--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_extension_reason_length" CHECK (char_length("batches"."extension_reason") <= 2000);--> statement-breakpoint
ALTER TABLE "programmes" ADD CONSTRAINT "programmes_consultation_days_reason_length" CHECK (char_length("programmes"."consultation_days_reason") <= 2000);--> statement-breakpoint
-- Editions go on by the rules of version 2, which has the states and the memory of version 1. Their logs stay as they were judged.
ALTER TABLE "workflow_instances" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow_instances" DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE workflow_instances SET version = 2 WHERE machine = 'specification' AND version = 1;--> statement-breakpoint
ALTER TABLE "workflow_instances" ENABLE TRIGGER USER;
