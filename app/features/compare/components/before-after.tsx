import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "#app/ui/charts/figure.tsx";
import { Mark } from "#app/ui/charts/mark.tsx";

interface Point {
  pilotId: string;
  label: string;
  name: string;
  before: number;
  after: number;
}
const [width, height] = [240, 150];
const [left, right, top, bottom] = [56, 200, 12, 126];

/** Every pilot as one line from before to after, on a scale that several panels share; each line opens its pilot. */
export function BeforeAfter({ title, points, max }: { title: string; points: readonly Point[]; max: number }) {
  const y = (value: number) => bottom - (Math.min(value, max) / max) * (bottom - top);
  const text = (value: number) => formatNumber(value, undefined, 1);
  const few = points.length <= 12;
  return (
    <Figure
      bare
      title={title}
      fit
      table={{
        heads: [m.compare_pilot(), m.compare_before(), m.compare_after()],
        rows: points.map((p) => [`${p.label} ${p.name}`, text(p.before), text(p.after)]),
      }}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={title}>
        {[0, max / 2, max].map((step) => (
          <g key={step}>
            <line
              className={step === 0 ? "c-axis" : "c-grid"}
              x1={left - 16}
              x2={right + 16}
              y1={y(step)}
              y2={y(step)}
            />
            <text className="c-hint" x={left - 20} y={y(step) + 4} textAnchor="end">
              {formatNumber(step, undefined, 0)}
            </text>
          </g>
        ))}
        {points.map((p) => (
          <Mark
            key={p.pilotId}
            href={`/pilots/${p.pilotId}`}
            told={`${p.label} ${p.name}: ${text(p.before)} → ${text(p.after)}`}
          >
            <line
              className={p.after > p.before ? "c-line" : "c-line-2"}
              x1={left}
              y1={y(p.before)}
              x2={right}
              y2={y(p.after)}
              opacity={few ? 1 : 0.45}
            />
            <circle className="c-muted" cx={left} cy={y(p.before)} r={few ? 3 : 1.5} />
            <circle className="c-series" cx={right} cy={y(p.after)} r={few ? 3 : 1.5} />
          </Mark>
        ))}
        <text className="c-hint" x={left} y={height - 6} textAnchor="middle">
          {m.compare_before()}
        </text>
        <text className="c-hint" x={right} y={height - 6} textAnchor="middle">
          {m.compare_after()}
        </text>
      </svg>
    </Figure>
  );
}
