import { formatMoney, formatPercent, moneyUnit } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";

export interface BudgetBarProps {
  /** The finding: «安全投入占 12.4%，高于本领域 10% 的要求». */
  title: string;
  note?: string | undefined;
  /** Whole hundredths of 万元. */
  partCenti: bigint | number;
  totalCenti: bigint | number;
  /** Share that is asked for, 0..1. */
  threshold: number;
  partLabel: string;
  totalLabel: string;
}

/** A text hangs to the left of its place on the right half, to the right of it on the left half: it never leaves the drawing. */
const anchorAt = (percent: number) => (percent > 50 ? "end" : "start");

/** One bar: the part of a budget, against the share that is asked for. As wide as its place. */
export function BudgetBar({ title, note, partCenti, totalCenti, threshold, partLabel, totalLabel }: BudgetBarProps) {
  const locale = getLocale();
  const total = Number(totalCenti);
  const share = total > 0 ? Number(partCenti) / total : 0;
  // the axis ends at half as much again as the larger of the two, so that a share of 8 % against 10 % can be seen
  const end = Math.min(1, Math.max(share, threshold) * 1.5 || 0.1);
  const at = (value: number) => (Math.min(Math.max(value, 0), end) / end) * 100;
  const enough = share >= threshold;
  return (
    <Figure
      title={title}
      note={note}
      fit
      table={{
        heads: [m.ui_field(), `${m.ui_chart_amount()} (${moneyUnit(locale)})`, m.ui_chart_share()],
        rows: [
          [partLabel, formatMoney(partCenti, locale), formatPercent(share, locale)],
          [totalLabel, formatMoney(totalCenti, locale), "100%"],
          [m.ui_chart_asked(), "—", formatPercent(threshold, locale)],
        ],
      }}
    >
      <svg width="100%" height="58" role="img" aria-label={title}>
        <rect className="c-quiet" x="0" y="20" width="100%" height="16" rx="2" />
        <rect className={enough ? "c-series" : "c-late"} x="0" y="20" width={`${at(share)}%`} height="16" rx="2" />
        <text className="c-strong" x={`${at(share)}%`} y="14" textAnchor={anchorAt(at(share))}>
          {`${partLabel} ${formatPercent(share, locale)}`}
        </text>
        <line className="c-chosen" x1={`${at(threshold)}%`} x2={`${at(threshold)}%`} y1="16" y2="40" />
        <text x={`${at(threshold)}%`} y="54" textAnchor={anchorAt(at(threshold))}>
          {`${m.ui_chart_asked()} ${formatPercent(threshold, locale)}`}
        </text>
      </svg>
    </Figure>
  );
}
