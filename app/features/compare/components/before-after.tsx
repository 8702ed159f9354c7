import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { axisRoom, StandingAxis } from "#app/ui/charts/axis.tsx";
import { Figure, type Picture } from "#app/ui/charts/figure.tsx";
import { endLabels } from "#app/ui/charts/labels.ts";
import { Mark } from "#app/ui/charts/mark.tsx";
import { domainOf, linearAxis } from "#app/ui/charts/scale.ts";
import { fitText, textWidth } from "#app/ui/charts/text.ts";

interface Point {
  pilotId: string;
  label: string;
  name: string;
  before: number;
  after: number;
  /** What the plan promises and nobody has reported yet: drawn hollow. */
  promised?: boolean;
  /** How it is known, in words. */
  knownWord?: string;
}
interface BeforeAfterProps {
  title: string;
  points: readonly Point[];
  /** Upper end of the scale that several panels share. */
  max: number;
}

const [TOP, BOTTOM] = [14, 152];
const figure = (value: number) => formatNumber(value, undefined, 1);
const lineOf = (p: Point) =>
  p.promised ? "c-line-2" : p.after > p.before ? "c-late-line" : p.after < p.before ? "c-line" : "c-line-quiet";
const markOf = (p: Point) => (p.promised ? "c-hollow" : "c-series");

function picture({ points, max }: BeforeAfterProps, width: number): Picture | null {
  if (points.length === 0) return null;
  const y = linearAxis(domainOf([max]), [BOTTOM, TOP]);
  const told = (p: Point) => `${p.label} ${figure(p.after)}`;
  // as wide as the greatest figure needs, so that panels of one scale have one frame
  const room = Math.min(120, Math.max(...points.map((p) => textWidth(`${p.label} ${figure(max)}`))));
  const [left, right] = [axisRoom(y) + 20, width - room - 10];
  // who changed most keeps their name when there is no room for all
  const ends = endLabels(
    points.map((p) => ({ at: y.at(p.after), weight: Math.abs(p.after - p.before) })),
    14,
    TOP,
    BOTTOM,
  );
  const few = points.length <= 12;
  return {
    height: BOTTOM + 22,
    marks: (
      <>
        <StandingAxis axis={y} left={left - 20} right={right} />
        {points.map((p, index) => {
          const end = ends[index] ?? null;
          return (
            <Mark
              key={p.pilotId}
              href={`/pilots/${p.pilotId}`}
              told={[`${p.label} ${p.name}: ${figure(p.before)} → ${figure(p.after)}`, p.knownWord]
                .filter(Boolean)
                .join(" · ")}
            >
              <path
                className={lineOf(p)}
                d={`M${left} ${y.at(p.before)}L${right} ${y.at(p.after)}`}
                opacity={few ? 1 : 0.45}
              />
              <circle className={markOf(p)} cx={left} cy={y.at(p.before)} r={few ? 3 : 1.5} />
              <circle className={markOf(p)} cx={right} cy={y.at(p.after)} r={few ? 3 : 1.5} />
              {end === null ? null : (
                <text x={right + 8} y={end + 4}>
                  {fitText(told(p), room)}
                </text>
              )}
            </Mark>
          );
        })}
        <text className="c-hint" x={left} y={BOTTOM + 16} textAnchor="middle">
          {m.compare_before()}
        </text>
        <text className="c-hint" x={right} y={BOTTOM + 16} textAnchor="middle">
          {m.compare_after()}
        </text>
      </>
    ),
  };
}

/** Every pilot as one line from before to after, on a scale that several panels share; each line opens its pilot. */
export function BeforeAfter(props: BeforeAfterProps) {
  const { title, points } = props;
  return (
    <Figure
      bare
      title={title}
      table={{
        heads: [m.compare_pilot(), m.compare_before(), m.compare_after(), m.compare_known()],
        rows: points.map((p) => [`${p.label} ${p.name}`, figure(p.before), figure(p.after), p.knownWord ?? ""]),
      }}
      sizes={["xs", "s", "h"]}
      draw={(width) => picture(props, width)}
    />
  );
}
