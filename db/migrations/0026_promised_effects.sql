-- What the plan promises of pilots whose effect was worked out before that was kept: as `pilotEffect` of app/features/pilots says it.
ALTER TABLE "pilot_effects" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "pilots" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "risks" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "measures" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- What is derived is derived anew, which is nobody's act: the trail is told of none.
ALTER TABLE "pilot_effects" DISABLE TRIGGER USER;--> statement-breakpoint
-- Risk in thousandths by method, asset value and threat; its fields stand by severity of the vulnerability, 1 to 5.
WITH cells (method, asset, threat, by_vulnerability) AS (VALUES
  ('matrix', 1, 1, '{3000,3000,8000,8000,13000}'), ('matrix', 1, 2, '{3000,6000,8000,11000,17000}'), ('matrix', 1, 3, '{3000,6000,11000,11000,17000}'), ('matrix', 1, 4, '{6000,6000,11000,15000,21000}'), ('matrix', 1, 5, '{6000,9000,15000,15000,21000}'),
  ('matrix', 2, 1, '{3000,3000,8000,9000,16000}'), ('matrix', 2, 2, '{3000,6000,8000,13000,20000}'), ('matrix', 2, 3, '{3000,6000,11000,13000,20000}'), ('matrix', 2, 4, '{6000,6000,11000,17000,23000}'), ('matrix', 2, 5, '{6000,9000,15000,17000,23000}'),
  ('matrix', 3, 1, '{3000,5000,9000,9000,16000}'), ('matrix', 3, 2, '{3000,8000,9000,13000,20000}'), ('matrix', 3, 3, '{3000,8000,13000,13000,20000}'), ('matrix', 3, 4, '{6000,8000,13000,17000,23000}'), ('matrix', 3, 5, '{6000,11000,17000,17000,23000}'),
  ('matrix', 4, 1, '{3000,5000,9000,11000,20000}'), ('matrix', 4, 2, '{3000,8000,9000,16000,23000}'), ('matrix', 4, 3, '{3000,8000,13000,16000,23000}'), ('matrix', 4, 4, '{6000,8000,13000,20000,25000}'), ('matrix', 4, 5, '{6000,11000,17000,20000,25000}'),
  ('matrix', 5, 1, '{5000,5000,11000,14000,20000}'), ('matrix', 5, 2, '{5000,8000,11000,20000,23000}'), ('matrix', 5, 3, '{5000,8000,16000,20000,23000}'), ('matrix', 5, 4, '{8000,8000,16000,23000,25000}'), ('matrix', 5, 5, '{8000,11000,20000,23000,25000}'),
  ('multiplication', 1, 1, '{1000,2000,3000,4000,5000}'), ('multiplication', 1, 2, '{1414,2828,4242,5656,7071}'), ('multiplication', 1, 3, '{1732,3464,5196,6928,8660}'), ('multiplication', 1, 4, '{2000,4000,6000,8000,10000}'), ('multiplication', 1, 5, '{2236,4472,6708,8944,11180}'),
  ('multiplication', 2, 1, '{1414,2828,4242,5656,7071}'), ('multiplication', 2, 2, '{2000,4000,6000,8000,10000}'), ('multiplication', 2, 3, '{2449,4898,7348,9797,12247}'), ('multiplication', 2, 4, '{2828,5656,8485,11313,14142}'), ('multiplication', 2, 5, '{3162,6324,9486,12649,15811}'),
  ('multiplication', 3, 1, '{1732,3464,5196,6928,8660}'), ('multiplication', 3, 2, '{2449,4898,7348,9797,12247}'), ('multiplication', 3, 3, '{3000,6000,9000,12000,15000}'), ('multiplication', 3, 4, '{3464,6928,10392,13856,17320}'), ('multiplication', 3, 5, '{3872,7745,11618,15491,19364}'),
  ('multiplication', 4, 1, '{2000,4000,6000,8000,10000}'), ('multiplication', 4, 2, '{2828,5656,8485,11313,14142}'), ('multiplication', 4, 3, '{3464,6928,10392,13856,17320}'), ('multiplication', 4, 4, '{4000,8000,12000,16000,20000}'), ('multiplication', 4, 5, '{4472,8944,13416,17888,22360}'),
  ('multiplication', 5, 1, '{2236,4472,6708,8944,11180}'), ('multiplication', 5, 2, '{3162,6324,9486,12649,15811}'), ('multiplication', 5, 3, '{3872,7745,11618,15491,19364}'), ('multiplication', 5, 4, '{4472,8944,13416,17888,22360}'), ('multiplication', 5, 5, '{5000,10000,15000,20000,25000}')
), lowered AS (
  SELECT r.tenant_id, r.project_id, r.system_id, r.dimension, r.method, r.asset_value,
    greatest(1, r.threat - coalesce(sum(m.threat_cut), 0))::int AS threat,
    greatest(1, r.vulnerability - coalesce(sum(m.vulnerability_cut), 0))::int AS vulnerability
  FROM risks r LEFT JOIN measures m ON m.tenant_id = r.tenant_id AND m.risk_id = r.id
  WHERE r.status = 'confirmed'
  GROUP BY r.tenant_id, r.id
), means AS (
  SELECT l.tenant_id, l.project_id, l.system_id, l.dimension,
    floor((2 * sum((c.by_vulnerability::int[])[l.vulnerability]) + count(*))::numeric / (2 * count(*)))::bigint AS promised
  FROM lowered l JOIN cells c ON c.method = l.method AND c.asset = l.asset_value AND c.threat = l.threat
  GROUP BY l.tenant_id, l.project_id, l.system_id, l.dimension
)
UPDATE pilot_effects e SET promised_milli = s.promised
FROM pilots p, means s
WHERE e.promised_milli IS NULL AND p.tenant_id = e.tenant_id AND p.id = e.pilot_id
  AND s.tenant_id = p.tenant_id AND s.project_id = p.project_id AND s.system_id = p.system_id AND s.dimension = e.dimension;--> statement-breakpoint
ALTER TABLE "pilot_effects" ENABLE TRIGGER USER;
