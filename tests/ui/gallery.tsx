import { type ReactNode, useId } from "react";
import type { Locale } from "#app/i18n/locale.ts";
import {
  type Act, ActMenu, Badge, Bars, BudgetBar, Button, Checkbox, CheckboxGroup, Checklist, type Column, ConflictNotice, CopyId, DataTable, DateInput, DiagramSvg, DisabledAct,
  DueMark, EmptyState, ErrorState, FieldDiff, FileInput, FilterBar, FormErrorSummary, Gantt, HeatMap, KeyValue, LinkButton, NoPermission, None, Notice, NumberInput, PageHeader, PhaseLine, Progress, Radar,
  RadioGroup, RiskLevel, type RiskStep, SaveState, SearchInput, Section, Select, Skeleton, Slope, SmallMultiples, Spark, Split, StatusMark, Tabs, TextArea, TextInput, TimeAxis, Timeline,
} from "#app/ui/index.ts";
import { PublicShell } from "#app/ui/shell/public-shell.tsx";
import { Shell } from "#app/ui/shell/shell.tsx";
import type { Appearance, ShellData } from "#app/ui/shell/types.ts";

/* Every component once, with plausible content, to look at and to run axe on. Not a page of the product. */

const text = (locale: Locale) => (zh: string, en: string) => (locale === "en" ? en : zh);
type Say = ReturnType<typeof text>;

const shellData = (t: Say): ShellData => ({
  person: { name: t("王建国", "Wang Jianguo"), email: "lead@city.example" },
  membership: { id: "1", tenant: t("智慧城市", "Smart city"), role: t("监管负责人", "Regulator lead") },
  memberships: [
    { id: "1", tenant: t("智慧城市", "Smart city"), role: t("监管负责人", "Regulator lead") },
    { id: "2", tenant: t("医疗卫生", "Health care"), role: t("试点单位填报员", "Site officer"), site: t("第三人民医院", "Third People's Hospital") },
  ],
  places: [
    { key: "home", to: "/", label: t("首页", "Home"), icon: "home", exact: true },
    { key: "project", to: "/projects/1", label: t("试点项目", "Project"), icon: "project", count: 3 },
    { key: "survey", to: "/survey", label: t("信息安全调研", "Survey"), icon: "survey", count: 12 },
    { key: "risk", to: "/risk", label: t("风险清单", "Risks"), icon: "risk" },
    { key: "pilots", to: "/pilots", label: t("试点", "Pilots"), icon: "pilot", count: 1204 },
    { key: "compare", to: "/compare", label: t("对比", "Compare"), icon: "compare" },
    { key: "specs", to: "/specifications", label: t("管理规范", "Specifications"), icon: "specification" },
  ],
  counts: { tasks: 7 },
});

interface Pilot {
  id: string;
  name: string;
  stage: string;
  risk: RiskStep;
  days: number;
  spark: (number | null)[];
  budget: number;
}
const pilots = (t: Say): Pilot[] => [
  { id: "a", name: t("城市供水管网远程监测系统", "Water network telemetry"), stage: t("运营服务", "Operation"), risk: 4, days: -3, spark: [18, 17, 17, 14, 12], budget: 123456 },
  { id: "b", name: t("地铁环境与设备监控系统", "Metro environment control"), stage: t("竣工验收", "Acceptance"), risk: 3, days: 0, spark: [12, 13, null, 9, 9], budget: 986500 },
  { id: "c", name: t("智能路灯集中控制平台", "Street-lamp control platform"), stage: t("设计研发", "Design"), risk: 5, days: 4, spark: [20, 22, 21], budget: 45000 },
  { id: "d", name: t("燃气泄漏在线监测", "Gas leak monitoring"), stage: t("设计研发", "Design"), risk: 2, days: 31, spark: [8, 7, 6, 6], budget: 8800 },
  { id: "e", name: t("停车诱导系统", "Parking guidance"), stage: t("已选定", "Selected"), risk: 1, days: 90, spark: [], budget: 120 },
];

