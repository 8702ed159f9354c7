import { Link } from "@remix-run/react";
import type { Jsonify } from "#app/ui/jsonify.ts";
import type { sectorCompare } from "../compare.view.server.ts";
import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList } from "#app/i18n/pick.ts";
import { Bars } from "#app/ui/charts/bars.tsx";
import { SmallMultiples } from "#app/ui/charts/small-multiples.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { BeforeAfter } from "./before-after.tsx";

export type View = NonNullable<Jsonify<Awaited<ReturnType<typeof sectorCompare>>>>;

export function sizeWord(size: string | null): string {
  if (size === "small") return m.compare_size_small();
  if (size === "large") return m.compare_size_large();
  return size === "medium" ? m.compare_size_medium() : "";
}
type Indicator = View["indicators"][number];
const figure = (value: number | null) => (value === null ? <None /> : formatNumber(value, undefined, 1));

/** Change of each dimension with its interval, then every pilot before and after; a dimension without pilots has no panel. */
export function Dimensions({ view }: { view: View }) {
  const [drawn, empty] = [
    view.panels.filter((p) => p.points.length > 0),
    view.panels.filter((p) => p.points.length === 0),
  ];
  const notes = [
    ...(empty.length > 0 && drawn.length > 0
      ? [m.compare_left_out({ dimensions: joinList(empty.map((p) => p.word)) })]
      : []),
    ...(drawn.some((p) => p.points.some((point) => point.promised)) ? [m.compare_hollow()] : []),
  ];
  return (
    <>
      <Bars
        title={m.compare_dimensions_title()}
        note={m.compare_dimensions_note()}
        of={m.compare_dimension()}
        measure={m.compare_change()}
        unit={m.compare_risk_unit()}
        digits={1}
        bars={view.panels.map((p) => ({
          label: p.word,
          value: p.value,
          ...("low" in p ? { low: p.low, high: p.high } : {}),
          to: `#made-${p.dimension}`,
          tone: p.value !== null && p.value > 0 ? ("late" as const) : ("accent" as const),
        }))}
      />
      <SmallMultiples
        title={m.compare_multiples()}
        {...(notes.length > 0 ? { note: notes.join(" ") } : {})}
        items={drawn.map((p) => ({
          key: p.dimension,
          label: m.compare_points_of({ dimension: p.word, n: p.all }),
          chart: <BeforeAfter title={p.sentence} max={view.scaleMax} points={p.points} />,
        }))}
      />
    </>
  );
}

/** What each mark is made of: the pilots behind a dimension, as a table that opens. */
export function MadeOf({ view }: { view: View }) {
  return (
    <Section title={m.compare_made_of()}>
      {view.panels
        .filter((p) => p.points.length > 0)
        .map((p) => (
          <details key={p.dimension} className="ui-details">
            <summary>{m.compare_points_of({ dimension: p.word, n: p.all })}</summary>
            {/* A link to something inside opens what is closed around it. */}
            <p id={`made-${p.dimension}`}>{p.sentence}</p>
            <p className="ui-hint">
              {p.median === null ? null : m.compare_median_line({ median: formatNumber(p.median, undefined, 1) })}
              {p.knownLine}
            </p>
            <DataTable
              plain
              caption={m.compare_points_of({ dimension: p.word, n: p.all })}
              rows={p.points}
              rowKey={(r) => r.pilotId}
              empty={m.compare_empty_filtered()}
              columns={[
                {
                  key: "code",
                  head: m.compare_code(),
                  short: true,
                  cell: (r) => <Link to={`/pilots/${r.pilotId}`}>{r.label}</Link>,
                },
                { key: "name", head: m.compare_pilot(), rowHead: true, cell: (r) => r.name },
                { key: "before", head: m.compare_before(), numeric: true, cell: (r) => figure(r.before) },
                { key: "after", head: m.compare_after(), numeric: true, cell: (r) => figure(r.after) },
                { key: "change", head: m.compare_change(), numeric: true, cell: (r) => figure(r.after - r.before) },
                { key: "known", head: m.compare_known(), short: true, cell: (r) => r.knownWord },
              ]}
            />
            {p.unshown > 0 ? <p className="ui-hint">{m.compare_unshown({ n: p.unshown })}</p> : null}
          </details>
        ))}
    </Section>
  );
}

