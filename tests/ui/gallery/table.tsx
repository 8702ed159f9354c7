import { ActMenu } from "#app/ui/act.tsx";
import type { Column } from "#app/ui/table.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { DueMark, RiskLevel } from "#app/ui/marks.tsx";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { None } from "#app/ui/page.tsx";
import { SearchInput, Select } from "#app/ui/inputs.tsx";
import { Spark } from "#app/ui/charts/spark.tsx";
import { type Pilot, pilots, type Say } from "./say.ts";

export function Table({ t }: { t: Say }) {
  const columns: Column<Pilot>[] = [
    {
      key: "name",
      head: t("试点", "Pilot"),
      rowHead: true,
      sort: "name",
      cell: (r) => <a href={`/pilots/${r.id}`}>{r.name}</a>,
    },
    { key: "stage", head: t("阶段", "Stage"), sort: "stage", cell: (r) => r.stage },
    { key: "risk", head: t("风险", "Risk"), sort: "risk", downFirst: true, cell: (r) => <RiskLevel level={r.risk} /> },
    {
      key: "trend",
      head: t("近五期", "Five periods"),
      cell: (r) => <Spark label={t("风险值", "Risk")} values={r.spark} />,
    },
    {
      key: "budget",
      head: t("预算", "Budget"),
      unit: t("万元", "CNY 10k"),
      numeric: true,
      sort: "budget",
      downFirst: true,
      cell: (r) => (r.budget / 100).toFixed(2),
    },
    { key: "due", head: t("下次报告", "Next report"), sort: "due", cell: (r) => <DueMark days={r.days} /> },
    { key: "owner", head: t("负责人", "Owner"), optional: true, cell: () => <None /> },
    {
      key: "acts",
      head: t("操作", "Actions"),
      hideHead: true,
      numeric: true,
      cell: (r) => (
        <ActMenu size="s" label={r.name} rest={[{ key: "x", label: t("打开", "Open"), to: `/pilots/${r.id}` }]} />
      ),
    },
  ];
  return (
    <>
      <FilterBar
        label={t("筛选试点", "Filter pilots")}
        names={["q", "stage"]}
        active={[{ name: "stage", label: t("阶段：设计研发", "Stage: design") }]}
      >
        <SearchInput name="q" label={t("名称", "Name")} />
        <Select
          name="stage"
          label={t("阶段", "Stage")}
          empty={t("全部", "All")}
          choices={[{ value: "design", label: t("设计研发", "Design") }]}
          defaultValue="design"
        />
      </FilterBar>
      <DataTable
        caption={t("试点", "Pilots")}
        columns={columns}
        rows={pilots(t)}
        rowKey={(r) => r.id}
        empty={t("还没有试点", "No pilots yet")}
        summary={t("共 5 个试点", "5 pilots")}
        sort={{ key: "risk", down: true }}
        current="b"
        totals={{ budget: "11,638.76" }}
        pager={{ next: "abc" }}
        extra={(r) =>
          r.id === "b" ? t("答复 → 脆弱性 → 威胁 → 资产", "Answer → vulnerability → threat → asset") : null
        }
      />
    </>
  );
}
