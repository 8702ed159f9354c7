import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { carried, readSort, withParams, writeSort } from "./address.ts";
import { DataTable, type DataTableProps } from "./data-table.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { TextInput } from "./inputs.tsx";
import { Pager } from "./pager.tsx";
import { type Column, toTsv, visibleColumns } from "./table.ts";

interface Row {
  id: string;
  name: string;
  amount: number;
}
const columns: Column<Row>[] = [
  { key: "name", head: "试点", rowHead: true, sort: "name", cell: (row) => row.name },
  {
    key: "amount",
    head: "预算",
    unit: "万元",
    numeric: true,
    sort: "amount",
    downFirst: true,
    cell: (row) => row.amount,
    text: (row) => row.amount.toFixed(2),
  },
  { key: "note", head: "备注", optional: true, cell: () => "—" },
];
const rows: Row[] = [
  { id: "a", name: "甲", amount: 12 },
  { id: "b", name: "乙", amount: 3 },
];
const table = (over: Partial<DataTableProps<Row>> = {}) => (
  <DataTable caption="试点" columns={columns} rows={rows} rowKey={(row) => row.id} empty="还没有试点" {...over} />
);

describe("DataTable", () => {
  it("is a table for those who listen: caption, scopes, a named group that takes the focus", () => {
    const html = renderKit(table());
    expect(html).toContain("<caption");
    expect(html.match(/scope="col"/g)).toHaveLength(2);
    expect(html.match(/scope="row"/g)).toHaveLength(2);
    expect(html).toMatch(/role="group" aria-label="试点" tabindex="0"/i);
  });
  it("carries the heads into the rows for phones, with the unit", () => {
    expect(renderKit(table())).toContain('data-label="预算 (万元)"');
  });
  it("sorts on the server by links that keep the filter and drop the page", () => {
    const html = renderKit(table(), { at: "/?stage=run&sort=-amount&cursor=abc" });
    expect(html).toContain('aria-sort="descending"');
    expect(html).toContain('href="/?stage=run&amp;sort=amount"');
    expect(html).toContain('href="/?stage=run&amp;sort=name"');
  });
  it("first sorts downwards where the large end matters", () => {
    expect(renderKit(table())).toContain('href="/?sort=-amount"');
  });
  it("shows chosen columns, always with the one that names the row", () => {
    expect(textOf(renderKit(table(), { at: "/?cols=note" }))).toContain("备注");
    expect(visibleColumns(columns, ["note"]).map((column) => column.key)).toEqual(["name", "note"]);
    expect(visibleColumns(columns, []).map((column) => column.key)).toEqual(["name", "amount"]);
  });
  it("keeps two tables of a page apart by their prefix", () => {
    const html = renderKit(table({ prefix: "f_" }), { at: "/?sort=-amount" });
    expect(html).not.toContain("aria-sort");
    expect(html).toContain("f_sort=name");
  });
  it("opens a row in place and closes with totals", () => {
    const html = renderKit(table({ extra: (row) => (row.id === "b" ? "链" : null), totals: { amount: "15.00" } }));
    expect(html.match(/ui-extra"/g)).toHaveLength(1);
    expect(textOf(html)).toMatch(/合计 15\.00/);
  });
  it("says what will stand there when it is empty, instead of an empty table", () => {
    const html = renderKit(table({ rows: [] }));
    expect(html).not.toContain("<table");
    expect(textOf(html)).toContain("还没有试点");
  });
});

describe("Pager", () => {
  it("is not there when all fits on one page", () => {
    expect(renderKit(<Pager next={null} />)).toBe("");
  });
  it("leads on, and back to the first page", () => {
    const html = renderKit(<Pager next="x2" />, { at: "/?cursor=x1&stage=run" });
    expect(html).toContain('href="/?stage=run&amp;cursor=x2"');
    expect(html).toContain('href="/?stage=run"');
  });
});

describe("FilterBar", () => {
  it("is a GET form that carries what it does not set, and forgets the page", () => {
    const html = renderKit(
      <FilterBar label="筛选" names={["q"]} active={[{ name: "q", label: "名称：水" }]}>
        <TextInput name="q" label="名称" />
      </FilterBar>,
      { at: "/?q=水&sort=name&cursor=abc" },
    );
    expect(html).toMatch(/<form method="get"/);
    expect(html).toContain('<input type="hidden" name="sort" value="name"/>');
    expect(html).not.toContain('value="abc"');
    expect(html).toContain('aria-label="取消筛选：名称：水"');
  });
});

describe("addresses", () => {
  it("change a parameter and leave the others", () => {
    expect(withParams("?a=1&b=2", { a: null, c: ["x", "y"] })).toBe("?b=2&c=x&c=y");
    expect(withParams("?a=1", { a: null })).toBe("?");
    expect(carried("?a=1&b=2&b=3", ["a"])).toEqual([
      ["b", "2"],
      ["b", "3"],
    ]);
  });
  it("read the sort they wrote", () => {
    expect(readSort(writeSort({ key: "due", down: true }))).toEqual({ key: "due", down: true });
    expect(readSort("")).toBeNull();
  });
});

describe("copying", () => {
  it("keeps a row a row", () => {
    expect(
      toTsv([
        ["a\nb", " c\td "],
        ["1", "2"],
      ]),
    ).toBe("a b\tc d\n1\t2");
  });
});
