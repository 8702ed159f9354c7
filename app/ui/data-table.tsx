import { Form, Link, useLocation } from "@remix-run/react";
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { carried, readSort, type Sort, withParams, writeSort } from "./address.ts";
import { Button, buttonClass } from "./button.tsx";
import { cx } from "./cx.ts";
import { useHydrated } from "./hydrated.ts";
import { Icon } from "./icon.tsx";
import { Pager, type PagerProps } from "./pager.tsx";
import { opens, Popover } from "./popover.tsx";
import { EmptyState, type EmptyStateProps } from "./states.tsx";
import { type Column, toTsv, visibleColumns } from "./table.ts";

export interface DataTableProps<Row> {
  /** What the table holds, for those who do not see the page around it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** What will stand here and how to begin. A string is the title. */
  empty: string | EmptyStateProps;
  /** Overrides what is read from the address. */
  sort?: Sort | null | undefined;
  pager?: PagerProps | undefined;
  /** Prefix of the parameters when a page holds several tables: `f_` gives `?f_sort=`. */
  prefix?: string | undefined;
  /** Left side of the bar above: the count in words, usually. */
  summary?: ReactNode;
  /** Right side of the bar: exports, acts. */
  tools?: ReactNode;
  /** Lets the reader choose columns; on by itself when a column is optional. */
  columnChoice?: boolean | undefined;
  /** No bar at all: small tables inside a page. */
  plain?: boolean | undefined;
  /** Content opened in place under a row; null for closed rows. */
  extra?: ((row: Row) => ReactNode) | undefined;
  /** Key of the row that the page shows beside. */
  current?: string | null | undefined;
  /** Cells of the closing row, by column key. */
  totals?: Readonly<Record<string, ReactNode>> | undefined;
  /** Scrolls inside itself, so that head and page stay. */
  tall?: boolean | undefined;
}

function Head<Row>({
  column,
  sort,
  search,
  prefix,
}: {
  column: Column<Row>;
  sort: Sort | null;
  search: string;
  prefix: string;
}) {
  const sorted = sort !== null && sort.key === column.sort ? sort : null;
  const next: Sort = { key: column.sort ?? "", down: sorted ? !sorted.down : (column.downFirst ?? false) };
  const words = (
    <>
      {column.head}
      {column.unit ? <span className="ui-unit-head"> ({column.unit})</span> : null}
    </>
  );
  return (
    <th
      scope="col"
      className={
        cx(
          column.numeric && "ui-num",
          column.centred && "ui-mid",
          column.short && "ui-short",
          column.wrapHead && "ui-wrap-head",
        ) || undefined
      }
      {...(sorted ? { "aria-sort": sorted.down ? "descending" : "ascending" } : {})}
      {...(column.width ? { style: { width: column.width } } : {})}
    >
      {column.hideHead ? (
        <span className="ui-sr">{words}</span>
      ) : column.sort ? (
        <Link
          className="ui-sort"
          to={withParams(search, { [`${prefix}sort`]: writeSort(next), [`${prefix}cursor`]: null })}
          preventScrollReset
        >
          {words}
          <Icon name={(sorted ?? next).down ? "sortDown" : "sortUp"} size={12} />
        </Link>
      ) : (
        words
      )}
    </th>
  );
}

const rowsOf = (within: Element) => [...within.querySelectorAll<HTMLTableRowElement>("tbody > tr[data-row]")];

/** Up and down move from row to row, Home and End to the first and last, Enter follows the row's first link. */
function moveRows(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement;
  if (target.closest("input, select, textarea, [popover], dialog")) return;
  const rows = rowsOf(event.currentTarget);
  const row = target.closest<HTMLTableRowElement>("tr[data-row]");
  const here = row ? rows.indexOf(row) : -1;
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next !== undefined && rows.length > 0) {
    event.preventDefault();
    rows[Math.max(0, Math.min(next, rows.length - 1))]?.focus();
  } else if (event.key === "Enter" && row === target) {
    row.querySelector<HTMLElement>("a[href], button, summary")?.click();
  }
}