function Work({ t }: { t: Say }) {
  const seal: Act = {
    key: "submit", label: t("提交审核", "Submit for review"), post: { intent: "submit" },
    confirm: { title: t("提交后，本期报告将被封存", "Submitting seals this report"), seals: [t("报告正文与 12 份佐证材料的摘要", "The text and the digests of 12 pieces of evidence"), t("提交人与提交时间", "Who submitted it, and when")] },
  };
  const rest: Act[] = [
    { key: "pdf", label: t("下载 PDF", "Download PDF"), to: "/x.pdf", download: "x.pdf", icon: "download" },
    { key: "withdraw", label: t("撤回报送件", "Withdraw the submission"), post: { intent: "withdraw" }, kind: "danger", reasons: [t("领域监管部门已开始审核", "The sector has begun its review")] },
  ];
  return (
    <>
      <PageHeader
        title={t("试点项目", "Pilot project")} of={t("智慧城市", "Smart city")} crumbs={[{ label: t("试点项目", "Projects"), to: "/projects" }]}
        state={<StatusMark status="running">{t("编制试点方案", "Drafting the pilot plan")}</StatusMark>} version={t("第 3 版", "Version 3")} meta={<span>{t("2026-11-22 更新", "Updated 2026-11-22")}</span>}
        main={seal} rest={rest}
      />
      <PhaseLine
        label={t("六个阶段", "Six phases")}
        phases={[
          { key: "1", label: t("信息安全调研", "Survey"), state: "done", to: "/1", note: "2026-03-31" },
          { key: "2", label: t("风险评估报告", "Risk report"), state: "done", to: "/2", note: "2026-06-30" },
          { key: "3", label: t("试点方案", "Pilot plan"), state: "now", to: "/3", note: "2026-11-15", late: true },
          { key: "4", label: t("第一批试点", "Batch one"), state: "ahead", note: "2027-01-15" },
          { key: "5", label: t("第二批试点", "Batch two"), state: "ahead" },
          { key: "6", label: t("管理规范", "Specification"), state: "ahead" },
        ]}
      />
      <Split
        side={
          <Section title={t("经过", "History")}>
            <Timeline
              label={t("经过", "History")}
              items={[
                { id: "1", what: t("退回试点方案", "Returned the pilot plan"), who: t("陈明（国家办公室）", "Chen Ming (national office)"), at: "2026-11-18T02:12:00Z", why: t("第 4.2 节未说明可替换性；三项高风险没有对应措施。", "Section 4.2 says nothing on replaceability; three high risks have no measure."), tone: "returned" },
                { id: "2", what: t("提交试点方案", "Submitted the pilot plan"), who: t("王建国", "Wang Jianguo"), at: "2026-11-12T08:40:00Z", tone: "strong" },
                { id: "3", what: t("批准风险评估报告", "Approved the risk report"), who: t("系统", "System"), at: "2026-06-30T01:00:00Z" },
              ]}
            />
          </Section>
        }
      >
        <Section title={t("还差什么", "What is missing")} note={t("补齐以下各项后可以提交。", "Complete these to submit.")}>
          <Checklist
            label={t("还差什么", "What is missing")}
            items={[
              { key: "1", label: t("每项高风险都有措施", "Every high risk has a measure"), done: false, to: "/plan#high", count: "9 / 12", note: t("缺：R-07、R-11、R-15", "Missing: R-07, R-11, R-15") },
              { key: "2", label: t("安全投入占比达到 10%", "Security share reaches 10%"), done: false, to: "/plan#budget", count: "8.4%" },
              { key: "3", label: t("每项措施有生命周期阶段", "Every measure has a lifecycle stage"), done: true, count: "31 / 31" },
            ]}
          />
        </Section>
        <Section title={t("状态", "States")}>
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {(["late", "due", "done", "returned", "waiting", "running", "draft", "off"] as const).map((status) => <StatusMark key={status} status={status} />)}
            {([1, 2, 3, 4, 5] as const).map((level) => <RiskLevel key={level} level={level} />)}
            <RiskLevel level={4} bare />
            <Badge>v3</Badge>
            <Badge accent>{t("现行", "Current")}</Badge>
            <CopyId value="9f86d081884c7d659a2feaa0c55ad015" short="9f86d081884c" />
          </div>
          <div className="ui-acts pt-3">
            <DisabledAct reasons={[t("还有 3 项高风险没有措施", "3 high risks have no measure"), t("预算占比低于 10%", "Budget share below 10%")]} kind="main">{t("提交审核", "Submit for review")}</DisabledAct>
            <Button type="button" busy>{t("生成报告", "Make the report")}</Button>
            <Button type="button" kind="danger">{t("删除草稿", "Delete the draft")}</Button>
            <LinkButton to="/x" kind="quiet" icon="external">{t("查看", "Open")}</LinkButton>
            <SaveState state="saved" at="2026-11-22T06:05:00Z" />
            <SaveState state="failed" onRetry={() => {}} />
          </div>
        </Section>
      </Split>
      <Tabs label={t("视图", "Views")} tabs={[{ to: "?view=table", label: t("表格", "Table"), count: 5, current: true }, { to: "?view=board", label: t("看板", "Board"), current: false }]} />
      <Table t={t} />
    </>
  );
}

