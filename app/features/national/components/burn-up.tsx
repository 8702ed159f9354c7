import { m } from "#app/i18n/paraglide/messages.js";
import { dayNumber } from "#app/platform/days.ts";
import { Figure } from "#app/ui/charts/figure.tsx";
import type { ActionPlanView } from "../action-plan.server.ts";

const [W, H, LEFT, BOTTOM, TOP, RIGHT] = [720, 220, 36, 28, 12, 84];

/** Milestones planned and done by day, as steps, with today's line. */
export function BurnUp({ plan }: { plan: ActionPlanView }) {
  const [from, to] = [dayNumber(plan.from), dayNumber(plan.to)];
  const x = (day: string) => LEFT + ((dayNumber(day) - from) / Math.max(1, to - from)) * (W - LEFT - RIGHT);
  const y = (n: number) => H - BOTTOM - (n / Math.max(1, plan.total)) * (H - BOTTOM - TOP);
  const steps = (values: readonly { day: string; n: number }[]) =>
    values
      .map((v, i) =>
        i === 0 ? `M${x(v.day).toFixed(1)} ${y(v.n).toFixed(1)}` : `H${x(v.day).toFixed(1)}V${y(v.n).toFixed(1)}`,
      )
      .join("");
  const planned = plan.burnUp.map((p) => ({ day: p.day, n: p.planned }));
  const done = plan.burnUp.flatMap((p) => (p.done === null ? [] : [{ day: p.day, n: p.done }]));
  const now = plan.burnUp.findLast((p) => p.done !== null);
  const years = [...new Set([plan.from, plan.to].map((d) => Number(d.slice(0, 4))))];
  const ticks = Array.from(
    { length: (years.at(-1) ?? 0) - (years[0] ?? 0) + 1 },
    (_, i) => `${(years[0] ?? 0) + i}-01-01`,
  ).filter((d) => d >= plan.from && d <= plan.to);
  const end = { planned: planned.at(-1), done: done.at(-1) };
  const shows = plan.today >= plan.from && plan.today <= plan.to;
  return (
    <Figure
      title={m.national_plan_burn({ day: now?.day ?? plan.today, planned: now?.planned ?? 0, done: now?.done ?? 0 })}
      table={{
        heads: [m.national_plan_day(), m.national_plan_burn_planned(), m.national_plan_burn_done()],
        rows: plan.burnUp.map((p) => [p.day, String(p.planned), p.done === null ? "–" : String(p.done)]),
      }}
    >
      <svg viewBox={`0 0 ${W} ${H}`} width={W} height={H} role="img" aria-label={m.national_plan_title()}>
        {[0, Math.ceil(plan.total / 2), plan.total].map((n) => (
          <g key={n}>
            <line className="c-grid" x1={LEFT} x2={W - RIGHT} y1={y(n)} y2={y(n)} />
            <text className="c-hint" x={LEFT - 6} y={y(n) + 4} textAnchor="end">
              {n}
            </text>
          </g>
        ))}
        {ticks.map((d) => (
          <text key={d} className="c-hint" x={x(d)} y={H - 8}>
            {d.slice(0, 4)}
          </text>
        ))}
        <path className="c-axis" strokeDasharray="4 3" strokeWidth="1.5" fill="none" d={steps(planned)} />
        <path className="c-line" strokeWidth="2" fill="none" d={steps(done)} />
        {shows ? (
          <g>
            <line className="c-axis" x1={x(plan.today)} x2={x(plan.today)} y1={TOP} y2={H - BOTTOM} />
            <text className="c-hint" x={x(plan.today) + 4} y={TOP + 8}>
              {m.national_plan_today()}
            </text>
          </g>
        ) : null}
        {end.planned ? (
          <text className="c-hint" x={W - RIGHT + 6} y={y(end.planned.n) + 4}>
            {m.national_plan_burn_planned()}
          </text>
        ) : null}
        {end.done ? (
          <text x={Math.min(W - RIGHT, x(end.done.day)) + 6} y={y(end.done.n) - 6}>
            {m.national_plan_burn_done()}
          </text>
        ) : null}
      </svg>
    </Figure>
  );
}
