import { Link } from "@remix-run/react";
import type { SerializeFrom } from "@remix-run/node";
import type { RegisterPart, RiskPage } from "../risk.view.server.ts";
import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { withParams } from "#app/ui/address.ts";
import { RiskLevel, StatusMark, riskStep } from "#app/ui/marks.tsx";
import type { Column } from "#app/ui/table.ts";

export type Page = SerializeFrom<RiskPage>;

export type Part = SerializeFrom<RegisterPart>;

type Line = Part["lines"][number];

/** Id of the form that acts on the risks that are picked. */
export const bulk = "risk-bulk";

function statusMark(status: Line["status"]) {
  if (status === "confirmed") return <StatusMark status="done">{m.risk_status_confirmed()}</StatusMark>;
  if (status === "dismissed") return <StatusMark status="off">{m.risk_status_dismissed()}</StatusMark>;
  return <StatusMark status="waiting">{m.risk_status_proposed()}</StatusMark>;
}

/** A box beside each risk, for the bar that acts on several. */
const pickColumn = (): Column<Line> => ({
  key: "pick",
  head: m.risk_col_choose(),
  hideHead: true,
  width: "2rem",
  text: () => "",
  cell: (r) => (
    <input type="checkbox" form={bulk} name="riskIds" value={r.id} aria-label={m.risk_choose({ code: r.code })} />
  ),
});

/** The code, which opens the risk in place and closes it. */
const codeColumn = (search: string, openId: string | null): Column<Line> => ({
  key: "code",
  head: m.risk_col_code(),
  rowHead: true,
  text: (r) => r.code,
  cell: (r) => (
    <Link
      to={withParams(search, { open: openId === r.id ? null : r.id })}
      preventScrollReset
      aria-expanded={openId === r.id}
      id={`risk-${r.id}`}
      className="whitespace-nowrap"
    >
      {r.code}
    </Link>
  ),
});

/** What is at risk, and by what. */
const subjectColumns = (sector: boolean): Column<Line>[] => [
  {
    key: "asset",
    head: m.risk_col_asset(),
    text: (r) => r.assetName,
    cell: (r) => (
      <span className="flex flex-col">
        <span>{r.assetName}</span>
        {sector ? <span className="ui-hint">{r.siteName}</span> : null}
      </span>
    ),
  },
  {
    key: "risk",
    head: m.risk_col_risk(),
    text: (r) => `${r.vulnerabilityTitle} / ${r.threatTitle}`,
    cell: (r) => (
      <span className="flex flex-col">
        <span>{r.vulnerabilityTitle}</span>
        <span className="ui-hint">{r.threatTitle}</span>
      </span>
    ),
  },
];

/** How high it is, what the measures leave of it, and whose it is. */
const levelColumns = (sector: boolean): Column<Line>[] => [
  {
    key: "level",
    head: m.risk_col_level(),
    text: (r) => String(r.level),
    cell: (r) => <RiskLevel level={riskStep(r.level)} />,
  },
  {
    key: "residual",
    head: m.risk_col_residual(),
    text: (r) => String(r.residualLevel ?? ""),
    cell: (r) => (r.residualLevel === null ? null : <RiskLevel level={riskStep(r.residualLevel)} />),
  },
  {
    key: "owner",
    head: m.risk_col_owner(),
    text: (r) => r.owner,
    cell: (r) =>
      r.owner ||
      (r.level >= 4 && sector && r.status === "confirmed" ? (
        <StatusMark status="late">{m.risk_no_owner()}</StatusMark>
      ) : null),
  },
];

/** What a sector alone is told: how far each risk is judged, and of which site it is. */
const sectorColumns = (): Column<Line>[] => [
  {
    key: "status",
    head: m.risk_col_status(),
    text: (r) => r.status,
    cell: (r) => statusMark(r.status),
  },
  { key: "site", head: m.risk_col_site(), cell: (r) => r.siteName, optional: true },
];

const figureColumns = (): Column<Line>[] => [
  {
    key: "measures",
    head: m.risk_col_measures(),
    numeric: true,
    optional: true,
    text: (r) => String(r.measures),
    cell: (r) => formatNumber(r.measures),
  },
  {
    key: "value",
    head: m.risk_col_value(),
    numeric: true,
    optional: true,
    text: (r) => r.value,
    cell: (r) => r.value,
  },
];

/** The register's columns; a sector judges, a site reads. */
export const registerColumns = (search: string, openId: string | null, sector: boolean): Column<Line>[] => [
  ...(sector ? [pickColumn()] : []),
  codeColumn(search, openId),
  ...subjectColumns(sector),
  ...levelColumns(sector),
  ...(sector ? sectorColumns() : []),
  ...figureColumns(),
];