function Table({ t }: { t: Say }) {
  const columns: Column<Pilot>[] = [
    { key: "name", head: t("试点", "Pilot"), rowHead: true, sort: "name", cell: (r) => <a href={`/pilots/${r.id}`}>{r.name}</a> },
    { key: "stage", head: t("阶段", "Stage"), sort: "stage", cell: (r) => r.stage },
    { key: "risk", head: t("风险", "Risk"), sort: "risk", downFirst: true, cell: (r) => <RiskLevel level={r.risk} /> },
    { key: "trend", head: t("近五期", "Five periods"), cell: (r) => <Spark label={t("风险值", "Risk")} values={r.spark} /> },
    { key: "budget", head: t("预算", "Budget"), unit: t("万元", "CNY 10k"), numeric: true, sort: "budget", downFirst: true, cell: (r) => (r.budget / 100).toFixed(2) },
    { key: "due", head: t("下次报告", "Next report"), sort: "due", cell: (r) => <DueMark days={r.days} /> },
    { key: "owner", head: t("负责人", "Owner"), optional: true, cell: () => <None /> },
    { key: "acts", head: t("操作", "Actions"), hideHead: true, numeric: true, cell: (r) => <ActMenu size="s" label={r.name} rest={[{ key: "x", label: t("打开", "Open"), to: `/pilots/${r.id}` }]} /> },
  ];
  return (
    <>
      <FilterBar label={t("筛选试点", "Filter pilots")} names={["q", "stage"]} active={[{ name: "stage", label: t("阶段：设计研发", "Stage: design") }]}>
        <SearchInput name="q" label={t("名称", "Name")} />
        <Select name="stage" label={t("阶段", "Stage")} empty={t("全部", "All")} choices={[{ value: "design", label: t("设计研发", "Design") }]} defaultValue="design" />
      </FilterBar>
      <DataTable
        caption={t("试点", "Pilots")} columns={columns} rows={pilots(t)} rowKey={(r) => r.id} empty={t("还没有试点", "No pilots yet")} summary={t("共 5 个试点", "5 pilots")}
        sort={{ key: "risk", down: true }} current="b" totals={{ budget: "11,638.76" }} pager={{ next: "abc" }} extra={(r) => (r.id === "b" ? t("答复 → 脆弱性 → 威胁 → 资产", "Answer → vulnerability → threat → asset") : null)}
      />
    </>
  );
}

