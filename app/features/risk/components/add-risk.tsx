import { getFormProps, useForm } from "@conform-to/react";
import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { areaProps, selectProps, textProps } from "#app/ui/conform.ts";
import { PostForm } from "#app/ui/form.tsx";
import { type Choice, Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { riskWord } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";

export const levelChoices = (): Choice[] =>
  ([1, 2, 3, 4, 5] as const).map((l) => ({ value: String(l), label: `${l} ${riskWord(l)}` }));

type Fields = {
  assetId: string;
  threatCode: string;
  vulnerabilityCode: string;
  threat: string;
  vulnerability: string;
  owner: string;
  note: string;
};

/** A line entered by hand. */
export function AddRisk({
  choices,
  result,
  back,
}: {
  choices: { assets: Choice[]; threats: Choice[]; vulnerabilities: Choice[] };
  result: ActionResult | undefined;
  back: string;
}) {
  const [form, fields] = useForm<Fields>({
    id: "risk-add",
    lastResult: result && !result.ok && result.intent === "add" ? result.lastResult : null,
    defaultValue: { threat: "3", vulnerability: "3" },
  });
  return (
    <Section title={m.risk_add()} note={m.risk_add_note()} acts={<Link to={back}>{m.risk_close()}</Link>}>
      <PostForm {...getFormProps(form)} className="ui-form">
        <Select
          label={m.risk_col_asset()}
          choices={choices.assets}
          empty={m.risk_choose_one()}
          {...selectProps(fields.assetId)}
        />
        <Select
          label={m.risk_vulnerability()}
          choices={choices.vulnerabilities}
          empty={m.risk_choose_one()}
          {...selectProps(fields.vulnerabilityCode)}
        />
        <Select
          label={m.risk_threat()}
          choices={choices.threats}
          empty={m.risk_choose_one()}
          {...selectProps(fields.threatCode)}
        />
        <Select label={m.risk_threat_frequency()} choices={levelChoices()} {...selectProps(fields.threat)} />
        <Select label={m.risk_severity()} choices={levelChoices()} {...selectProps(fields.vulnerability)} />
        <TextInput label={m.risk_owner()} optional {...textProps(fields.owner)} />
        <TextArea label={m.risk_note()} optional rows={2} {...areaProps(fields.note)} />
        <div className="ui-form-acts">
          <SubmitButton kind="main" name="intent" value="add">
            {m.risk_add_submit()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}
