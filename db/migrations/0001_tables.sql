CREATE TABLE "controls" (
	"version" integer NOT NULL,
	"code" text NOT NULL,
	"position" integer NOT NULL,
	"dimension" text NOT NULL,
	"object" text NOT NULL,
	"lifecycle" text NOT NULL,
	"mechanism" text NOT NULL,
	"weight" integer NOT NULL,
	"text" jsonb NOT NULL,
	CONSTRAINT "controls_version_code_pk" PRIMARY KEY("version","code"),
	CONSTRAINT "controls_dimension_known" CHECK ("controls"."dimension" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "controls_object_known" CHECK ("controls"."object" in ('solution', 'equipment', 'service')),
	CONSTRAINT "controls_lifecycle_known" CHECK ("controls"."lifecycle" in ('design', 'acceptance', 'operation')),
	CONSTRAINT "controls_mechanism_known" CHECK ("controls"."mechanism" in ('discover', 'defend', 'replace'))
);
--> statement-breakpoint
ALTER TABLE "controls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "threats" (
	"version" integer NOT NULL,
	"code" text NOT NULL,
	"default_frequency" integer NOT NULL,
	"text" jsonb NOT NULL,
	CONSTRAINT "threats_version_code_pk" PRIMARY KEY("version","code")
);
--> statement-breakpoint
ALTER TABLE "threats" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "vulnerabilities" (
	"version" integer NOT NULL,
	"code" text NOT NULL,
	"default_severity" integer NOT NULL,
	"text" jsonb NOT NULL,
	CONSTRAINT "vulnerabilities_version_code_pk" PRIMARY KEY("version","code")
);
--> statement-breakpoint
ALTER TABLE "vulnerabilities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "artifacts" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"locale" text NOT NULL,
	"national" boolean DEFAULT false NOT NULL,
	"public" boolean DEFAULT false NOT NULL,
	"input_sha256" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" integer NOT NULL,
	"pages" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "artifacts_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "artifacts_kind_known" CHECK ("artifacts"."kind" in ('riskReport', 'pilotPlan', 'specification'))
);
--> statement-breakpoint
ALTER TABLE "artifacts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "documents" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"site_id" uuid,
	"system_id" uuid,
	"pilot_id" uuid,
	"period" text DEFAULT '' NOT NULL,
	"title" text NOT NULL,
	"due_on" date,
	"state" text DEFAULT 'draft' NOT NULL,
	"submission_id" uuid,
	"national" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "documents_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "documents_kind_known" CHECK ("documents"."kind" in ('surveyResponse', 'riskReport', 'pilotPlan', 'progressReport', 'batchReview', 'specDraft')),
	CONSTRAINT "documents_title_length" CHECK (char_length("documents"."title") <= 300)
);
--> statement-breakpoint
ALTER TABLE "documents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "drafts" (
	"tenant_id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"site_id" uuid,
	"body" jsonb NOT NULL,
	"rev" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by_name" text DEFAULT '' NOT NULL,
	CONSTRAINT "drafts_tenant_id_document_id_pk" PRIMARY KEY("tenant_id","document_id")
);
--> statement-breakpoint
ALTER TABLE "drafts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "review_marks" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"site_id" uuid,
	"national" boolean DEFAULT false NOT NULL,
	"part" text NOT NULL,
	"verdict" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"by_name" text NOT NULL,
	"by_role" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "review_marks_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "review_marks_verdict_known" CHECK ("review_marks"."verdict" in ('returned', 'accepted')),
	CONSTRAINT "review_marks_reason_length" CHECK (char_length("review_marks"."reason") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "review_marks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "submissions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"site_id" uuid,
	"national" boolean DEFAULT false NOT NULL,
	"seq" integer NOT NULL,
	"content" jsonb NOT NULL,
	"summary" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	"sealed_by_name" text NOT NULL,
	"sealed_by_role" text NOT NULL,
	CONSTRAINT "submissions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "submissions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "grants" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"granted_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "grants_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "grants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "indicator_values" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"indicator_id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"period" text NOT NULL,
	"value_milli" bigint NOT NULL,
	CONSTRAINT "indicator_values_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "indicator_values" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "lessons" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"batch_no" integer NOT NULL,
	"pilot_id" uuid,
	"national_lesson_id" uuid,
	"code" text NOT NULL,
	"dimension" text NOT NULL,
	"text" text NOT NULL,
	"decision" text DEFAULT 'open' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"decided_by_name" text DEFAULT '' NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lessons_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "lessons_dimension_known" CHECK ("lessons"."dimension" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "lessons_decision_known" CHECK ("lessons"."decision" in ('open', 'adopted', 'adapted', 'refused')),
	CONSTRAINT "lessons_text_length" CHECK (char_length("lessons"."text") <= 2000),
	CONSTRAINT "lessons_reason_length" CHECK (char_length("lessons"."reason") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "lessons" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "national_lessons" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"batch_no" integer NOT NULL,
	"from_sector" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"code" text NOT NULL,
	"dimension" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "national_lessons_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "national_lessons_text_length" CHECK (char_length("national_lessons"."text") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "national_lessons" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "objections" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"raised_by" text NOT NULL,
	"text" text NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"settlement" text DEFAULT '' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "objections_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "objections_text_length" CHECK (char_length("objections"."text") <= 4000),
	CONSTRAINT "objections_settlement_length" CHECK (char_length("objections"."settlement") <= 4000)
);
--> statement-breakpoint
ALTER TABLE "objections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "pilot_effects" (
	"tenant_id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"dimension" text NOT NULL,
	"before_milli" bigint NOT NULL,
	"after_milli" bigint NOT NULL,
	"risks" integer NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pilot_effects_tenant_id_pilot_id_dimension_pk" PRIMARY KEY("tenant_id","pilot_id","dimension"),
	CONSTRAINT "pilot_effects_dimension_known" CHECK ("pilot_effects"."dimension" in ('supervision', 'identity', 'network', 'privacy'))
);
--> statement-breakpoint
ALTER TABLE "pilot_effects" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "pilot_scores" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"scorer_name" text NOT NULL,
	"recused" boolean DEFAULT false NOT NULL,
	"recusal_reason" text DEFAULT '' NOT NULL,
	"points" jsonb,
	"total_centi" integer,
	"comment" text DEFAULT '' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pilot_scores_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "pilot_scores_comment_length" CHECK (char_length("pilot_scores"."comment") <= 2000),
	CONSTRAINT "pilot_scores_recusal_reason_length" CHECK (char_length("pilot_scores"."recusal_reason") <= 1000)
);
--> statement-breakpoint
ALTER TABLE "pilot_scores" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "pilots" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"batch_no" integer NOT NULL,
	"site_id" uuid NOT NULL,
	"system_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"direction" text NOT NULL,
	"grade" integer NOT NULL,
	"stage" text DEFAULT 'nominated' NOT NULL,
	"health" text DEFAULT 'none' NOT NULL,
	"score_centi" integer,
	"rank" integer,
	"screening" jsonb,
	"notice_from" date,
	"notice_to" date,
	"next_report_due" date,
	"last_report_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pilots_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "pilots_direction_known" CHECK ("pilots"."direction" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "pilots_health_known" CHECK ("pilots"."health" in ('green', 'amber', 'red', 'none')),
	CONSTRAINT "pilots_name_length" CHECK (char_length("pilots"."name") <= 200)
);
--> statement-breakpoint
ALTER TABLE "pilots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "verifications" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"pilot_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"institution_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"result" text NOT NULL,
	"report_number" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"by_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "verifications_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "verifications_kind_known" CHECK ("verifications"."kind" in ('design', 'acceptance', 'operation')),
	CONSTRAINT "verifications_note_length" CHECK (char_length("verifications"."note") <= 4000),
	CONSTRAINT "verifications_report_number_length" CHECK (char_length("verifications"."report_number") <= 100)
);
--> statement-breakpoint
ALTER TABLE "verifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "budget_lines" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"title" text NOT NULL,
	"amount_centi" bigint NOT NULL,
	"security" boolean DEFAULT false NOT NULL,
	"lifecycle" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_lines_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "budget_lines_lifecycle_known" CHECK ("budget_lines"."lifecycle" in ('design', 'acceptance', 'operation')),
	CONSTRAINT "budget_lines_title_length" CHECK (char_length("budget_lines"."title") <= 200)
);
--> statement-breakpoint
ALTER TABLE "budget_lines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "indicators" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"unit" text NOT NULL,
	"dimension" text NOT NULL,
	"direction" text NOT NULL,
	"baseline_milli" bigint,
	"target_milli" bigint,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "indicators_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "indicators_dimension_known" CHECK ("indicators"."dimension" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "indicators_direction_known" CHECK ("indicators"."direction" in ('up', 'down')),
	CONSTRAINT "indicators_name_length" CHECK (char_length("indicators"."name") <= 200)
);
--> statement-breakpoint
ALTER TABLE "indicators" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "measures" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"risk_id" uuid NOT NULL,
	"code" text NOT NULL,
	"title" text NOT NULL,
	"dimension" text,
	"object" text,
	"lifecycle" text,
	"mechanism" text,
	"budget_line_id" uuid,
	"starts_on" date,
	"ends_on" date,
	"owner" text DEFAULT '' NOT NULL,
	"threat_cut" integer DEFAULT 0 NOT NULL,
	"vulnerability_cut" integer DEFAULT 0 NOT NULL,
	"done_on" date,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "measures_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "measures_dimension_known" CHECK ("measures"."dimension" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "measures_object_known" CHECK ("measures"."object" in ('solution', 'equipment', 'service')),
	CONSTRAINT "measures_lifecycle_known" CHECK ("measures"."lifecycle" in ('design', 'acceptance', 'operation')),
	CONSTRAINT "measures_mechanism_known" CHECK ("measures"."mechanism" in ('discover', 'defend', 'replace')),
	CONSTRAINT "measures_title_length" CHECK (char_length("measures"."title") <= 300)
);
--> statement-breakpoint
ALTER TABLE "measures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "action_milestones" (
	"tenant_id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"id" text NOT NULL,
	"task_no" integer NOT NULL,
	"due_on" date NOT NULL,
	"target" integer,
	"value" integer,
	"done_on" date,
	"note" text DEFAULT '' NOT NULL,
	"rev" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "action_milestones_programme_id_id_pk" PRIMARY KEY("programme_id","id"),
	CONSTRAINT "action_milestones_note_length" CHECK (char_length("action_milestones"."note") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "action_milestones" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "batch_quotas" (
	"tenant_id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"batch_no" integer NOT NULL,
	"quota" integer NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	CONSTRAINT "batch_quotas_tenant_id_programme_id_batch_no_pk" PRIMARY KEY("tenant_id","programme_id","batch_no"),
	CONSTRAINT "batch_quotas_note_length" CHECK (char_length("batch_quotas"."note") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "batch_quotas" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "batches" (
	"tenant_id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"opens_on" date NOT NULL,
	"closes_on" date NOT NULL,
	"status" text DEFAULT 'planned' NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "batches_programme_id_no_pk" PRIMARY KEY("programme_id","no"),
	CONSTRAINT "batches_status_known" CHECK ("batches"."status" in ('planned', 'open', 'closed'))
);
--> statement-breakpoint
ALTER TABLE "batches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "programmes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"code" text NOT NULL,
	"title_zh" text NOT NULL,
	"title_en" text NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"k_threshold" integer DEFAULT 5 NOT NULL,
	"clock_offset_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "programmes_code_unique" UNIQUE("code")
);
--> statement-breakpoint
ALTER TABLE "programmes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "projects" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"code" text NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"state" text NOT NULL,
	"questionnaire_version" integer NOT NULL,
	"risk_method" text DEFAULT 'matrix' NOT NULL,
	"asset_rule" text DEFAULT 'max' NOT NULL,
	"response_threshold_bp" integer DEFAULT 8000 NOT NULL,
	"security_share_bp" integer DEFAULT 1000 NOT NULL,
	"due_on" jsonb NOT NULL,
	"started_on" date,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "projects_risk_method_known" CHECK ("projects"."risk_method" in ('matrix', 'multiplication')),
	CONSTRAINT "projects_asset_rule_known" CHECK ("projects"."asset_rule" in ('max', 'mean')),
	CONSTRAINT "projects_name_zh_length" CHECK (char_length("projects"."name_zh") <= 200)
);
--> statement-breakpoint
ALTER TABLE "projects" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_sha256" text NOT NULL,
	"status" integer NOT NULL,
	"response" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_membership_id_key_pk" PRIMARY KEY("tenant_id","membership_id","key")
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "visits" (
	"tenant_id" uuid NOT NULL,
	"membership_id" uuid NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"previous_at" timestamp (3) with time zone,
	CONSTRAINT "visits_tenant_id_membership_id_pk" PRIMARY KEY("tenant_id","membership_id")
);
--> statement-breakpoint
ALTER TABLE "visits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "assets" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"system_id" uuid NOT NULL,
	"name" text NOT NULL,
	"object" text NOT NULL,
	"supplier" text DEFAULT '' NOT NULL,
	"single_source" boolean DEFAULT false NOT NULL,
	"c" integer NOT NULL,
	"i" integer NOT NULL,
	"a" integer NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assets_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "assets_object_known" CHECK ("assets"."object" in ('solution', 'equipment', 'service')),
	CONSTRAINT "assets_name_length" CHECK (char_length("assets"."name") <= 200),
	CONSTRAINT "assets_note_length" CHECK (char_length("assets"."note") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "assets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "register_assets" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"system_id" uuid NOT NULL,
	"name" text NOT NULL,
	"object" text NOT NULL,
	"supplier" text DEFAULT '' NOT NULL,
	"single_source" boolean DEFAULT false NOT NULL,
	"c" integer NOT NULL,
	"i" integer NOT NULL,
	"a" integer NOT NULL,
	"project_id" uuid NOT NULL,
	"value" integer NOT NULL,
	"submission_id" uuid NOT NULL,
	CONSTRAINT "register_assets_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "register_assets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "risks" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"system_id" uuid NOT NULL,
	"code" text NOT NULL,
	"asset_id" uuid NOT NULL,
	"catalogue_version" integer NOT NULL,
	"threat_code" text NOT NULL,
	"vulnerability_code" text NOT NULL,
	"control_code" text,
	"submission_id" uuid,
	"dimension" text NOT NULL,
	"object" text NOT NULL,
	"lifecycle" text NOT NULL,
	"mechanism" text NOT NULL,
	"method" text NOT NULL,
	"asset_value" integer NOT NULL,
	"threat" integer NOT NULL,
	"vulnerability" integer NOT NULL,
	"likelihood" text NOT NULL,
	"likelihood_level" integer NOT NULL,
	"loss" text NOT NULL,
	"loss_level" integer NOT NULL,
	"value" text NOT NULL,
	"level" integer NOT NULL,
	"residual_level" integer,
	"status" text DEFAULT 'proposed' NOT NULL,
	"treatment" text,
	"owner" text DEFAULT '' NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "risks_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "risks_method_known" CHECK ("risks"."method" in ('matrix', 'multiplication')),
	CONSTRAINT "risks_status_known" CHECK ("risks"."status" in ('proposed', 'confirmed', 'dismissed')),
	CONSTRAINT "risks_treatment_known" CHECK ("risks"."treatment" in ('reduce', 'avoid', 'transfer', 'accept')),
	CONSTRAINT "risks_dimension_known" CHECK ("risks"."dimension" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "risks_object_known" CHECK ("risks"."object" in ('solution', 'equipment', 'service')),
	CONSTRAINT "risks_lifecycle_known" CHECK ("risks"."lifecycle" in ('design', 'acceptance', 'operation')),
	CONSTRAINT "risks_mechanism_known" CHECK ("risks"."mechanism" in ('discover', 'defend', 'replace')),
	CONSTRAINT "risks_owner_length" CHECK (char_length("risks"."owner") <= 100),
	CONSTRAINT "risks_note_length" CHECK (char_length("risks"."note") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "risks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "clause_evidence" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"clause_id" uuid NOT NULL,
	"sector_tenant_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"submission_sha256" text NOT NULL,
	"batch_no" integer NOT NULL,
	"pilots" integer NOT NULL,
	"effect_milli" integer,
	"dissent" boolean DEFAULT false NOT NULL,
	"statement" text NOT NULL,
	"public" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clause_evidence_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "clause_evidence_statement_length" CHECK (char_length("clause_evidence"."statement") <= 2000)
);
--> statement-breakpoint
ALTER TABLE "clause_evidence" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "clauses" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"specification_id" uuid NOT NULL,
	"parent_id" uuid,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"heading_zh" text DEFAULT '' NOT NULL,
	"heading_en" text DEFAULT '' NOT NULL,
	"text_zh" text DEFAULT '' NOT NULL,
	"text_en" text DEFAULT '' NOT NULL,
	"verb" text DEFAULT 'none' NOT NULL,
	"dimension" text,
	"object" text,
	"lifecycle" text,
	"mechanism" text,
	"evidence_none" boolean DEFAULT false NOT NULL,
	"public" boolean DEFAULT false NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "clauses_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "clauses_kind_known" CHECK ("clauses"."kind" in ('chapter', 'clause', 'annex')),
	CONSTRAINT "clauses_verb_known" CHECK ("clauses"."verb" in ('requirement', 'recommendation', 'permission', 'capability', 'none')),
	CONSTRAINT "clauses_dimension_known" CHECK ("clauses"."dimension" in ('supervision', 'identity', 'network', 'privacy')),
	CONSTRAINT "clauses_object_known" CHECK ("clauses"."object" in ('solution', 'equipment', 'service')),
	CONSTRAINT "clauses_lifecycle_known" CHECK ("clauses"."lifecycle" in ('design', 'acceptance', 'operation')),
	CONSTRAINT "clauses_mechanism_known" CHECK ("clauses"."mechanism" in ('discover', 'defend', 'replace')),
	CONSTRAINT "clauses_text_zh_length" CHECK (char_length("clauses"."text_zh") <= 8000),
	CONSTRAINT "clauses_text_en_length" CHECK (char_length("clauses"."text_en") <= 8000)
);
--> statement-breakpoint
ALTER TABLE "clauses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "comments" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"specification_id" uuid NOT NULL,
	"clause_id" uuid,
	"author_name" text NOT NULL,
	"author_organisation" text DEFAULT '' NOT NULL,
	"text" text NOT NULL,
	"proposal" text DEFAULT '' NOT NULL,
	"disposition" text DEFAULT 'open' NOT NULL,
	"reply" text DEFAULT '' NOT NULL,
	"settled_by_name" text DEFAULT '' NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"at" timestamp (3) with time zone NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "comments_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "comments_disposition_known" CHECK ("comments"."disposition" in ('open', 'adopted', 'partly', 'refused')),
	CONSTRAINT "comments_text_length" CHECK (char_length("comments"."text") <= 4000),
	CONSTRAINT "comments_proposal_length" CHECK (char_length("comments"."proposal") <= 4000),
	CONSTRAINT "comments_reply_length" CHECK (char_length("comments"."reply") <= 4000),
	CONSTRAINT "comments_author_name_length" CHECK (char_length("comments"."author_name") <= 100),
	CONSTRAINT "comments_author_organisation_length" CHECK (char_length("comments"."author_organisation") <= 200)
);
--> statement-breakpoint
ALTER TABLE "comments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "specifications" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"programme_id" uuid NOT NULL,
	"number" text NOT NULL,
	"edition" integer NOT NULL,
	"title_zh" text NOT NULL,
	"title_en" text NOT NULL,
	"state" text DEFAULT 'drafting' NOT NULL,
	"public" boolean DEFAULT false NOT NULL,
	"body" jsonb NOT NULL,
	"consult_from" date,
	"consult_to" date,
	"approved_at" timestamp (3) with time zone,
	"published_at" timestamp (3) with time zone,
	"effective_on" date,
	"content_sha256" text,
	"withdrawn_reason" text DEFAULT '' NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "specifications_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "specifications_title_zh_length" CHECK (char_length("specifications"."title_zh") <= 200)
);
--> statement-breakpoint
ALTER TABLE "specifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "answers" (
	"tenant_id" uuid NOT NULL,
	"document_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"questionnaire_version" integer NOT NULL,
	"control_code" text NOT NULL,
	"value" text,
	"note" text DEFAULT '' NOT NULL,
	"evidence_ref" text DEFAULT '' NOT NULL,
	"rev" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by_name" text DEFAULT '' NOT NULL,
	CONSTRAINT "answers_tenant_id_document_id_control_code_pk" PRIMARY KEY("tenant_id","document_id","control_code"),
	CONSTRAINT "answers_value_known" CHECK ("answers"."value" in ('compliant', 'partial', 'non_compliant', 'not_applicable')),
	CONSTRAINT "answers_note_length" CHECK (char_length("answers"."note") <= 4000),
	CONSTRAINT "answers_evidence_ref_length" CHECK (char_length("answers"."evidence_ref") <= 1000)
);
--> statement-breakpoint
ALTER TABLE "answers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sites" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"region" text DEFAULT '' NOT NULL,
	"size" text DEFAULT 'medium' NOT NULL,
	"contact" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sites_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "sites_size_known" CHECK ("sites"."size" in ('small', 'medium', 'large')),
	CONSTRAINT "sites_name_length" CHECK (char_length("sites"."name") <= 200)
);
--> statement-breakpoint
ALTER TABLE "sites" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "systems" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"grade" integer DEFAULT 2 NOT NULL,
	"devices" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "systems_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "systems_name_length" CHECK (char_length("systems"."name") <= 200),
	CONSTRAINT "systems_description_length" CHECK (char_length("systems"."description") <= 4000)
);
--> statement-breakpoint
ALTER TABLE "systems" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"code" text NOT NULL,
	"name_zh" text NOT NULL,
	"name_en" text NOT NULL,
	"priority" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_kind_known" CHECK ("tenants"."kind" in ('sector', 'national', 'institution', 'platform'))
);
--> statement-breakpoint
ALTER TABLE "tenants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow_events" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"instance_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"machine" text NOT NULL,
	"object_id" uuid NOT NULL,
	"project_id" uuid,
	"site_id" uuid,
	"national" boolean DEFAULT false NOT NULL,
	"type" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"payload" jsonb NOT NULL,
	"facts" jsonb NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"content_hash" text,
	"actor_membership_id" uuid NOT NULL,
	"actor_role" text NOT NULL,
	"actor_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "workflow_events_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "workflow_events_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "workflow_events_reason_length" CHECK (char_length("workflow_events"."reason") <= 4000)
);
--> statement-breakpoint
ALTER TABLE "workflow_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow_instances" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"machine" text NOT NULL,
	"version" integer NOT NULL,
	"object_id" uuid NOT NULL,
	"project_id" uuid,
	"site_id" uuid,
	"national" boolean DEFAULT false NOT NULL,
	"state" text NOT NULL,
	"input" jsonb NOT NULL,
	"snapshot" jsonb NOT NULL,
	"lock_version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_instances_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "workflow_instances_machine_known" CHECK ("workflow_instances"."machine" in ('project', 'pilot', 'document', 'specification'))
);
--> statement-breakpoint
ALTER TABLE "workflow_instances" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_tenant_id_system_id_systems_tenant_id_id_fk" FOREIGN KEY ("tenant_id","system_id") REFERENCES "public"."systems"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_tenant_id_document_id_documents_tenant_id_id_fk" FOREIGN KEY ("tenant_id","document_id") REFERENCES "public"."documents"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_marks" ADD CONSTRAINT "review_marks_tenant_id_submission_id_submissions_tenant_id_id_fk" FOREIGN KEY ("tenant_id","submission_id") REFERENCES "public"."submissions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_tenant_id_document_id_documents_tenant_id_id_fk" FOREIGN KEY ("tenant_id","document_id") REFERENCES "public"."documents"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_institution_id_tenants_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "indicator_values" ADD CONSTRAINT "indicator_values_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "indicator_values" ADD CONSTRAINT "indicator_values_tenant_id_indicator_id_indicators_tenant_id_id_fk" FOREIGN KEY ("tenant_id","indicator_id") REFERENCES "public"."indicators"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "indicator_values" ADD CONSTRAINT "indicator_values_tenant_id_document_id_documents_tenant_id_id_fk" FOREIGN KEY ("tenant_id","document_id") REFERENCES "public"."documents"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lessons" ADD CONSTRAINT "lessons_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "national_lessons" ADD CONSTRAINT "national_lessons_from_sector_submission_id_submissions_tenant_id_id_fk" FOREIGN KEY ("from_sector","submission_id") REFERENCES "public"."submissions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objections_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pilot_effects" ADD CONSTRAINT "pilot_effects_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pilot_scores" ADD CONSTRAINT "pilot_scores_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pilots" ADD CONSTRAINT "pilots_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pilots" ADD CONSTRAINT "pilots_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pilots" ADD CONSTRAINT "pilots_tenant_id_system_id_systems_tenant_id_id_fk" FOREIGN KEY ("tenant_id","system_id") REFERENCES "public"."systems"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_tenant_id_pilot_id_pilots_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pilot_id") REFERENCES "public"."pilots"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_institution_id_tenants_id_fk" FOREIGN KEY ("institution_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_lines" ADD CONSTRAINT "budget_lines_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_lines" ADD CONSTRAINT "budget_lines_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "indicators" ADD CONSTRAINT "indicators_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measures" ADD CONSTRAINT "measures_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measures" ADD CONSTRAINT "measures_tenant_id_risk_id_risks_tenant_id_id_fk" FOREIGN KEY ("tenant_id","risk_id") REFERENCES "public"."risks"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "measures" ADD CONSTRAINT "measures_tenant_id_budget_line_id_budget_lines_tenant_id_id_fk" FOREIGN KEY ("tenant_id","budget_line_id") REFERENCES "public"."budget_lines"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "action_milestones" ADD CONSTRAINT "action_milestones_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batch_quotas" ADD CONSTRAINT "batch_quotas_programme_id_batch_no_batches_programme_id_no_fk" FOREIGN KEY ("programme_id","batch_no") REFERENCES "public"."batches"("programme_id","no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batch_quotas" ADD CONSTRAINT "batch_quotas_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "programmes" ADD CONSTRAINT "programmes_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_programme_id_programmes_id_fk" FOREIGN KEY ("programme_id") REFERENCES "public"."programmes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assets" ADD CONSTRAINT "assets_tenant_id_system_id_systems_tenant_id_id_fk" FOREIGN KEY ("tenant_id","system_id") REFERENCES "public"."systems"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_assets" ADD CONSTRAINT "register_assets_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_assets" ADD CONSTRAINT "register_assets_tenant_id_system_id_systems_tenant_id_id_fk" FOREIGN KEY ("tenant_id","system_id") REFERENCES "public"."systems"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_assets" ADD CONSTRAINT "register_assets_tenant_id_submission_id_submissions_tenant_id_id_fk" FOREIGN KEY ("tenant_id","submission_id") REFERENCES "public"."submissions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risks" ADD CONSTRAINT "risks_tenant_id_project_id_projects_tenant_id_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "public"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risks" ADD CONSTRAINT "risks_tenant_id_system_id_systems_tenant_id_id_fk" FOREIGN KEY ("tenant_id","system_id") REFERENCES "public"."systems"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risks" ADD CONSTRAINT "risks_tenant_id_asset_id_register_assets_tenant_id_id_fk" FOREIGN KEY ("tenant_id","asset_id") REFERENCES "public"."register_assets"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risks" ADD CONSTRAINT "risks_catalogue_version_threat_code_threats_version_code_fk" FOREIGN KEY ("catalogue_version","threat_code") REFERENCES "public"."threats"("version","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risks" ADD CONSTRAINT "risks_catalogue_version_vulnerability_code_vulnerabilities_version_code_fk" FOREIGN KEY ("catalogue_version","vulnerability_code") REFERENCES "public"."vulnerabilities"("version","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clause_evidence" ADD CONSTRAINT "clause_evidence_tenant_id_clause_id_clauses_tenant_id_id_fk" FOREIGN KEY ("tenant_id","clause_id") REFERENCES "public"."clauses"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clause_evidence" ADD CONSTRAINT "clause_evidence_sector_tenant_id_submission_id_submissions_tenant_id_id_fk" FOREIGN KEY ("sector_tenant_id","submission_id") REFERENCES "public"."submissions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clauses" ADD CONSTRAINT "clauses_tenant_id_specification_id_specifications_tenant_id_id_fk" FOREIGN KEY ("tenant_id","specification_id") REFERENCES "public"."specifications"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clauses" ADD CONSTRAINT "clauses_tenant_id_parent_id_clauses_tenant_id_id_fk" FOREIGN KEY ("tenant_id","parent_id") REFERENCES "public"."clauses"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_tenant_id_specification_id_specifications_tenant_id_id_fk" FOREIGN KEY ("tenant_id","specification_id") REFERENCES "public"."specifications"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comments" ADD CONSTRAINT "comments_tenant_id_clause_id_clauses_tenant_id_id_fk" FOREIGN KEY ("tenant_id","clause_id") REFERENCES "public"."clauses"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_tenant_id_document_id_documents_tenant_id_id_fk" FOREIGN KEY ("tenant_id","document_id") REFERENCES "public"."documents"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_questionnaire_version_control_code_controls_version_code_fk" FOREIGN KEY ("questionnaire_version","control_code") REFERENCES "public"."controls"("version","code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sites" ADD CONSTRAINT "sites_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "systems" ADD CONSTRAINT "systems_tenant_id_site_id_sites_tenant_id_id_fk" FOREIGN KEY ("tenant_id","site_id") REFERENCES "public"."sites"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_events" ADD CONSTRAINT "workflow_events_tenant_id_instance_id_workflow_instances_tenant_id_id_fk" FOREIGN KEY ("tenant_id","instance_id") REFERENCES "public"."workflow_instances"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "artifacts_input" ON "artifacts" USING btree ("tenant_id","object_id","locale","input_sha256");--> statement-breakpoint
CREATE INDEX "artifacts_sha256" ON "artifacts" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "documents_project" ON "documents" USING btree ("tenant_id","project_id","kind","state");--> statement-breakpoint
CREATE INDEX "documents_site" ON "documents" USING btree ("tenant_id","site_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "documents_one_response" ON "documents" USING btree ("tenant_id","project_id","system_id") WHERE kind = 'surveyResponse';--> statement-breakpoint
CREATE UNIQUE INDEX "documents_one_report" ON "documents" USING btree ("tenant_id","pilot_id","period") WHERE kind = 'progressReport';--> statement-breakpoint
CREATE UNIQUE INDEX "documents_one_of_project" ON "documents" USING btree ("tenant_id","project_id","kind","period") WHERE site_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "review_marks_part" ON "review_marks" USING btree ("tenant_id","submission_id","part");--> statement-breakpoint
CREATE INDEX "review_marks_document" ON "review_marks" USING btree ("tenant_id","document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "submissions_seq" ON "submissions" USING btree ("tenant_id","document_id","seq");--> statement-breakpoint
CREATE INDEX "submissions_project" ON "submissions" USING btree ("tenant_id","project_id","kind");--> statement-breakpoint
CREATE INDEX "submissions_sha256" ON "submissions" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "grants_institution" ON "grants" USING btree ("institution_id","ends_at");--> statement-breakpoint
CREATE INDEX "grants_pilot" ON "grants" USING btree ("tenant_id","pilot_id");--> statement-breakpoint
CREATE UNIQUE INDEX "indicator_values_once" ON "indicator_values" USING btree ("tenant_id","pilot_id","indicator_id","period");--> statement-breakpoint
CREATE INDEX "indicator_values_project" ON "indicator_values" USING btree ("tenant_id","project_id","indicator_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lessons_code" ON "lessons" USING btree ("tenant_id","project_id","code");--> statement-breakpoint
CREATE UNIQUE INDEX "national_lessons_code" ON "national_lessons" USING btree ("programme_id","from_sector","code");--> statement-breakpoint
CREATE INDEX "objections_pilot" ON "objections" USING btree ("tenant_id","pilot_id");--> statement-breakpoint
CREATE INDEX "pilot_effects_project" ON "pilot_effects" USING btree ("tenant_id","project_id","dimension");--> statement-breakpoint
CREATE UNIQUE INDEX "pilot_scores_once" ON "pilot_scores" USING btree ("tenant_id","pilot_id","membership_id");--> statement-breakpoint
CREATE UNIQUE INDEX "pilots_code" ON "pilots" USING btree ("tenant_id","project_id","code");--> statement-breakpoint
CREATE UNIQUE INDEX "pilots_once_a_batch" ON "pilots" USING btree ("tenant_id","project_id","batch_no","system_id");--> statement-breakpoint
CREATE INDEX "pilots_list" ON "pilots" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "pilots_stage" ON "pilots" USING btree ("tenant_id","project_id","batch_no","stage");--> statement-breakpoint
CREATE INDEX "pilots_site" ON "pilots" USING btree ("tenant_id","site_id");--> statement-breakpoint
CREATE INDEX "verifications_pilot" ON "verifications" USING btree ("tenant_id","pilot_id","at");--> statement-breakpoint
CREATE INDEX "budget_lines_project" ON "budget_lines" USING btree ("tenant_id","project_id","site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "indicators_code" ON "indicators" USING btree ("tenant_id","project_id","code");--> statement-breakpoint
CREATE UNIQUE INDEX "measures_code" ON "measures" USING btree ("tenant_id","project_id","code");--> statement-breakpoint
CREATE INDEX "measures_risk" ON "measures" USING btree ("tenant_id","risk_id");--> statement-breakpoint
CREATE INDEX "action_milestones_due" ON "action_milestones" USING btree ("programme_id","due_on");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_one_per_programme" ON "projects" USING btree ("tenant_id","programme_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_at" ON "idempotency_keys" USING btree ("at");--> statement-breakpoint
CREATE INDEX "assets_system" ON "assets" USING btree ("tenant_id","site_id","system_id");--> statement-breakpoint
CREATE INDEX "register_assets_project" ON "register_assets" USING btree ("tenant_id","project_id","site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "risks_once" ON "risks" USING btree ("tenant_id","asset_id","threat_code","vulnerability_code");--> statement-breakpoint
CREATE UNIQUE INDEX "risks_code" ON "risks" USING btree ("tenant_id","project_id","code");--> statement-breakpoint
CREATE INDEX "risks_register" ON "risks" USING btree ("tenant_id","project_id","level" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "risks_site" ON "risks" USING btree ("tenant_id","site_id","level" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "clause_evidence_clause" ON "clause_evidence" USING btree ("tenant_id","clause_id");--> statement-breakpoint
CREATE INDEX "clauses_tree" ON "clauses" USING btree ("tenant_id","specification_id","position");--> statement-breakpoint
CREATE INDEX "comments_specification" ON "comments" USING btree ("tenant_id","specification_id","disposition");--> statement-breakpoint
CREATE UNIQUE INDEX "specifications_number" ON "specifications" USING btree ("number","edition");--> statement-breakpoint
CREATE INDEX "specifications_public" ON "specifications" USING btree ("public","published_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sites_code" ON "sites" USING btree ("tenant_id","code");--> statement-breakpoint
CREATE INDEX "systems_site" ON "systems" USING btree ("tenant_id","site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tenants_code" ON "tenants" USING btree ("code");--> statement-breakpoint
CREATE UNIQUE INDEX "workflow_events_seq" ON "workflow_events" USING btree ("tenant_id","instance_id","seq");--> statement-breakpoint
CREATE INDEX "workflow_events_project" ON "workflow_events" USING btree ("tenant_id","project_id","no");--> statement-breakpoint
CREATE INDEX "workflow_events_recent" ON "workflow_events" USING btree ("tenant_id","no");--> statement-breakpoint
CREATE UNIQUE INDEX "workflow_instances_object" ON "workflow_instances" USING btree ("tenant_id","object_id");--> statement-breakpoint
CREATE INDEX "workflow_instances_state" ON "workflow_instances" USING btree ("tenant_id","machine","state");--> statement-breakpoint
CREATE POLICY "controls_site_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "controls_sector_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "controls_assessor_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "controls_national_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "controls_auditor_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "controls_operator_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "controls_public_select" ON "controls" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);--> statement-breakpoint
CREATE POLICY "threats_site_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "threats_sector_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "threats_assessor_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "threats_national_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "threats_auditor_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "threats_operator_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "threats_public_select" ON "threats" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_site_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_sector_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_assessor_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_national_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_auditor_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_operator_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "vulnerabilities_public_select" ON "vulnerabilities" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);--> statement-breakpoint
CREATE POLICY "artifacts_public_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (public);--> statement-breakpoint
CREATE POLICY "artifacts_site_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (public);--> statement-breakpoint
CREATE POLICY "artifacts_assessor_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (public);--> statement-breakpoint
CREATE POLICY "artifacts_auditor_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (public);--> statement-breakpoint
CREATE POLICY "artifacts_operator_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (public);--> statement-breakpoint
CREATE POLICY "artifacts_sector_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) or public);--> statement-breakpoint
CREATE POLICY "artifacts_sector_insert" ON "artifacts" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and not public);--> statement-breakpoint
CREATE POLICY "artifacts_national_select" ON "artifacts" AS PERMISSIVE FOR SELECT TO "anshi_national" USING ((national and (select auth.claim('national', 'tenant')) is not null) or tenant_id = (select auth.claim('national', 'tenant')) or public);--> statement-breakpoint
CREATE POLICY "artifacts_national_insert" ON "artifacts" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "artifacts_national_update" ON "artifacts" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "documents_site_select" ON "documents" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "documents_site_insert" ON "documents" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and not national and (system_id is null or exists (select 1 from public.systems p where p.tenant_id = documents.tenant_id and p.id = documents.system_id and p.site_id is not distinct from documents.site_id)) and (pilot_id is null or exists (select 1 from public.pilots p where p.tenant_id = documents.tenant_id and p.id = documents.pilot_id and p.site_id is not distinct from documents.site_id)));--> statement-breakpoint
CREATE POLICY "documents_site_update" ON "documents" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "documents_sector_select" ON "documents" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "documents_sector_insert" ON "documents" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "documents_sector_update" ON "documents" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "documents_national_select" ON "documents" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (national and (select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "documents_national_update" ON "documents" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (national and (select auth.claim('national', 'tenant')) is not null) WITH CHECK (national and (select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "documents_auditor_select" ON "documents" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "drafts_site_select" ON "drafts" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "drafts_site_insert" ON "drafts" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and exists (select 1 from public.documents p where p.tenant_id = drafts.tenant_id and p.id = drafts.document_id and p.site_id is not distinct from drafts.site_id));--> statement-breakpoint
CREATE POLICY "drafts_site_update" ON "drafts" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "drafts_sector_select" ON "drafts" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "drafts_sector_insert" ON "drafts" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null and exists (select 1 from public.documents p where p.tenant_id = drafts.tenant_id and p.id = drafts.document_id and p.site_id is not distinct from drafts.site_id));--> statement-breakpoint
CREATE POLICY "drafts_sector_update" ON "drafts" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null);--> statement-breakpoint
CREATE POLICY "review_marks_site_select" ON "review_marks" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "review_marks_sector_select" ON "review_marks" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "review_marks_sector_insert" ON "review_marks" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "review_marks_sector_update" ON "review_marks" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and not national) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and not national);--> statement-breakpoint
CREATE POLICY "review_marks_sector_delete" ON "review_marks" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and not national);--> statement-breakpoint
CREATE POLICY "review_marks_national_select" ON "review_marks" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (national and (select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "review_marks_national_insert" ON "review_marks" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (national and (select auth.claim('national', 'tenant')) is not null and exists (select 1 from public.submissions p where p.tenant_id = review_marks.tenant_id and p.id = review_marks.submission_id and p.document_id = review_marks.document_id and p.site_id is not distinct from review_marks.site_id));--> statement-breakpoint
CREATE POLICY "submissions_site_select" ON "submissions" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "submissions_site_insert" ON "submissions" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and not national and sealed_by_role = 'site_lead' and (select auth.claim_role('site')) = 'site_lead' and exists (select 1 from public.documents p where p.tenant_id = submissions.tenant_id and p.id = submissions.document_id and p.site_id is not distinct from submissions.site_id and p.project_id is not distinct from submissions.project_id and p.kind = submissions.kind));--> statement-breakpoint
CREATE POLICY "submissions_sector_select" ON "submissions" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "submissions_sector_insert" ON "submissions" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and site_id is null and exists (select 1 from public.documents p where p.tenant_id = submissions.tenant_id and p.id = submissions.document_id and p.site_id is not distinct from submissions.site_id and p.project_id is not distinct from submissions.project_id and p.kind = submissions.kind));--> statement-breakpoint
CREATE POLICY "submissions_national_select" ON "submissions" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (national and (select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "submissions_auditor_select" ON "submissions" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "grants_site_select" ON "grants" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "grants_sector_select" ON "grants" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "grants_sector_insert" ON "grants" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "grants_sector_update" ON "grants" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "grants_assessor_select" ON "grants" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (institution_id = (select auth.claim('assessor', 'tenant')));--> statement-breakpoint
CREATE POLICY "indicator_values_site_select" ON "indicator_values" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "indicator_values_site_insert" ON "indicator_values" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and exists (select 1 from public.pilots p where p.tenant_id = indicator_values.tenant_id and p.id = indicator_values.pilot_id and p.site_id is not distinct from indicator_values.site_id and p.project_id is not distinct from indicator_values.project_id) and exists (select 1 from public.documents p where p.tenant_id = indicator_values.tenant_id and p.id = indicator_values.document_id and p.site_id is not distinct from indicator_values.site_id));--> statement-breakpoint
CREATE POLICY "indicator_values_site_update" ON "indicator_values" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and exists (select 1 from public.documents p where p.tenant_id = indicator_values.tenant_id and p.id = indicator_values.document_id and p.site_id is not distinct from indicator_values.site_id));--> statement-breakpoint
CREATE POLICY "indicator_values_sector_select" ON "indicator_values" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "lessons_site_select" ON "lessons" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
CREATE POLICY "lessons_sector_select" ON "lessons" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "lessons_sector_insert" ON "lessons" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "lessons_sector_update" ON "lessons" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "national_lessons_sector_select" ON "national_lessons" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING ((select auth.claim('sector', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "national_lessons_national_select" ON "national_lessons" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "national_lessons_national_insert" ON "national_lessons" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and exists (select 1 from public.submissions p where p.tenant_id = national_lessons.from_sector and p.id = national_lessons.submission_id));--> statement-breakpoint
CREATE POLICY "national_lessons_national_delete" ON "national_lessons" AS PERMISSIVE FOR DELETE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "objections_sector_select" ON "objections" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "objections_sector_insert" ON "objections" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "objections_sector_update" ON "objections" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilot_effects_site_select" ON "pilot_effects" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "pilot_effects_sector_select" ON "pilot_effects" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilot_effects_sector_insert" ON "pilot_effects" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilot_effects_sector_update" ON "pilot_effects" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilot_scores_sector_select" ON "pilot_scores" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and (membership_id = (select auth.claim('sector', 'membership')) or (select auth.claim_role('sector')) = 'regulator_lead'));--> statement-breakpoint
CREATE POLICY "pilot_scores_sector_insert" ON "pilot_scores" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "pilot_scores_sector_update" ON "pilot_scores" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "pilots_site_select" ON "pilots" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "pilots_site_update" ON "pilots" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "pilots_sector_select" ON "pilots" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilots_sector_insert" ON "pilots" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilots_sector_update" ON "pilots" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "pilots_assessor_select" ON "pilots" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (id = any ((select auth.granted_pilots())::uuid[]));--> statement-breakpoint
CREATE POLICY "verifications_site_select" ON "verifications" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "verifications_sector_select" ON "verifications" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "verifications_assessor_select" ON "verifications" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (institution_id = (select auth.claim('assessor', 'tenant')));--> statement-breakpoint
CREATE POLICY "verifications_assessor_insert" ON "verifications" AS PERMISSIVE FOR INSERT TO "anshi_assessor" WITH CHECK (institution_id = (select auth.claim('assessor', 'tenant')) and (pilot_id = any ((select auth.granted_pilots())::uuid[])) and exists (select 1 from public.pilots p where p.tenant_id = verifications.tenant_id and p.id = verifications.pilot_id and p.site_id is not distinct from verifications.site_id));--> statement-breakpoint
CREATE POLICY "budget_lines_site_select" ON "budget_lines" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "budget_lines_sector_select" ON "budget_lines" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "budget_lines_sector_insert" ON "budget_lines" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "budget_lines_sector_update" ON "budget_lines" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "budget_lines_sector_delete" ON "budget_lines" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "indicators_site_select" ON "indicators" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
CREATE POLICY "indicators_sector_select" ON "indicators" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "indicators_sector_insert" ON "indicators" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "indicators_sector_update" ON "indicators" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "indicators_sector_delete" ON "indicators" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "measures_site_select" ON "measures" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "measures_site_update" ON "measures" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "measures_sector_select" ON "measures" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "measures_sector_insert" ON "measures" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "measures_sector_update" ON "measures" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "measures_sector_delete" ON "measures" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "action_milestones_site_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "action_milestones_sector_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "action_milestones_assessor_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "action_milestones_national_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "action_milestones_national_insert" ON "action_milestones" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "action_milestones_national_update" ON "action_milestones" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "action_milestones_auditor_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "action_milestones_operator_select" ON "action_milestones" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "batch_quotas_site_select" ON "batch_quotas" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
CREATE POLICY "batch_quotas_sector_select" ON "batch_quotas" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "batch_quotas_national_select" ON "batch_quotas" AS PERMISSIVE FOR SELECT TO "anshi_national" USING ((select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "batch_quotas_national_insert" ON "batch_quotas" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK ((select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "batch_quotas_national_update" ON "batch_quotas" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING ((select auth.claim('national', 'tenant')) is not null) WITH CHECK ((select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "batches_site_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "batches_sector_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "batches_assessor_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "batches_national_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "batches_national_insert" ON "batches" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "batches_national_update" ON "batches" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "batches_auditor_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "batches_operator_select" ON "batches" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_site_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_sector_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_assessor_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_national_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_national_insert" ON "programmes" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "programmes_national_update" ON "programmes" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "programmes_auditor_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_operator_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "programmes_public_select" ON "programmes" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);--> statement-breakpoint
CREATE POLICY "projects_site_select" ON "projects" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')));--> statement-breakpoint
CREATE POLICY "projects_sector_select" ON "projects" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "projects_sector_insert" ON "projects" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "projects_sector_update" ON "projects" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "projects_national_select" ON "projects" AS PERMISSIVE FOR SELECT TO "anshi_national" USING ((select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "projects_national_update" ON "projects" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING ((select auth.claim('national', 'tenant')) is not null) WITH CHECK ((select auth.claim('national', 'tenant')) is not null);--> statement-breakpoint
CREATE POLICY "projects_auditor_select" ON "projects" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_site_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_site_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_sector_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_sector_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_assessor_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_assessor_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_assessor" WITH CHECK (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_national_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_national_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_auditor_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_auditor_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_auditor" WITH CHECK (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_operator_select" ON "idempotency_keys" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "idempotency_keys_operator_insert" ON "idempotency_keys" AS PERMISSIVE FOR INSERT TO "anshi_operator" WITH CHECK (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_site_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_site_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_site_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and membership_id = (select auth.claim('site', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_sector_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_sector_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_sector_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and membership_id = (select auth.claim('sector', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_assessor_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_assessor_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_assessor" WITH CHECK (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_assessor_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_assessor" USING (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('assessor', 'tenant')) and membership_id = (select auth.claim('assessor', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_national_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_national_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_national_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and membership_id = (select auth.claim('national', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_auditor_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_auditor_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_auditor" WITH CHECK (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_auditor_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('auditor', 'tenant')) and membership_id = (select auth.claim('auditor', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_operator_select" ON "visits" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_operator_insert" ON "visits" AS PERMISSIVE FOR INSERT TO "anshi_operator" WITH CHECK (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "visits_operator_update" ON "visits" AS PERMISSIVE FOR UPDATE TO "anshi_operator" USING (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership'))) WITH CHECK (tenant_id = (select auth.claim('operator', 'tenant')) and membership_id = (select auth.claim('operator', 'membership')));--> statement-breakpoint
CREATE POLICY "assets_site_select" ON "assets" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "assets_site_insert" ON "assets" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and exists (select 1 from public.systems p where p.tenant_id = assets.tenant_id and p.id = assets.system_id and p.site_id is not distinct from assets.site_id));--> statement-breakpoint
CREATE POLICY "assets_site_update" ON "assets" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "assets_site_delete" ON "assets" AS PERMISSIVE FOR DELETE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "register_assets_site_select" ON "register_assets" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "register_assets_sector_select" ON "register_assets" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "register_assets_sector_insert" ON "register_assets" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "register_assets_sector_update" ON "register_assets" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "register_assets_sector_delete" ON "register_assets" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "risks_site_select" ON "risks" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and status = 'confirmed');--> statement-breakpoint
CREATE POLICY "risks_sector_select" ON "risks" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "risks_sector_insert" ON "risks" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "risks_sector_update" ON "risks" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "risks_sector_delete" ON "risks" AS PERMISSIVE FOR DELETE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')) and status = 'proposed');--> statement-breakpoint
CREATE POLICY "clause_evidence_public_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (public);--> statement-breakpoint
CREATE POLICY "clause_evidence_site_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (public);--> statement-breakpoint
CREATE POLICY "clause_evidence_assessor_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (public);--> statement-breakpoint
CREATE POLICY "clause_evidence_auditor_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (public);--> statement-breakpoint
CREATE POLICY "clause_evidence_operator_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (public);--> statement-breakpoint
CREATE POLICY "clause_evidence_sector_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (public);--> statement-breakpoint
CREATE POLICY "clause_evidence_national_select" ON "clause_evidence" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) or public);--> statement-breakpoint
CREATE POLICY "clause_evidence_national_insert" ON "clause_evidence" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')) and exists (select 1 from public.submissions p where p.tenant_id = clause_evidence.sector_tenant_id and p.id = clause_evidence.submission_id and p.sha256 = clause_evidence.submission_sha256));--> statement-breakpoint
CREATE POLICY "clause_evidence_national_update" ON "clause_evidence" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "clause_evidence_national_delete" ON "clause_evidence" AS PERMISSIVE FOR DELETE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "clauses_public_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (public);--> statement-breakpoint
CREATE POLICY "clauses_site_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (public);--> statement-breakpoint
CREATE POLICY "clauses_assessor_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (public);--> statement-breakpoint
CREATE POLICY "clauses_auditor_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (public);--> statement-breakpoint
CREATE POLICY "clauses_operator_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (public);--> statement-breakpoint
CREATE POLICY "clauses_sector_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (public);--> statement-breakpoint
CREATE POLICY "clauses_national_select" ON "clauses" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) or public);--> statement-breakpoint
CREATE POLICY "clauses_national_insert" ON "clauses" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "clauses_national_update" ON "clauses" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "clauses_national_delete" ON "clauses" AS PERMISSIVE FOR DELETE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "comments_public_insert" ON "comments" AS PERMISSIVE FOR INSERT TO "anshi_public" WITH CHECK (disposition = 'open' and reply = '' and settled_at is null and settled_by_name = '' and rev = 1 and auth.consultation_open(tenant_id, specification_id, clause_id));--> statement-breakpoint
CREATE POLICY "comments_national_select" ON "comments" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "comments_national_insert" ON "comments" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "comments_national_update" ON "comments" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "specifications_public_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (public);--> statement-breakpoint
CREATE POLICY "specifications_site_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (public);--> statement-breakpoint
CREATE POLICY "specifications_assessor_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (public);--> statement-breakpoint
CREATE POLICY "specifications_auditor_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (public);--> statement-breakpoint
CREATE POLICY "specifications_operator_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (public);--> statement-breakpoint
CREATE POLICY "specifications_sector_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (public);--> statement-breakpoint
CREATE POLICY "specifications_national_select" ON "specifications" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant')) or public);--> statement-breakpoint
CREATE POLICY "specifications_national_insert" ON "specifications" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "specifications_national_update" ON "specifications" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING (tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "answers_site_select" ON "answers" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "answers_site_insert" ON "answers" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and exists (select 1 from public.documents p where p.tenant_id = answers.tenant_id and p.id = answers.document_id and p.site_id is not distinct from answers.site_id));--> statement-breakpoint
CREATE POLICY "answers_site_update" ON "answers" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "sites_site_select" ON "sites" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "sites_site_update" ON "sites" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "sites_sector_select" ON "sites" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "sites_sector_insert" ON "sites" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "sites_sector_update" ON "sites" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "systems_site_select" ON "systems" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "systems_site_update" ON "systems" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "systems_sector_select" ON "systems" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "systems_sector_insert" ON "systems" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "systems_sector_update" ON "systems" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "tenants_site_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (true);--> statement-breakpoint
CREATE POLICY "tenants_sector_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (true);--> statement-breakpoint
CREATE POLICY "tenants_assessor_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (true);--> statement-breakpoint
CREATE POLICY "tenants_national_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_national" USING (true);--> statement-breakpoint
CREATE POLICY "tenants_auditor_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (true);--> statement-breakpoint
CREATE POLICY "tenants_operator_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_operator" USING (true);--> statement-breakpoint
CREATE POLICY "tenants_operator_insert" ON "tenants" AS PERMISSIVE FOR INSERT TO "anshi_operator" WITH CHECK ((select auth.claim('operator', 'membership')) is not null);--> statement-breakpoint
CREATE POLICY "tenants_operator_update" ON "tenants" AS PERMISSIVE FOR UPDATE TO "anshi_operator" USING ((select auth.claim('operator', 'membership')) is not null) WITH CHECK ((select auth.claim('operator', 'membership')) is not null);--> statement-breakpoint
CREATE POLICY "tenants_public_select" ON "tenants" AS PERMISSIVE FOR SELECT TO "anshi_public" USING (true);--> statement-breakpoint
CREATE POLICY "workflow_events_site_select" ON "workflow_events" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "workflow_events_site_insert" ON "workflow_events" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and actor_membership_id = (select auth.claim('site', 'membership')) and actor_role in ((select auth.claim_role('site')), 'system') and exists (select 1 from public.workflow_instances p where p.tenant_id = workflow_events.tenant_id and p.id = workflow_events.instance_id and p.machine = workflow_events.machine and p.object_id = workflow_events.object_id and p.project_id is not distinct from workflow_events.project_id and p.site_id is not distinct from workflow_events.site_id and p.national = workflow_events.national and p.lock_version = workflow_events.seq and p.state = workflow_events.to_state));--> statement-breakpoint
CREATE POLICY "workflow_events_sector_select" ON "workflow_events" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_events_sector_insert" ON "workflow_events" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')) and actor_membership_id = (select auth.claim('sector', 'membership')) and actor_role in ((select auth.claim_role('sector')), 'system') and exists (select 1 from public.workflow_instances p where p.tenant_id = workflow_events.tenant_id and p.id = workflow_events.instance_id and p.machine = workflow_events.machine and p.object_id = workflow_events.object_id and p.project_id is not distinct from workflow_events.project_id and p.site_id is not distinct from workflow_events.site_id and p.national = workflow_events.national and p.lock_version = workflow_events.seq and p.state = workflow_events.to_state));--> statement-breakpoint
CREATE POLICY "workflow_events_national_select" ON "workflow_events" AS PERMISSIVE FOR SELECT TO "anshi_national" USING ((national and (select auth.claim('national', 'tenant')) is not null) or tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_events_national_insert" ON "workflow_events" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (((national and (select auth.claim('national', 'tenant')) is not null) or tenant_id = (select auth.claim('national', 'tenant'))) and actor_membership_id = (select auth.claim('national', 'membership')) and actor_role in ((select auth.claim_role('national')), 'system') and exists (select 1 from public.workflow_instances p where p.tenant_id = workflow_events.tenant_id and p.id = workflow_events.instance_id and p.machine = workflow_events.machine and p.object_id = workflow_events.object_id and p.project_id is not distinct from workflow_events.project_id and p.site_id is not distinct from workflow_events.site_id and p.national = workflow_events.national and p.lock_version = workflow_events.seq and p.state = workflow_events.to_state));--> statement-breakpoint
CREATE POLICY "workflow_events_assessor_select" ON "workflow_events" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (machine = 'pilot' and object_id = any ((select auth.granted_pilots())::uuid[]));--> statement-breakpoint
CREATE POLICY "workflow_events_auditor_select" ON "workflow_events" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_site_select" ON "workflow_instances" AS PERMISSIVE FOR SELECT TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and (site_id is null and machine = 'project' or site_id = (select auth.claim('site', 'site'))));--> statement-breakpoint
CREATE POLICY "workflow_instances_site_insert" ON "workflow_instances" AS PERMISSIVE FOR INSERT TO "anshi_site" WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')) and machine = 'document' and not national and exists (select 1 from public.documents p where p.tenant_id = workflow_instances.tenant_id and p.id = workflow_instances.object_id and p.project_id is not distinct from workflow_instances.project_id and p.site_id is not distinct from workflow_instances.site_id));--> statement-breakpoint
CREATE POLICY "workflow_instances_site_update" ON "workflow_instances" AS PERMISSIVE FOR UPDATE TO "anshi_site" USING (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site'))) WITH CHECK (tenant_id = (select auth.claim('site', 'tenant')) and site_id = (select auth.claim('site', 'site')));--> statement-breakpoint
CREATE POLICY "workflow_instances_sector_select" ON "workflow_instances" AS PERMISSIVE FOR SELECT TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_sector_insert" ON "workflow_instances" AS PERMISSIVE FOR INSERT TO "anshi_sector" WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_sector_update" ON "workflow_instances" AS PERMISSIVE FOR UPDATE TO "anshi_sector" USING (tenant_id = (select auth.claim('sector', 'tenant'))) WITH CHECK (tenant_id = (select auth.claim('sector', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_national_select" ON "workflow_instances" AS PERMISSIVE FOR SELECT TO "anshi_national" USING ((national and (select auth.claim('national', 'tenant')) is not null) or tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_national_insert" ON "workflow_instances" AS PERMISSIVE FOR INSERT TO "anshi_national" WITH CHECK (tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_national_update" ON "workflow_instances" AS PERMISSIVE FOR UPDATE TO "anshi_national" USING ((national and (select auth.claim('national', 'tenant')) is not null) or tenant_id = (select auth.claim('national', 'tenant'))) WITH CHECK ((national and (select auth.claim('national', 'tenant')) is not null) or tenant_id = (select auth.claim('national', 'tenant')));--> statement-breakpoint
CREATE POLICY "workflow_instances_assessor_select" ON "workflow_instances" AS PERMISSIVE FOR SELECT TO "anshi_assessor" USING (machine = 'pilot' and object_id = any ((select auth.granted_pilots())::uuid[]));--> statement-breakpoint
CREATE POLICY "workflow_instances_auditor_select" ON "workflow_instances" AS PERMISSIVE FOR SELECT TO "anshi_auditor" USING (tenant_id = (select auth.claim('auditor', 'tenant')));