function Forms({ t }: { t: Say }) {
  const id = useId();
  return (
    <>
      <PageHeader title={t("填报进展", "Report progress")} of={t("城市供水管网远程监测系统", "Water network telemetry")} />
      <div className="ui-split ui-split-even">
        <form className="ui-form">
          <FormErrorSummary errors={[{ field: `${id}a`, message: t("填写实际投入，用数字，例如 1,234.56", "Enter the amount spent as a number, such as 1,234.56") }, { message: t("报告期已经关闭", "The reporting period is closed") }]} />
          <TextInput label={t("报告标题", "Title")} hint={t("不超过 60 个字", "At most 60 characters")} name="title" defaultValue={t("第三季度进展", "Third quarter")} />
          <NumberInput id={`${id}a`} label={t("实际投入", "Spent")} unit={t("万元", "CNY 10k")} name="amount" defaultValue="十二" errors={[t("填写实际投入，用数字，例如 1,234.56", "Enter the amount spent as a number, such as 1,234.56")]} />
          <DateInput label={t("完成日期", "Completed on")} name="day" defaultValue="2026-11-22" optional />
          <Select label={t("阶段", "Stage")} name="stage" empty={t("请选择", "Choose")} choices={[{ group: t("建设", "Build"), choices: [{ value: "d", label: t("设计研发", "Design") }] }]} width="m" />
          <TextArea label={t("进展说明", "What was done")} name="text" defaultValue={t("完成 42 个泵站的网关替换，其余 8 个因停水窗口未批而推迟。", "Gateways of 42 stations replaced; the other 8 wait for a supply window.")} />
          <RadioGroup legend={t("结论", "Conclusion")} name="c" inline defaultValue="p" choices={[{ value: "y", label: t("符合", "Compliant") }, { value: "p", label: t("部分符合", "Partial") }, { value: "n", label: t("不符合", "Non-compliant") }]} />
          <CheckboxGroup legend={t("涉及的维度", "Dimensions")} name="d" choices={[{ value: "n", label: t("网络安全防护", "Network"), hint: t("边界、通信与接入", "Perimeter, transport, access") }, { value: "p", label: t("隐私保护", "Privacy") }]} errors={t("至少选择一个维度", "Choose at least one")} />
          <FileInput label={t("佐证材料", "Evidence")} name="f" hint={t("PDF、图片或表格，20 MB 以内", "PDF, picture or sheet, up to 20 MB")} />
          <Checkbox label={t("我确认以上内容属实", "I confirm that this is true")} name="ok" />
          <div className="ui-form-acts">
            <Button kind="main">{t("保存草稿", "Save the draft")}</Button>
            <SaveState state="dirty" />
          </div>
        </form>
        <div className="ui-stack">
          <Notice tone="info">{t("本期报告于 2026-11-30 截止。", "This report is due on 2026-11-30.")}</Notice>
          <Notice tone="done" act={<a href="/undo">{t("撤销", "Undo")}</a>}>{t("已保存。", "Saved.")}</Notice>
          <Notice tone="due" title={t("需要重新批准", "Re-approval needed")}>{t("批准后第 2 章已修改。", "Chapter 2 was changed after approval.")}</Notice>
          <Notice tone="late">{t("三项高风险整改逾期。", "Three high-risk fixes are late.")}</Notice>
          <Notice tone="returned" title={t("已退回", "Returned")}>{t("请补充网络拓扑图。", "Add the network plan.")}</Notice>
          <ConflictNotice who={t("李敏", "Li Min")} at="2026-11-22T05:00:00Z" fields={[{ key: "owner", label: t("负责人", "Owner"), mine: t("张伟 信息中心", "Zhang Wei, IT"), theirs: t("张伟 运营中心", "Zhang Wei, operations") }]}>
            <Button kind="main">{t("保存所选内容", "Save the chosen")}</Button>
          </ConflictNotice>
          <FieldDiff caption={t("变化", "Changes")} changes={[{ key: "1", label: t("完成日期", "Due"), before: "2026-10-31", after: "2026-11-30" }, { key: "2", label: t("措施", "Measure"), before: t("更换网关并启用双向认证", "Replace gateways and use mutual authentication"), after: t("更换网关，启用双向认证和固件签名", "Replace gateways, use mutual authentication and signed firmware") }]} />
          <KeyValue items={[{ key: t("等级", "Grade"), value: t("三级", "Level 3") }, { key: t("备案号", "Record"), value: null }]} />
          <EmptyState title={t("这里将列出本期的佐证材料", "Evidence of this period will stand here")} text={t("先上传一份，或从答复中引用。", "Upload one, or cite one from an answer.")} act={{ key: "u", label: t("上传材料", "Upload"), to: "/u", icon: "plus" }} />
          <NoPermission />
          <Progress label={t("正在生成风险评估报告", "Making the risk report")} value={34} max={72} left={t("还剩约 20 秒", "About 20 s left")} />
          <Progress label={t("正在核对摘要", "Checking digests")} />
          <Skeleton lines={3} />
          <ErrorState code={500} title={t("系统出现错误", "Something went wrong")} text={t("错误已经记录。", "It has been recorded.")} requestId="01JD2Z7Q5N8" />
        </div>
      </div>
    </>
  );
}

