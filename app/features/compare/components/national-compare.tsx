import type { Jsonify } from "#app/ui/jsonify.ts";
import type { nationalCompare } from "../compare.view.server.ts";
import { shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList, pick } from "#app/i18n/pick.ts";
import { Bars } from "#app/ui/charts/bars.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

type View = NonNullable<Jsonify<Awaited<ReturnType<typeof nationalCompare>>>>;

/** One dimension: its finding over all sectors, then each group that may be shown. At least one may. */
function Panel({ panel: p, k }: { panel: View["panels"][number]; k: number }) {
  const title = p.sentence ?? m.compare_national_title({ dimension: p.word });
  const hidden = [
    ...(p.hidden > 0 ? [m.compare_suppressed_note({ hidden: p.hidden, k })] : []),
    ...(p.earlier ? [m.compare_earlier({ day: p.earlier, k })] : []),
  ];
  return (
    <Bars
      title={title}
      note={[...hidden, m.compare_dimensions_note()].join(" · ")}
      of={m.compare_sector()}
      measure={m.compare_change()}
      unit={m.compare_risk_unit()}
      digits={1}
      bars={p.bars.map((b) => ({
        label: b.label,
        value: b.value,
        ...("low" in b ? { low: b.low, high: b.high } : {}),
        ...(b.own ? {} : { tone: "muted" as const }),
        ...(b.suppressed ? { text: b.unnamed ? m.compare_unnamed() : m.compare_suppressed({ k }) } : {}),
      }))}
    />
  );
}

const shows = (panel: View["panels"][number]) => panel.bars.some((bar) => bar.value !== null);

/** Sectors side by side, a chart a dimension; small groups are hidden and it is said. */
export function NationalPanels({ view }: { view: View }) {
  if (view.sectors.length === 0)
    return <EmptyState title={m.compare_empty_title()} text={m.compare_national_empty()} />;
  const unnamed = view.sectors.filter((s) => s.unnamed);
  const [drawn, empty] = [view.panels.filter(shows), view.panels.filter((p) => !shows(p))];
  return (
    <>
      {drawn.length > 0 ? (
        <div className="grid items-start gap-x-10 gap-y-8 pt-4 xl:grid-cols-2">
          {drawn.map((p) => (
            <Panel key={p.dimension} panel={p} k={view.k} />
          ))}
        </div>
      ) : null}
      {empty.length > 0 ? (
        <p className="ui-hint pt-4">
          {m.compare_national_left_out({ dimensions: joinList(empty.map((p) => p.word)), k: view.k })}
        </p>
      ) : null}
      {unnamed.length > 0 ? (
        <p className="ui-hint pt-1">{m.compare_unnamed_note({ sectors: joinList(unnamed.map((s) => pick(s))) })}</p>
      ) : null}
      <Section title={m.compare_reviews()}>
        <DataTable
          plain
          caption={m.compare_reviews()}
          rows={view.sectors}
          rowKey={(r) => r.sectorId}
          empty={m.compare_national_empty()}
          columns={[
            { key: "sector", head: m.compare_sector(), rowHead: true, cell: (r) => pick(r) },
            { key: "pilots", head: m.compare_n(), numeric: true, cell: (r) => r.pilots },
            {
              key: "accepted",
              head: m.compare_accepted(),
              numeric: true,
              cell: (r) => r.accepted ?? m.compare_fewer({ k: view.k }),
            },
            { key: "lessons", head: m.compare_lessons(), numeric: true, cell: (r) => r.lessons },
            {
              key: "adoption",
              head: m.compare_adoption(),
              cell: (r) => (r.adoption ? m.compare_adoption_of(r.adoption) : <None />),
            },
            {
              key: "sha",
              head: m.compare_digest(),
              cell: (r) => <CopyId value={r.sha256} short={shortDigest(r.sha256)} label={m.compare_digest()} />,
            },
          ]}
        />
      </Section>
    </>
  );
}