/** Indicators over the pilots that reported them; one is opened pilot by pilot. */
export function IndicatorPart({ view, awaiting }: { view: View; awaiting: boolean }) {
  const opened = view.indicators.find((i) => i.points.length > 0);
  return (
    <Section title={m.compare_indicators()}>
      {awaiting ? <p className="ui-hint">{m.compare_awaiting_note()}</p> : null}
      <DataTable
        caption={m.compare_indicators()}
        rows={view.indicators}
        rowKey={(r) => r.id}
        empty={m.compare_empty_text()}
        columns={[
          {
            key: "name",
            head: m.compare_indicator(),
            rowHead: true,
            cell: (r) => <Link to={`?indicator=${r.id}#indicator`} preventScrollReset>{`${r.code} ${r.name}`}</Link>,
            text: (r) => r.name,
          },
          { key: "unit", head: m.compare_unit(), cell: (r) => r.unit },
          { key: "n", head: m.compare_n(), numeric: true, cell: (r) => r.n },
          { key: "baseline", head: m.compare_baseline(), numeric: true, cell: (r) => figure(r.baseline) },
          { key: "mean", head: m.compare_mean(), numeric: true, cell: (r) => figure(r.mean) },
          { key: "median", head: m.compare_median(), numeric: true, cell: (r) => figure(r.median) },
          ...(awaiting
            ? [{ key: "awaiting", head: m.compare_awaiting_n(), numeric: true, cell: (r: Indicator) => r.awaiting }]
            : []),
          { key: "target", head: m.compare_target(), numeric: true, cell: (r) => figure(r.target) },
          { key: "change", head: m.compare_change(), numeric: true, cell: (r) => figure(r.value) },
          {
            key: "low",
            head: m.compare_low(),
            numeric: true,
            optional: true,
            cell: (r) => figure("low" in r ? r.low : null),
          },
          {
            key: "high",
            head: m.compare_high(),
            numeric: true,
            optional: true,
            cell: (r) => figure("high" in r ? r.high : null),
          },
          {
            key: "reached",
            head: m.compare_reached(),
            numeric: true,
            cell: (r) => m.compare_reached_of({ reached: r.reached, n: r.n }),
          },
        ]}
      />
      {opened ? (
        <div id="indicator">
          <Bars
            title={m.compare_indicator_points({ name: opened.name })}
            of={m.compare_pilot()}
            measure={m.compare_mean()}
            unit={opened.unit}
            {...(opened.target === null ? {} : { threshold: { value: opened.target, label: m.compare_target() } })}
            bars={opened.points.map((p) => ({ label: p.label, value: p.after, to: `/pilots/${p.pilotId}` }))}
          />
        </div>
      ) : null}
    </Section>
  );
}

/** Batch two against batch one, inside groups of equal grade and size. */
export function LikeWithLike({ view }: { view: View }) {
  const rows = view.panels.flatMap((p) =>
    p.strata.map((s) => ({ ...s, word: p.word, key: `${p.dimension}-${s.grade}-${s.size}` })),
  );
  if (rows.length === 0) return null;
  return (
    <Section title={m.compare_like()} note={m.compare_like_note()}>
      <ul className="ui-list pb-3">
        {view.panels
          .filter((p) => p.strata.length > 0)
          .map((p) => (
            <li key={p.dimension}>{p.like}</li>
          ))}
      </ul>
      <DataTable
        plain
        caption={m.compare_like()}
        rows={rows}
        rowKey={(r) => r.key}
        empty={m.compare_empty_filtered()}
        columns={[
          { key: "dimension", head: m.compare_dimension(), rowHead: true, cell: (r) => r.word },
          {
            key: "grade",
            head: m.compare_grade(),
            cell: (r) => (r.grade === null ? <None /> : m.compare_grade_n({ n: r.grade })),
          },
          { key: "size", head: m.compare_size(), cell: (r) => sizeWord(String(r.size ?? "")) },
          { key: "nA", head: m.compare_n_one(), numeric: true, cell: (r) => r.nA },
          { key: "nB", head: m.compare_n_two(), numeric: true, cell: (r) => r.nB },
          { key: "mA", head: m.compare_mean_one(), numeric: true, cell: (r) => figure(r.meanA) },
          { key: "mB", head: m.compare_mean_two(), numeric: true, cell: (r) => figure(r.meanB) },
          { key: "d", head: m.compare_difference(), numeric: true, cell: (r) => figure(r.difference) },
        ]}
      />
    </Section>
  );
}