function Charts({ t }: { t: Say }) {
  const dims = [t("安全监管", "Supervision"), t("可信身份认证", "Identity"), t("网络安全防护", "Network"), t("隐私保护", "Privacy")];
  const five = ["1", "2", "3", "4", "5"];
  return (
    <>
      <PageHeader title={t("图表", "Charts")} />
      <div className="grid gap-8 lg:grid-cols-2">
        <HeatMap
          title={t("12 项风险中 3 项处于高位", "3 of 12 risks stand high")} note={t("智慧城市，2026 年第三季度", "Smart city, 2026 Q3")} rowAxis={t("可能性", "Likelihood")} columnAxis={t("损失", "Loss")} rows={[...five].reverse()} columns={five}
          cells={[5, 4, 3, 2, 1].map((l) => [1, 2, 3, 4, 5].map((c) => ({ level: Math.min(5, Math.max(1, Math.round((l * c) / 5))) as RiskStep, text: (l + c) % 3 === 0 ? String(l) : "", to: `?cell=${l}-${c}`, chosen: l === 3 && c === 3 })))}
        />
        <Radar title={t("身份维度风险最高", "Identity carries the highest risk")} name={t("本单位", "This site")} otherName={t("同类中位数", "Median of peers")} max={5} axes={dims.map((label, i) => ({ label, value: [2.1, 4.2, 3.3, 2.6][i] ?? 0, other: [2.4, 3.1, 3.0, 3.2][i] ?? 0 }))} />
        <Slope title={t("批次一 6 个试点的身份维度风险平均下降 4.2", "Identity risk fell by 4.2 on average in 6 pilots")} note={t("95% 区间 2.9–5.6，n=6", "95% interval 2.9–5.6, n=6")} beforeLabel={t("整改前", "Before")} afterLabel={t("整改后", "After")} items={pilots(t).map((p, i) => ({ label: p.name, before: 18 - i * 2, after: 12 - i * 1.1, marked: i === 0 }))} />
        <Bars title={t("网络维度降幅最大", "Network fell most")} of={t("维度", "Dimension")} measure={t("降幅", "Fall")} unit={t("分", "points")} digits={1} bars={dims.map((label, i) => ({ label, value: i === 3 ? null : ([2.2, 4.2, 5.1][i] ?? 0), ...(i === 3 ? {} : { low: [1.1, 2.9, 3.8][i] ?? 0, high: [3.4, 5.6, 6.6][i] ?? 0 }) }))} threshold={{ value: 3, label: t("目标", "Target") }} />
        <BudgetBar title={t("安全投入占 8.4%，低于 10% 的要求", "Security takes 8.4%, below the required 10%")} partCenti={840} totalCenti={10000} threshold={0.1} partLabel={t("安全投入", "Security")} totalLabel={t("总预算", "Total")} />
        <Bars title={t("高和很高的风险占三成", "Three in ten risks are high or very high")} of={t("等级", "Level")} measure={t("项数", "Risks")} bars={[1, 2, 3, 4, 5].map((n) => ({ label: [t("很低", "Very low"), t("低", "Low"), t("中", "Medium"), t("高", "High"), t("很高", "Very high")][n - 1] ?? "", value: [8, 14, 19, 12, 5][n - 1] ?? 0, tone: n as RiskStep }))} />
        <div className="lg:col-span-2">
          <Gantt title={t("网关替换已逾期两周", "Gateway replacement is two weeks late")} of={t("措施", "Measure")} today="2026-11-22" rows={[{ label: t("终端身份", "Device identity"), from: "2026-06-01", to: "2026-12-31", status: "now", progress: 0.6 }, { label: t("替换网关", "Replace gateways"), from: "2026-08-01", to: "2026-11-08", status: "late", inner: true, href: "/m/1" }, { label: t("双向认证", "Mutual authentication"), from: "2026-09-15", to: "2026-10-20", status: "done", inner: true }, { label: t("固件签名", "Signed firmware"), from: "2026-12-01", to: "2027-02-15", inner: true, marks: [{ day: "2027-01-15", label: t("评审", "Review") }] }]} />
        </div>
        <div className="lg:col-span-2">
          <TimeAxis title={t("13 个里程碑完成 2 个，1 个逾期", "2 of 13 milestones done, 1 late")} of={t("里程碑", "Milestone")} today="2026-11-22" milestones={[{ label: t("制定行动方案", "Action plan made"), day: "2026-01-15", status: "done" }, { label: t("完成信息安全调研", "Survey closed"), day: "2026-03-31", status: "done" }, { label: t("提交风险评估报告", "Risk reports due"), day: "2026-11-01", status: "late", href: "/m" }, { label: t("确定第一批试点领域", "Batch one chosen"), day: "2026-11-30", status: "due" }, { label: t("第一批试点总结", "Batch one concluded"), day: "2027-06-30", status: "ahead" }]} />
        </div>
        <div className="lg:col-span-2">
          <SmallMultiples title={t("三个领域的形状相近", "Three sectors, one shape")} items={[1, 2, 3].map((n) => ({ key: String(n), label: `${t("领域", "Sector")} ${n}`, chart: <Radar bare title={`${n}`} name={t("本领域", "Sector")} max={5} axes={dims.map((label, i) => ({ label, value: 1 + ((i * n) % 4) }))} /> }))} />
        </div>
        <div className="lg:col-span-2">
          <DiagramSvg
            title={t("试点处于竣工验收阶段", "The pilot is in acceptance")} width={640} height={110}
            groups={[{ id: "build", label: t("建设", "Build"), status: "now", x: 150, y: 4, w: 310, h: 84 }]}
            nodes={[{ id: "a", label: t("已选定", "Selected"), status: "done", x: 4, y: 32, w: 116, h: 40 }, { id: "b", label: t("设计研发", "Design"), status: "done", x: 162, y: 32, w: 116, h: 40 }, { id: "c", label: t("竣工验收", "Acceptance"), status: "now", x: 330, y: 32, w: 116, h: 40 }, { id: "d", label: t("运营服务", "Operation"), status: "ahead", x: 500, y: 32, w: 116, h: 40 }]}
            edges={[{ from: "a", to: "b", label: t("开始设计", "Start design"), kind: "forward" }, { from: "b", to: "c", label: t("提交验收", "Hand over"), kind: "forward" }, { from: "c", to: "d", label: t("通过验收", "Accept"), kind: "forward" }]}
          />
        </div>
      </div>
    </>
  );
}

