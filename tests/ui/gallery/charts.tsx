import { Bars } from "#app/ui/charts/bars.tsx";
import { BudgetBar } from "#app/ui/charts/budget-bar.tsx";
import { DiagramSvg } from "#app/ui/diagram.tsx";
import { Gantt } from "#app/ui/charts/gantt.tsx";
import { HeatMap } from "#app/ui/charts/heat-map.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { Radar } from "#app/ui/charts/radar.tsx";
import type { RiskStep } from "#app/ui/marks.tsx";
import { Slope } from "#app/ui/charts/slope.tsx";
import { SmallMultiples } from "#app/ui/charts/small-multiples.tsx";
import { TimeAxis } from "#app/ui/charts/time-axis.tsx";
import { pilots, type Say } from "./say.ts";

const dimsOf = (t: Say) => [
  t("安全监管", "Supervision"),
  t("可信身份认证", "Identity"),
  t("网络安全防护", "Network"),
  t("隐私保护", "Privacy"),
];
const five = ["1", "2", "3", "4", "5"];

function Shapes({ t }: { t: Say }) {
  const dims = dimsOf(t);
  return (
    <>
      <HeatMap
        title={t("12 项风险中 3 项处于高位", "3 of 12 risks stand high")}
        note={t("智慧城市，2026 年第三季度", "Smart city, 2026 Q3")}
        rowAxis={t("可能性", "Likelihood")}
        columnAxis={t("损失", "Loss")}
        rows={[...five].reverse()}
        columns={five}
        cells={[5, 4, 3, 2, 1].map((l) =>
          [1, 2, 3, 4, 5].map((c) => ({
            level: Math.min(5, Math.max(1, Math.round((l * c) / 5))) as RiskStep,
            text: (l + c) % 3 === 0 ? String(l) : "",
            to: `?cell=${l}-${c}`,
            chosen: l === 3 && c === 3,
          })),
        )}
      />
      <Radar
        title={t("身份维度风险最高", "Identity carries the highest risk")}
        name={t("本单位", "This site")}
        otherName={t("同类中位数", "Median of peers")}
        max={5}
        axes={dims.map((label, i) => ({
          label,
          value: [2.1, 4.2, 3.3, 2.6][i] ?? 0,
          other: [2.4, 3.1, 3.0, 3.2][i] ?? 0,
        }))}
      />
      <Slope
        title={t("批次一 6 个试点的身份维度风险平均下降 4.2", "Identity risk fell by 4.2 on average in 6 pilots")}
        note={t("95% 区间 2.9–5.6，n=6", "95% interval 2.9–5.6, n=6")}
        beforeLabel={t("整改前", "Before")}
        afterLabel={t("整改后", "After")}
        items={pilots(t).map((p, i) => ({ label: p.name, before: 18 - i * 2, after: 12 - i * 1.1, marked: i === 0 }))}
      />
    </>
  );
}

function Amounts({ t }: { t: Say }) {
  const dims = dimsOf(t);
  return (
    <>
      <Bars
        title={t("网络维度降幅最大", "Network fell most")}
        of={t("维度", "Dimension")}
        measure={t("降幅", "Fall")}
        unit={t("分", "points")}
        digits={1}
        bars={dims.map((label, i) => ({
          label,
          value: i === 3 ? null : ([2.2, 4.2, 5.1][i] ?? 0),
          ...(i === 3 ? {} : { low: [1.1, 2.9, 3.8][i] ?? 0, high: [3.4, 5.6, 6.6][i] ?? 0 }),
        }))}
        threshold={{ value: 3, label: t("目标", "Target") }}
      />
      <BudgetBar
        title={t("安全投入占 8.4%，低于 10% 的要求", "Security takes 8.4%, below the required 10%")}
        partCenti={840}
        totalCenti={10000}
        threshold={0.1}
        partLabel={t("安全投入", "Security")}
        totalLabel={t("总预算", "Total")}
      />
      <Bars
        title={t("高和很高的风险占三成", "Three in ten risks are high or very high")}
        of={t("等级", "Level")}
        measure={t("项数", "Risks")}
        bars={[1, 2, 3, 4, 5].map((n) => ({
          label:
            [t("很低", "Very low"), t("低", "Low"), t("中", "Medium"), t("高", "High"), t("很高", "Very high")][
              n - 1
            ] ?? "",
          value: [8, 14, 19, 12, 5][n - 1] ?? 0,
          tone: n as RiskStep,
        }))}
      />
    </>
  );
}

