import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { Checkbox, CheckboxGroup, RadioGroup } from "./choices.tsx";
import { FormErrorSummary } from "./form-summary.tsx";
import { DateInput, FileInput, NumberInput, Select, TextArea, TextInput } from "./inputs.tsx";

/** Value of an attribute of the first element that matches. */
const attribute = (html: string, tag: string, name: string) =>
  new RegExp(`<${tag}[^>]*\\s${name}="([^"]*)"`).exec(html)?.[1];

describe("single fields", () => {
  const cases = {
    TextInput: <TextInput id="f" name="f" label="名称" hint="不超过 60 个字" errors={["请填写名称"]} />,
    NumberInput: <NumberInput id="f" name="f" label="金额" unit="万元" hint="两位小数" errors="请填写数字" />,
    DateInput: <DateInput id="f" name="f" label="日期" hint="完成的日期" errors={["请填写日期"]} />,
    FileInput: <FileInput id="f" name="f" label="材料" hint="20 MB 以内" errors={["文件过大"]} />,
    TextArea: <TextArea id="f" name="f" label="说明" hint="写明原因" errors={["请填写说明"]} />,
    Select: (
      <Select
        id="f"
        name="f"
        label="阶段"
        hint="当前阶段"
        errors={["请选择阶段"]}
        choices={[{ value: "a", label: "甲" }]}
        empty="请选择"
      />
    ),
  };
  for (const [name, element] of Object.entries(cases)) {
    it(`${name}: the label names the control, hint and error describe it`, () => {
      const html = renderKit(element);
      const tag = name === "TextArea" ? "textarea" : name === "Select" ? "select" : "input";
      expect(attribute(html, "label", "for")).toBe("f");
      expect(attribute(html, tag, "id")).toBe("f");
      const described = attribute(html, tag, "aria-describedby")?.split(" ") ?? [];
      expect(described.sort()).toEqual(["f-description", "f-error"]);
      for (const id of described) expect(html).toContain(`id="${id}"`);
      expect(attribute(html, tag, "aria-invalid")).toBe("true");
    });
  }

  it("make an id where none is given", () => {
    const html = renderKit(<TextInput name="x" label="名称" />);
    expect(attribute(html, "label", "for")).toBe(attribute(html, "input", "id"));
    expect(html).not.toContain("aria-describedby");
    expect(html).not.toContain("aria-invalid");
  });

  it("take what Conform says, without naming an error that is not there", () => {
    const html = renderKit(<TextInput id="a-b" name="b" label="名称" aria-describedby="a-b-error more" />);
    expect(attribute(html, "input", "aria-describedby")).toBe("more");
  });

  it("tell the unit to those who do not see it", () => {
    expect(textOf(renderKit(<NumberInput name="x" label="金额" unit="万元" />))).toContain("（单位：万元）");
  });

  it("never take numbers by a control that drops or changes them", () => {
    const html = renderKit(<NumberInput name="x" label="金额" type="number" defaultValue="1,234" />);
    expect(attribute(html, "input", "type")).toBe("text");
    expect(attribute(html, "input", "inputMode")).toBe("decimal");
    expect(attribute(html, "input", "value")).toBe("1,234");
  });
});

describe("groups", () => {
  it("have a legend, a description and a label for each choice", () => {
    const html = renderKit(
      <RadioGroup
        id="g"
        name="g"
        legend="结论"
        errors={["请选择结论"]}
        defaultValue="y"
        choices={[
          { value: "y", label: "符合", hint: "全部满足" },
          { value: "n", label: "不符合" },
        ]}
      />,
    );
    expect(html).toMatch(/<fieldset[^>]*aria-describedby="g-error"[^>]*><legend/);
    expect(html).toContain('for="g-y"');
    expect(html).toMatch(/<input[^>]*id="g-y"[^>]*checked=""/);
    expect(html).toContain('aria-describedby="g-y-description"');
  });
  it("tick several", () => {
    const html = renderKit(
      <CheckboxGroup
        name="d"
        legend="维度"
        defaultValues={["a", "c"]}
        choices={["a", "b", "c"].map((value) => ({ value, label: value }))}
      />,
    );
    expect(html.match(/checked=""/g)).toHaveLength(2);
  });
  it("describe a single box", () => {
    const html = renderKit(<Checkbox id="k" name="k" label="我确认" errors={["请确认"]} />);
    expect(attribute(html, "input", "aria-describedby")).toBe("k-error");
  });
});

describe("FormErrorSummary", () => {
  it("can take the focus and leads to each field", () => {
    const html = renderKit(
      <FormErrorSummary errors={[{ field: "f", message: "请填写名称" }, { message: "报告期已关闭" }]} />,
    );
    expect(html).toMatch(/role="alert"[^>]*tabindex="-1"/i);
    expect(html).toContain('<a href="#f">请填写名称</a>');
    expect(textOf(html)).toContain("有 2 处需要修改");
  });
  it("is not there without errors", () => {
    expect(renderKit(<FormErrorSummary errors={[]} />)).toBe("");
  });
});
