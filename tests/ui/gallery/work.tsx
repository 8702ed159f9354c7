import { type Act, DisabledAct } from "#app/ui/act.tsx";
import { Badge, RiskLevel, StatusMark } from "#app/ui/marks.tsx";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { Checklist, PhaseLine, Timeline } from "#app/ui/work.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { PageHeader, Section, Split, Tabs } from "#app/ui/page.tsx";
import { SaveState } from "#app/ui/save-state.tsx";
import type { Say } from "./say.ts";
import { Table } from "./table.tsx";

function Head({ t }: { t: Say }) {
  const seal: Act = {
    key: "submit",
    label: t("提交审核", "Submit for review"),
    post: { intent: "submit" },
    confirm: {
      title: t("提交后，本期报告将被封存", "Submitting seals this report"),
      seals: [
        t("报告正文与 12 份佐证材料的摘要", "The text and the digests of 12 pieces of evidence"),
        t("提交人与提交时间", "Who submitted it, and when"),
      ],
    },
  };
  const rest: Act[] = [
    { key: "pdf", label: t("下载 PDF", "Download PDF"), to: "/x.pdf", download: "x.pdf", icon: "download" },
    {
      key: "withdraw",
      label: t("撤回报送件", "Withdraw the submission"),
      post: { intent: "withdraw" },
      kind: "danger",
      reasons: [t("领域监管部门已开始审核", "The sector has begun its review")],
    },
  ];
  return (
    <>
      <PageHeader
        title={t("试点项目", "Pilot project")}
        of={t("智慧城市", "Smart city")}
        crumbs={[{ label: t("试点项目", "Projects"), to: "/projects" }]}
        state={<StatusMark status="running">{t("编制试点方案", "Drafting the pilot plan")}</StatusMark>}
        version={t("第 3 版", "Version 3")}
        meta={<span>{t("2026-11-22 更新", "Updated 2026-11-22")}</span>}
        main={seal}
        rest={rest}
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
    </>
  );
}

function History({ t }: { t: Say }) {
  return (
    <>
      <Section title={t("经过", "History")}>
        <Timeline
          label={t("经过", "History")}
          items={[
            {
              id: "1",
              what: t("退回试点方案", "Returned the pilot plan"),
              who: t("陈明（国家办公室）", "Chen Ming (national office)"),
              at: "2026-11-18T02:12:00Z",
              why: t(
                "第 4.2 节未说明可替换性；三项高风险没有对应措施。",
                "Section 4.2 says nothing on replaceability; three high risks have no measure.",
              ),
              tone: "returned",
            },
            {
              id: "2",
              what: t("提交试点方案", "Submitted the pilot plan"),
              who: t("王建国", "Wang Jianguo"),
              at: "2026-11-12T08:40:00Z",
              tone: "strong",
            },
            {
              id: "3",
              what: t("批准风险评估报告", "Approved the risk report"),
              who: t("系统", "System"),
              at: "2026-06-30T01:00:00Z",
            },
          ]}
        />
      </Section>
    </>
  );
}

function Missing({ t }: { t: Say }) {
  return (
    <>
      <Section
        title={t("还差什么", "What is missing")}
        note={t("补齐以下各项后可以提交。", "Complete these to submit.")}
      >
        <Checklist
          label={t("还差什么", "What is missing")}
          items={[
            {
              key: "1",
              label: t("每项高风险都有措施", "Every high risk has a measure"),
              done: false,
              to: "/plan#high",
              count: "9 / 12",
              note: t("缺：R-07、R-11、R-15", "Missing: R-07, R-11, R-15"),
            },
            {
              key: "2",
              label: t("安全投入占比达到 10%", "Security share reaches 10%"),
              done: false,
              to: "/plan#budget",
              count: "8.4%",
            },
            {
              key: "3",
              label: t("每项措施有生命周期阶段", "Every measure has a lifecycle stage"),
              done: true,
              count: "31 / 31",
            },
          ]}
        />
      </Section>
    </>
  );
}

function States({ t }: { t: Say }) {
  return (
    <>
      <Section title={t("状态", "States")}>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          {(["late", "due", "done", "returned", "waiting", "running", "draft", "off"] as const).map((status) => (
            <StatusMark key={status} status={status} />
          ))}
          {([1, 2, 3, 4, 5] as const).map((level) => (
            <RiskLevel key={level} level={level} />
          ))}
          <RiskLevel level={4} bare />
          <Badge>v3</Badge>
          <Badge accent>{t("现行", "Current")}</Badge>
          <CopyId value="9f86d081884c7d659a2feaa0c55ad015" short="9f86d081884c" />
        </div>
        <div className="ui-acts pt-3">
          <DisabledAct
            reasons={[
              t("还有 3 项高风险没有措施", "3 high risks have no measure"),
              t("预算占比低于 10%", "Budget share below 10%"),
            ]}
            kind="main"
          >
            {t("提交审核", "Submit for review")}
          </DisabledAct>
          <Button type="button" busy>
            {t("生成报告", "Make the report")}
          </Button>
          <Button type="button" kind="danger">
            {t("删除草稿", "Delete the draft")}
          </Button>
          <LinkButton to="/x" kind="quiet" icon="external">
            {t("查看", "Open")}
          </LinkButton>
          <SaveState state="saved" at="2026-11-22T06:05:00Z" />
          <SaveState state="failed" onRetry={() => {}} />
        </div>
      </Section>
    </>
  );
}

export function Work({ t }: { t: Say }) {
  return (
    <>
      <Head t={t} />
      <Split side={<History t={t} />}>
        <Missing t={t} />
        <States t={t} />
      </Split>
      <Tabs
        label={t("视图", "Views")}
        tabs={[
          { to: "?view=table", label: t("表格", "Table"), count: 5, current: true },
          { to: "?view=board", label: t("看板", "Board"), current: false },
        ]}
      />
      <Table t={t} />
    </>
  );
}