function Times({ t }: { t: Say }) {
  return (
    <>
      <div className="lg:col-span-2">
        <Gantt
          title={t("网关替换已逾期两周", "Gateway replacement is two weeks late")}
          of={t("措施", "Measure")}
          today="2026-11-22"
          rows={[
            {
              label: t("终端身份", "Device identity"),
              from: "2026-06-01",
              to: "2026-12-31",
              status: "now",
              progress: 0.6,
            },
            {
              label: t("替换网关", "Replace gateways"),
              from: "2026-08-01",
              to: "2026-11-08",
              status: "late",
              inner: true,
              href: "/m/1",
            },
            {
              label: t("双向认证", "Mutual authentication"),
              from: "2026-09-15",
              to: "2026-10-20",
              status: "done",
              inner: true,
            },
            {
              label: t("固件签名", "Signed firmware"),
              from: "2026-12-01",
              to: "2027-02-15",
              inner: true,
              marks: [{ day: "2027-01-15", label: t("评审", "Review") }],
            },
          ]}
        />
      </div>
      <div className="lg:col-span-2">
        <TimeAxis
          title={t("13 个里程碑完成 2 个，1 个逾期", "2 of 13 milestones done, 1 late")}
          of={t("里程碑", "Milestone")}
          today="2026-11-22"
          milestones={[
            { label: t("制定行动方案", "Action plan made"), day: "2026-01-15", status: "done" },
            { label: t("完成信息安全调研", "Survey closed"), day: "2026-03-31", status: "done" },
            { label: t("提交风险评估报告", "Risk reports due"), day: "2026-11-01", status: "late", href: "/m" },
            { label: t("确定第一批试点领域", "Batch one chosen"), day: "2026-11-30", status: "due" },
            { label: t("第一批试点总结", "Batch one concluded"), day: "2027-06-30", status: "ahead" },
          ]}
        />
      </div>
    </>
  );
}

function Several({ t }: { t: Say }) {
  const dims = dimsOf(t);
  return (
    <>
      <div className="lg:col-span-2">
        <SmallMultiples
          title={t("三个领域的形状相近", "Three sectors, one shape")}
          items={[1, 2, 3].map((n) => ({
            key: String(n),
            label: `${t("领域", "Sector")} ${n}`,
            chart: (
              <Radar
                bare
                title={`${n}`}
                name={t("本领域", "Sector")}
                max={5}
                axes={dims.map((label, i) => ({ label, value: 1 + ((i * n) % 4) }))}
              />
            ),
          }))}
        />
      </div>
      <div className="lg:col-span-2">
        <DiagramSvg
          title={t("试点处于竣工验收阶段", "The pilot is in acceptance")}
          width={640}
          height={110}
          groups={[{ id: "build", label: t("建设", "Build"), status: "now", x: 150, y: 4, w: 310, h: 84 }]}
          nodes={[
            { id: "a", label: t("已选定", "Selected"), status: "done", x: 4, y: 32, w: 116, h: 40 },
            { id: "b", label: t("设计研发", "Design"), status: "done", x: 162, y: 32, w: 116, h: 40 },
            { id: "c", label: t("竣工验收", "Acceptance"), status: "now", x: 330, y: 32, w: 116, h: 40 },
            { id: "d", label: t("运营服务", "Operation"), status: "ahead", x: 500, y: 32, w: 116, h: 40 },
          ]}
          edges={[
            { from: "a", to: "b", label: t("开始设计", "Start design"), kind: "forward" },
            { from: "b", to: "c", label: t("提交验收", "Hand over"), kind: "forward" },
            { from: "c", to: "d", label: t("通过验收", "Accept"), kind: "forward" },
          ]}
        />
      </div>
    </>
  );
}

export function Charts({ t }: { t: Say }) {
  return (
    <>
      <PageHeader title={t("图表", "Charts")} />
      <div className="grid gap-8 lg:grid-cols-2">
        <Shapes t={t} />
        <Amounts t={t} />
        <Times t={t} />
        <Several t={t} />
      </div>
    </>
  );
}