function Row<R>({
  row,
  index,
  columns,
  props,
}: {
  row: R;
  index: number;
  columns: readonly Column<R>[];
  props: DataTableProps<R>;
}) {
  const key = props.rowKey(row);
  const extra = props.extra?.(row) ?? null;
  return (
    <Fragment>
      <tr data-row={key} tabIndex={-1} {...(props.current === key ? { "aria-current": true } : {})}>
        {columns.map((column) => {
          const shared = {
            key: column.key,
            className:
              cx(column.numeric && "ui-num", column.centred && "ui-mid", column.short && "ui-short") || undefined,
            ...(column.hideHead ? {} : { "data-label": column.unit ? `${column.head} (${column.unit})` : column.head }),
            ...(column.text ? { "data-text": column.text(row) } : {}),
          };
          const { key: cellKey, ...attributes } = shared;
          return column.rowHead ? (
            <th key={cellKey} scope="row" {...attributes}>
              {column.cell(row, index)}
            </th>
          ) : (
            <td key={cellKey} {...attributes}>
              {column.cell(row, index)}
            </td>
          );
        })}
      </tr>
      {extra === null ? null : (
        <tr className="ui-extra">
          <td className="ui-extra-cell" colSpan={columns.length}>
            {extra}
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Choice<R>({
  columns,
  shown,
  search,
  prefix,
}: {
  columns: readonly Column<R>[];
  shown: readonly Column<R>[];
  search: string;
  prefix: string;
}) {
  const id = useId();
  const name = `${prefix}cols`;
  return (
    <>
      <button type="button" className={buttonClass({ kind: "quiet", size: "s" })} {...opens(id)}>
        <Icon name="columns" size={14} />
        {m.ui_columns()}
      </button>
      <Popover id={id} label={m.ui_columns()}>
        <Form
          method="get"
          className="ui-pop-text"
          preventScrollReset
          onSubmit={() => document.getElementById(id)?.hidePopover?.()}
        >
          {carried(search, [name]).map(([key, value], index) => (
            <input key={index} type="hidden" name={key} value={value} />
          ))}
          {columns
            .filter((column) => !column.hideHead)
            .map((column) => (
              <label key={column.key} className="ui-choice">
                <input
                  type="checkbox"
                  name={name}
                  value={column.key}
                  defaultChecked={shown.includes(column)}
                  disabled={column.rowHead}
                />
                <span>{column.head}</span>
              </label>
            ))}
          <div className="ui-form-acts">
            <Button kind="main" size="s">
              {m.ui_columns_apply()}
            </Button>
            <Link
              className={buttonClass({ kind: "quiet", size: "s" })}
              to={withParams(search, { [name]: null })}
              preventScrollReset
            >
              {m.ui_columns_reset()}
            </Link>
          </div>
        </Form>
      </Popover>
    </>
  );
}

function CopyTable({ table }: { table: () => HTMLTableElement | null }) {
  const hydrated = useHydrated();
  const [done, setDone] = useState(false);
  if (!hydrated) return null;
  const copy = async () => {
    const rows = [...(table()?.querySelectorAll("tr:not(.ui-extra)") ?? [])].map((row) =>
      [...row.querySelectorAll<HTMLElement>(":scope > th, :scope > td")].map(
        (cell) => cell.dataset["text"] ?? cell.innerText,
      ),
    );
    await navigator.clipboard.writeText(toTsv(rows));
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <Button type="button" kind="quiet" size="s" icon={done ? "check" : "copy"} onClick={() => void copy()}>
      <span aria-live="polite">{done ? m.ui_copied() : m.ui_copy_table()}</span>
    </Button>
  );
}

/**
 * A head sticks to the nearest thing that scrolls. While the table fits its place that shall be the page, so the place
 * stops scrolling; without script it scrolls always and only the head's staying is lost.
 */
function useHeadThatStays(ref: RefObject<HTMLTableElement>, tall: boolean): void {
  useEffect(() => {
    const table = ref.current;
    const place = table?.parentElement;
    if (!table || !place || tall) return undefined;
    const look = () => {
      place.dataset["fits"] = String(table.scrollWidth <= place.clientWidth);
    };
    const watch = new ResizeObserver(look);
    watch.observe(place);
    watch.observe(table);
    return () => watch.disconnect();
  });
}

/**
 * The table of the tool. Sorted, filtered and paged on the server with its state in the address; the head stays, arrow keys
 * move, a phone shows labelled rows, and it can be copied into a spreadsheet.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { search } = useLocation();
  const ref = useRef<HTMLTableElement>(null);
  useHeadThatStays(ref, props.tall ?? false);
  const prefix = props.prefix ?? "";
  const params = new URLSearchParams(search);
  const sort = props.sort === undefined ? readSort(params.get(`${prefix}sort`)) : props.sort;
  const columns = visibleColumns(props.columns, params.getAll(`${prefix}cols`));
  const choice = props.columnChoice ?? props.columns.some((column) => column.optional);
  const empty = typeof props.empty === "string" ? { title: props.empty } : props.empty;
  return (
    <div>
      {props.plain ? null : (
        <div className="ui-tablebar">
          <div className="ui-tablebar-count">{props.summary}</div>
          <div className="ui-acts">
            {props.tools}
            {choice && props.rows.length > 0 ? (
              <Choice columns={props.columns} shown={columns} search={search} prefix={prefix} />
            ) : null}
            {props.rows.length > 0 ? <CopyTable table={() => ref.current} /> : null}
          </div>
        </div>
      )}
      {props.rows.length === 0 ? (
        <EmptyState {...empty} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- what scrolls must be reachable by keyboard (WCAG 2.1.1); from it the arrow keys enter the rows
        <div
          className={cx("ui-scroll", props.tall && "ui-scroll-tall")}
          role="group"
          aria-label={props.caption}
          tabIndex={0}
          onKeyDown={moveRows}
        >
          <table ref={ref} className="ui-table ui-table-rows">
            <caption className="ui-sr">{props.caption}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <Head key={column.key} column={column} sort={sort} search={search} prefix={prefix} />
                ))}
              </tr>
            </thead>
            <tbody>
              {props.rows.map((row, index) => (
                <Row key={props.rowKey(row)} row={row} index={index} columns={columns} props={props} />
              ))}
            </tbody>
            {props.totals ? <Totals columns={columns} totals={props.totals} /> : null}
          </table>
        </div>
      )}
      {props.pager && props.rows.length > 0 ? <Pager {...props.pager} /> : null}
    </div>
  );
}

function Totals<Row>({
  columns,
  totals,
}: {
  columns: readonly Column<Row>[];
  totals: Readonly<Record<string, ReactNode>>;
}) {
  return (
    <tfoot>
      <tr>
        {columns.map((column) =>
          column.rowHead ? (
            <th key={column.key} scope="row">
              {totals[column.key] ?? m.ui_total()}
            </th>
          ) : (
            <td
              key={column.key}
              className={cx(column.numeric && "ui-num", column.short && "ui-short")}
              data-label={column.head}
            >
              {totals[column.key]}
            </td>
          ),
        )}
      </tr>
    </tfoot>
  );
}
