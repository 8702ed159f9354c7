import type { SurveyPage } from "../survey.view.server.ts";
import { formatPercent } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Bars } from "#app/ui/charts/bars.tsx";
import { type HeatCell, HeatMap } from "#app/ui/charts/heat-map.tsx";
import { Radar } from "#app/ui/charts/radar.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { Section, Split } from "#app/ui/page.tsx";
import { Progress } from "#app/ui/states.tsx";

const percent = (bp: number | null): string => (bp === null ? "—" : formatPercent(bp / 10_000));

/** Who is in, against what the project asks for. */
export function Rate({ view }: { view: SurveyPage }) {
  const { rate, thresholdBp } = view;
  return (
    <Section
      title={
        rate.met
          ? m.survey_rate_met({ rate: percent(rate.basisPoints) })
          : m.survey_rate_open({ rate: percent(rate.basisPoints), threshold: percent(thresholdBp) })
      }
    >
      <Progress
        label={m.survey_rate()}
        value={rate.submitted}
        max={rate.invited}
        left={m.survey_rate_left({ submitted: rate.submitted, invited: rate.invited, approved: rate.approved })}
      />
    </Section>
  );
}

/** From a score to a step of the ramp: the lower the score, the darker. */
function stepOf(bp: number): 1 | 2 | 3 | 4 | 5 {
  if (bp >= 9000) return 1;
  if (bp >= 7500) return 2;
  if (bp >= 6000) return 3;
  return bp >= 4000 ? 4 : 5;
}
const heatCell = (bp: number | null): HeatCell => ({
  level: bp === null ? null : stepOf(bp),
  text: bp === null ? "" : String(Math.round(bp / 100)),
});

/** Scores of all sealed responses together: four dimensions as a shape, dimension × object as a map, all four tags as a table. */
export function ScorePanel({ scores }: { scores: SurveyPage["scores"] }) {
  const [byDimension = [], ...rest] = scores.groups;
  const known = byDimension.filter((r) => r.bp !== null).sort((a, b) => (a.bp ?? 0) - (b.bp ?? 0));
  const weakest = known[0];
  const heads = [m.survey_object(), m.survey_lifecycle(), m.survey_mechanism()];
  return (
    <Section
      title={m.survey_scores({ score: percent(scores.overallBp), count: scores.responses })}
      note={m.survey_scores_note()}
    >
      <Split
        even
        side={
          <HeatMap
            title={m.survey_heat_title()}
            rowAxis={m.survey_dimension()}
            columnAxis={m.survey_object()}
            rows={scores.heat.rows}
            columns={scores.heat.columns}
            cells={scores.heat.cells.map((row) => row.map(heatCell))}
            cell={{ w: 96, h: 36 }}
          />
        }
      >
        <Radar
          title={
            weakest
              ? m.survey_radar_title({ dimension: weakest.label, score: percent(weakest.bp) })
              : m.survey_dimension()
          }
          name={m.survey_score()}
          max={100}
          unit="%"
          axes={byDimension.map((r) => ({ label: r.label, value: r.bp === null ? null : r.bp / 100 }))}
        />
      </Split>
      <Split
        even
        side={
          scores.weak.every((w) => w.count === 0) ? (
            <p className="ui-hint">{m.survey_weak_none()}</p>
          ) : (
            <Bars
              title={m.survey_weak_title()}
              of={m.survey_dimension()}
              measure={m.survey_weak()}
              digits={0}
              whole
              bars={scores.weak.map((w) => ({ label: w.label, value: w.count }))}
            />
          )
        }
      >
        <table className="ui-table">
          <caption className="ui-sr">{m.survey_scores_note()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.survey_tag()}</th>
              <th scope="col" className="ui-num">
                {m.survey_score()}
              </th>
            </tr>
          </thead>
          <tbody>
            {rest.flatMap((group, n) =>
              group.map((row) => (
                <tr key={`${heads[n] ?? ""}${row.label}`}>
                  <th scope="row">
                    {heads[n]} · {row.label}
                  </th>
                  <td className="ui-num">{percent(row.bp)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Split>
    </Section>
  );
}

/** How the site's own scores stand among those of its sector; with too few others the scores alone. */
export function Ranks({ ranks }: { ranks: NonNullable<SurveyPage["ranks"]> }) {
  const shown = ranks.others !== null;
  return (
    <Section
      id="ranks"
      title={m.survey_ranks()}
      note={
        ranks.others === null
          ? m.survey_ranks_few({ k: ranks.k })
          : m.survey_ranks_note({ others: ranks.others, k: ranks.k })
      }
    >
      <DataTable
        plain
        caption={m.survey_ranks()}
        rows={ranks.rows}
        rowKey={(r) => r.key}
        empty={m.survey_ranks_few({ k: ranks.k })}
        columns={[
          { key: "tag", head: m.survey_dimension(), rowHead: true, cell: (r) => r.label },
          { key: "score", head: m.survey_own_score(), numeric: true, cell: (r) => percent(r.bp) },
          ...(shown
            ? [
                {
                  key: "percentile",
                  head: m.survey_percentile(),
                  numeric: true,
                  cell: (r: (typeof ranks.rows)[number]) =>
                    r.percentile ?? <span className="ui-hint">{m.survey_percentile_few({ k: ranks.k })}</span>,
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}
