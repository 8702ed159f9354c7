import { curveStepAfter, line } from "d3-shape";
import { m } from "#app/i18n/paraglide/messages.js";
import { axisRoom, dayTicks, StandingAxis, Today } from "#app/ui/charts/axis.tsx";
import { Figure, type Picture } from "#app/ui/charts/figure.tsx";
import { placeNames, stepCorners } from "#app/ui/charts/names.ts";
import { dayAxis, linearAxis } from "#app/ui/charts/scale.ts";
import { textWidth } from "#app/ui/charts/text.ts";
import type { ActionPlanView } from "../action-plan.server.ts";

const [HEIGHT, TOP, BOTTOM] = [240, 30, 212];

interface Step {
  day: string;
  n: number;
}

function picture(plan: ActionPlanView, width: number): Picture | null {
  const planned: Step[] = plan.burnUp.map((p) => ({ day: p.day, n: p.planned }));
  const done: Step[] = plan.burnUp.flatMap((p) => (p.done === null ? [] : [{ day: p.day, n: p.done }]));
  const lines = [
    { steps: planned, name: m.national_plan_burn_planned(), path: "c-line-2", text: "c-hint" },
    { steps: done, name: m.national_plan_burn_done(), path: "c-line", text: "c-ink" },
  ].flatMap((one) => {
    const end = one.steps.at(-1);
    return end ? [{ ...one, end }] : [];
  });
  if (plan.total === 0 || lines.length === 0) return null;
  const y = linearAxis([0, plan.total], [BOTTOM, TOP], { whole: true });
  const left = axisRoom(y);
  const right = width - Math.max(...lines.map(({ name }) => textWidth(name))) - 8;
  const x = dayAxis([plan.from, plan.to], [left, right]);
  const steps = line<Step>(
    (step) => x.at(step.day),
    (step) => y.at(step.n),
  ).curve(curveStepAfter);
  const shows = plan.today >= plan.from && plan.today <= plan.to;
  const paths = lines.map((one) => stepCorners(one.steps.map((step) => [x.at(step.day), y.at(step.n)])));
  const names = placeNames(
    lines.map(({ name, end }) => ({ name, x: x.at(end.day), y: y.at(end.n) })),
    shows
      ? [
          ...paths,
          [
            [x.at(plan.today), TOP - 8],
            [x.at(plan.today), BOTTOM],
          ],
        ]
      : paths,
    { left, top: TOP - 12, bottom: BOTTOM + 2 },
  );
  return {
    height: HEIGHT,
    still: true,
    marks: (
      <>
        <StandingAxis axis={y} left={left} right={right} />
        {dayTicks(x, width, null).map((tick) => (
          <g key={tick.at}>
            <line className="c-axis" x1={tick.at} x2={tick.at} y1={BOTTOM} y2={BOTTOM + 5} />
            {tick.beside ? (
              <text className="c-hint" {...tick.beside} y={BOTTOM + 17}>
                {tick.label}
              </text>
            ) : null}
          </g>
        ))}
        {lines.map((one) => (
          <path key={one.name} className={one.path} d={steps(one.steps) ?? ""} />
        ))}
        {shows ? <Today x={x.at(plan.today)} width={width} top={22} bottom={BOTTOM} day={plan.today} /> : null}
        {lines.map(({ name, text }, index) => (
          <text key={name} className={`${text} c-over`} {...names[index]}>
            {name}
          </text>
        ))}
      </>
    ),
  };
}

/** Milestones planned and done by day, as steps, with today's line. */
export function BurnUp({ plan }: { plan: ActionPlanView }) {
  const now = plan.burnUp.findLast((p) => p.done !== null);
  return (
    <Figure
      title={m.national_plan_burn({ day: now?.day ?? plan.today, planned: now?.planned ?? 0, done: now?.done ?? 0 })}
      table={{
        heads: [m.national_plan_day(), m.national_plan_burn_planned(), m.national_plan_burn_done()],
        rows: plan.burnUp.map((p) => [p.day, String(p.planned), p.done === null ? "–" : String(p.done)]),
      }}
      sizes={["s", "m", "l", "x"]}
      draw={(width) => picture(plan, width)}
    />
  );
}