function Reading({ t }: { t: Say }) {
  return (
    <div className="ui-doc">
      <nav className="ui-doc-toc" aria-label={t("目次", "Contents")}>
        <a href="#s5">5 {t("可信身份认证", "Identity")}</a>
        <a href="#s6">6 {t("网络安全防护", "Network")}</a>
      </nav>
      <article className="ui-reading">
        <h1>{t("智慧城市物联网安全管理规范", "Management specification for smart-city IoT security")}</h1>
        <h2 id="s5">5 {t("可信身份认证和安全控制", "Identity")}</h2>
        <div className="ui-clause" id="c-5.1">
          <a className="ui-clause-no" href="#c-5.1">5.1</a>
          <span>{t("每个终端应当具有唯一且不可由用户更改的身份标识，并在首次接入时完成双向认证；认证失败的终端不得接入业务网络。", "Each device shall carry an identity of its own that no user can change, and shall be mutually authenticated when first connected.")}</span>
          <aside className="ui-clause-side" aria-label={t("依据", "Provenance")}>{t("6 个试点 · 4 项问题 · 证据强度：强", "6 pilots · 4 findings · strong evidence")}</aside>
        </div>
        <div className="ui-clause" id="c-5.2">
          <a className="ui-clause-no" href="#c-5.2">5.2</a>
          <span>{t("运营单位应当在十二个月内更换不能升级固件的设备，或者书面说明替代措施及其有效期。", "Devices whose firmware cannot be updated shall be replaced within twelve months.")}</span>
        </div>
      </article>
    </div>
  );
}

export const pages = ["work", "forms", "charts", "reading"] as const;
export type GalleryPage = (typeof pages)[number];

export function Gallery({ page, ...look }: Appearance & { page: GalleryPage }): ReactNode {
  const t = text(look.locale);
  if (page === "reading") {
    return (
      <PublicShell locale={look.locale}>
        <Reading t={t} />
      </PublicShell>
    );
  }
  const Page = { work: Work, forms: Forms, charts: Charts }[page];
  return (
    <Shell {...shellData(t)} {...look} flash={page === "work" ? { tone: "done", text: t("试点方案已保存为第 3 版。", "The plan was saved as version 3."), link: { to: "/undo", label: t("撤销", "Undo") } } : null}>
      <Page t={t} />
    </Shell>
  );
}
