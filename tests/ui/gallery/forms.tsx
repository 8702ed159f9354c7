import { useId } from "react";
import { Button } from "#app/ui/button.tsx";
import { Checkbox, CheckboxGroup, RadioGroup } from "#app/ui/choices.tsx";
import { DateInput, FileInput, NumberInput, Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { EmptyState, ErrorState, Progress } from "#app/ui/states.tsx";
import { FieldDiff } from "#app/ui/diff.tsx";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { KeyValue, PageHeader } from "#app/ui/page.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { SaveState } from "#app/ui/save-state.tsx";
import type { Say } from "./say.ts";

function Form({ t }: { t: Say }) {
  const id = useId();
  return (
    <form className="ui-form">
      <FormErrorSummary
        errors={[
          {
            field: `${id}a`,
            message: t("填写实际投入，用数字，例如 1,234.56", "Enter the amount spent as a number, such as 1,234.56"),
          },
          { message: t("报告期已经关闭", "The reporting period is closed") },
        ]}
      />
      <TextInput
        label={t("报告标题", "Title")}
        hint={t("不超过 60 个字", "At most 60 characters")}
        name="title"
        defaultValue={t("第三季度进展", "Third quarter")}
      />
      <NumberInput
        id={`${id}a`}
        label={t("实际投入", "Spent")}
        unit={t("万元", "CNY 10k")}
        name="amount"
        defaultValue="十二"
        errors={[t("填写实际投入，用数字，例如 1,234.56", "Enter the amount spent as a number, such as 1,234.56")]}
      />
      <DateInput label={t("完成日期", "Completed on")} name="day" defaultValue="2026-11-22" optional />
      <Select
        label={t("阶段", "Stage")}
        name="stage"
        empty={t("请选择", "Choose")}
        choices={[{ group: t("建设", "Build"), choices: [{ value: "d", label: t("设计研发", "Design") }] }]}
        width="m"
      />
      <TextArea
        label={t("进展说明", "What was done")}
        name="text"
        defaultValue={t(
          "完成 42 个泵站的网关替换，其余 8 个因停水窗口未批而推迟。",
          "Gateways of 42 stations replaced; the other 8 wait for a supply window.",
        )}
      />
      <RadioGroup
        legend={t("结论", "Conclusion")}
        name="c"
        inline
        defaultValue="p"
        choices={[
          { value: "y", label: t("符合", "Compliant") },
          { value: "p", label: t("部分符合", "Partial") },
          { value: "n", label: t("不符合", "Non-compliant") },
        ]}
      />
      <CheckboxGroup
        legend={t("涉及的维度", "Dimensions")}
        name="d"
        choices={[
          {
            value: "n",
            label: t("网络安全防护", "Network"),
            hint: t("边界、通信与接入", "Perimeter, transport, access"),
          },
          { value: "p", label: t("隐私保护", "Privacy") },
        ]}
        errors={t("至少选择一个维度", "Choose at least one")}
      />
      <FileInput
        label={t("佐证材料", "Evidence")}
        name="f"
        hint={t("PDF、图片或表格，20 MB 以内", "PDF, picture or sheet, up to 20 MB")}
      />
      <Checkbox label={t("我确认以上内容属实", "I confirm that this is true")} name="ok" />
      <div className="ui-form-acts">
        <Button kind="main">{t("保存草稿", "Save the draft")}</Button>
        <SaveState state="dirty" />
      </div>
    </form>
  );
}

function Notices({ t }: { t: Say }) {
  return (
    <>
      <Notice tone="info">{t("本期报告于 2026-11-30 截止。", "This report is due on 2026-11-30.")}</Notice>
      <Notice tone="done" act={<a href="/undo">{t("撤销", "Undo")}</a>}>
        {t("已保存。", "Saved.")}
      </Notice>
      <Notice tone="due" title={t("需要重新批准", "Re-approval needed")}>
        {t("批准后第 2 章已修改。", "Chapter 2 was changed after approval.")}
      </Notice>
      <Notice tone="late">{t("三项高风险整改逾期。", "Three high-risk fixes are late.")}</Notice>
      <Notice tone="returned" title={t("已退回", "Returned")}>
        {t("请补充网络拓扑图。", "Add the network plan.")}
      </Notice>
      <FieldDiff
        caption={t("变化", "Changes")}
        changes={[
          { key: "1", label: t("完成日期", "Due"), before: "2026-10-31", after: "2026-11-30" },
          {
            key: "2",
            label: t("措施", "Measure"),
            before: t("更换网关并启用双向认证", "Replace gateways and use mutual authentication"),
            after: t(
              "更换网关，启用双向认证和固件签名",
              "Replace gateways, use mutual authentication and signed firmware",
            ),
          },
        ]}
      />
    </>
  );
}

function States({ t }: { t: Say }) {
  return (
    <>
      <KeyValue
        items={[
          { key: t("等级", "Grade"), value: t("三级", "Level 3") },
          { key: t("备案号", "Record"), value: null },
        ]}
      />
      <EmptyState
        title={t("这里将列出本期的佐证材料", "Evidence of this period will stand here")}
        text={t("先上传一份，或从答复中引用。", "Upload one, or cite one from an answer.")}
        act={{ key: "u", label: t("上传材料", "Upload"), to: "/u", icon: "plus" }}
      />
      <Progress
        label={t("正在生成风险评估报告", "Making the risk report")}
        value={34}
        max={72}
        left={t("还剩约 20 秒", "About 20 s left")}
      />
      <Progress label={t("正在核对摘要", "Checking digests")} />
      <ErrorState
        code={500}
        title={t("系统出现错误", "Something went wrong")}
        text={t("错误已经记录。", "It has been recorded.")}
        requestId="01JD2Z7Q5N8"
      />
    </>
  );
}

export function Forms({ t }: { t: Say }) {
  return (
    <>
      <PageHeader
        title={t("填报进展", "Report progress")}
        of={t("城市供水管网远程监测系统", "Water network telemetry")}
      />
      <div className="ui-split ui-split-even">
        <Form t={t} />
        <div className="ui-stack">
          <Notices t={t} />
          <States t={t} />
        </div>
      </div>
    </>
  );
}