const shownSuppliers = 10;
/** 可替换: what hangs on one supplier, who they are, and what has no tested way out. */
export function ReplaceablePart({ view }: { view: View }) {
  const part = view.replaceable;
  if (!part) return null;
  const [most] = part.suppliers;
  return (
    <Section id="replaceable" title={m.compare_replaceable()} note={m.compare_replaceable_note()}>
      <p className="pb-3">{part.sentence}</p>
      <DataTable
        plain
        caption={m.compare_replaceable()}
        rows={part.rows}
        rowKey={(r) => r.key}
        empty={m.compare_empty_text()}
        columns={[
          { key: "object", head: m.compare_object(), rowHead: true, cell: (r) => r.label },
          { key: "total", head: m.compare_assets(), numeric: true, cell: (r) => r.total },
          { key: "single", head: m.compare_single_source(), numeric: true, cell: (r) => r.singleSource },
          { key: "tested", head: m.compare_tested(), numeric: true, cell: (r) => r.tested },
          { key: "index", head: m.compare_replaceable_index(), numeric: true, cell: (r) => figure(r.percent) },
        ]}
      />
      {most && most.count > 1 ? (
        <div className="py-4">
          <Bars
            title={m.compare_suppliers_title({ supplier: most.supplier, n: most.count })}
            {...(part.suppliers.length > shownSuppliers
              ? { note: m.compare_suppliers_note({ n: shownSuppliers, total: part.suppliers.length }) }
              : {})}
            of={m.compare_supplier()}
            measure={m.compare_bound_count()}
            unit={m.compare_items()}
            digits={0}
            whole
            bars={part.suppliers
              .slice(0, shownSuppliers)
              .map((s) => ({ label: s.supplier, value: s.count, to: "#bound" }))}
          />
        </div>
      ) : null}
      {part.bound.length > 0 ? (
        <details className="ui-details">
          <summary>{m.compare_bound({ n: part.bound.length + part.unshown })}</summary>
          <p id="bound">{m.compare_bound_note()}</p>
          <DataTable
            plain
            caption={m.compare_bound({ n: part.bound.length + part.unshown })}
            rows={part.bound}
            rowKey={(r) => r.id}
            empty={m.compare_empty_filtered()}
            columns={[
              {
                key: "supplier",
                head: m.compare_supplier(),
                cell: (r) => r.supplier || <None />,
                text: (r) => r.supplier,
              },
              { key: "asset", head: m.compare_asset(), rowHead: true, cell: (r) => r.name },
              { key: "object", head: m.compare_object(), cell: (r) => r.objectWord },
              {
                key: "pilot",
                head: m.compare_pilot(),
                cell: (r) => <Link to={`/pilots/${r.pilotId}`}>{`${r.pilotCode} ${r.systemName}`}</Link>,
                text: (r) => `${r.pilotCode} ${r.systemName}`,
              },
            ]}
          />
          {part.unshown > 0 ? <p className="ui-hint">{m.compare_bound_unshown({ n: part.unshown })}</p> : null}
        </details>
      ) : null}
    </Section>
  );
}
