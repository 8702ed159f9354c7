import { formatMoney, formatPercent, moneyUnit } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure } from "./figure.tsx";
import { textWidth } from "./scale.ts";

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
  width?: number | undefined;
}

/** One bar: the part of a budget, against the share that is asked for. */
export function BudgetBar({ title, note, partCenti, totalCenti, threshold, partLabel, totalLabel, width = 520 }: BudgetBarProps) {
  const locale = getLocale();
  const total = Number(totalCenti);
  const share = total > 0 ? Number(partCenti) / total : 0;
  const end = Math.min(1, Math.max(share, threshold) * 1.5 || 0.1);
  const x = (value: number) => (Math.min(value, end) / end) * width;
  const enough = share >= threshold;
  const words = `${partLabel} ${formatPercent(share, locale)}`;
  const asked = `${m.ui_chart_asked()} ${formatPercent(threshold, locale)}`;
  const askedAt = Math.min(Math.max(x(threshold), textWidth(asked) / 2), width - textWidth(asked) / 2);
  return (
    <Figure
      title={title}
      note={note}
      fit
      table={{
        heads: ["", `${m.ui_chart_amount()} (${moneyUnit(locale)})`, m.ui_chart_share()],
        rows: [
          [partLabel, formatMoney(partCenti, locale), formatPercent(share, locale)],
          [totalLabel, formatMoney(totalCenti, locale), "100%"],
          [m.ui_chart_asked(), "—", formatPercent(threshold, locale)],
        ],
      }}
    >
      <svg width={width} height="58" viewBox={`0 0 ${width} 58`} role="img" aria-label={title}>
        <rect className="c-quiet" x="0" y="20" width={width} height="18" rx="2" />
        <rect className={enough ? "c-series" : "c-late"} x="0" y="20" width={x(share)} height="18" rx="2" />
        <text className="c-strong" x={Math.min(Math.max(0, x(share) - textWidth(words)), width - textWidth(words))} y="14">
          {words}
        </text>
        <path className="c-chosen" d={`M${x(threshold)} 16V42`} />
        <text x={askedAt} y="55" textAnchor="middle">
          {asked}
        </text>
      </svg>
    </Figure>
  );
}
