import { formatMoney, formatPercent, moneyUnit } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure, type Picture } from "./figure.tsx";
import { domainOf, linearAxis } from "./scale.ts";
import { textWidth } from "./text.ts";

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

/** Where a text begins that stands at a place: to its left or right, inside the picture either way. */
const beside = (text: string, at: number, width: number) =>
  at > width / 2 ? Math.max(0, at - textWidth(text)) : Math.min(at, width - textWidth(text));

function picture({ part, asked, enough }: { part: Share; asked: Share; enough: boolean }, width: number): Picture {
  // the axis ends at half as much again as the larger of the two, so that a share of 8 % against 10 % can be seen
  const end = Math.min(1, Math.max(part.share, asked.share) * 1.5 || 0.1);
  const { at, domain } = linearAxis(domainOf([end]), [0, width]);
  const place = (share: number) => at(Math.min(Math.max(share, 0), domain[1]));
  const [done, line] = [place(part.share), place(asked.share)];
  return {
    height: 58,
    still: true,
    marks: (
      <>
        <rect className="c-quiet" x="0" y="20" width={width} height="16" rx="2" />
        <rect className={enough ? "c-series" : "c-late"} x="0" y="20" width={done} height="16" rx="2" />
        <text className="c-strong" x={beside(part.text, done, width)} y="14">
          {part.text}
        </text>
        <line className="c-chosen" x1={line} x2={line} y1="18" y2="40" />
        <text x={beside(asked.text, line, width)} y="54">
          {asked.text}
        </text>
      </>
    ),
  };
}

interface Share {
  /** 0..1 */
  share: number;
  text: string;
}

/** One bar: the part of a budget, against the share that is asked for. */
export function BudgetBar({ title, note, partCenti, totalCenti, threshold, partLabel, totalLabel }: BudgetBarProps) {
  const locale = getLocale();
  const total = Number(totalCenti);
  const share = total > 0 ? Number(partCenti) / total : 0;
  const part = { share, text: `${partLabel} ${formatPercent(share, locale)}` };
  const asked = { share: threshold, text: `${m.ui_chart_asked()} ${formatPercent(threshold, locale)}` };
  return (
    <Figure
      title={title}
      note={note}
      table={{
        heads: [m.ui_field(), `${m.ui_chart_amount()} (${moneyUnit(locale)})`, m.ui_chart_share()],
        rows: [
          [partLabel, formatMoney(partCenti, locale), formatPercent(share, locale)],
          [totalLabel, formatMoney(totalCenti, locale), "100%"],
          [m.ui_chart_asked(), "—", formatPercent(threshold, locale)],
        ],
      }}
      draw={(width) => (total > 0 ? picture({ part, asked, enough: share >= threshold }, width) : null)}
    />
  );
}
