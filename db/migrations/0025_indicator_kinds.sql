ALTER TABLE "indicators" ADD COLUMN "kind" text DEFAULT 'amount' NOT NULL;--> statement-breakpoint
ALTER TABLE "indicators" ADD COLUMN "low_milli" bigint;--> statement-breakpoint
ALTER TABLE "indicators" ADD COLUMN "high_milli" bigint;--> statement-breakpoint
ALTER TABLE "indicators" ADD COLUMN "settled" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "indicators" ADD CONSTRAINT "indicators_kind_known" CHECK ("indicators"."kind" in ('share', 'count', 'duration', 'amount', 'score'));--> statement-breakpoint
-- What follows writes rows of every tenant in the owner's name, as nobody's act: the walls are put anew when the migration has ended.
ALTER TABLE "indicators" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "indicators" DISABLE TRIGGER USER;--> statement-breakpoint
-- The same table of units as in app/features/plan/indicator.rules.ts; any other is an amount without limits, for the sector to settle.
UPDATE indicators i SET kind = coalesce(u.kind, 'amount'), low_milli = u.low, high_milli = u.high, settled = u.unit IS NOT NULL
FROM indicators o LEFT JOIN (VALUES
  ('%', 'share', 0::bigint, 100000::bigint), ('‰', 'share', 0, 1000000),
  ('个', 'count', 0, NULL), ('项', 'count', 0, NULL), ('次', 'count', 0, NULL), ('台', 'count', 0, NULL), ('套', 'count', 0, NULL),
  ('家', 'count', 0, NULL), ('件', 'count', 0, NULL), ('人', 'count', 0, NULL), ('人次', 'count', 0, NULL),
  ('秒', 'duration', 0, NULL), ('分钟', 'duration', 0, NULL), ('小时', 'duration', 0, NULL), ('天', 'duration', 0, NULL),
  ('月', 'duration', 0, NULL), ('年', 'duration', 0, NULL),
  ('元', 'amount', 0, NULL), ('万元', 'amount', 0, NULL), ('分', 'score', 0, 100000)
) AS u (unit, kind, low, high) ON u.unit = trim(o.unit)
WHERE i.tenant_id = o.tenant_id AND i.id = o.id;--> statement-breakpoint
ALTER TABLE "indicators" ENABLE TRIGGER USER;
