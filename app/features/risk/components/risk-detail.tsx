import { getFormProps, useForm } from "@conform-to/react";
import type { SerializeFrom } from "@remix-run/node";
import type { ActionResult } from "#app/request/page.server.ts";
import type { RegisterPart } from "../risk.view.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { areaProps, selectProps, textProps } from "#app/ui/conform.ts";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { Badge, RiskLevel, StatusMark, riskStep } from "#app/ui/marks.tsx";
import { levelChoices } from "./add-risk.tsx";

type Chain = NonNullable<SerializeFrom<RegisterPart>["chain"]>;

function Steps({ steps }: { steps: readonly { key: string; text: string }[] }) {
  return (
    <ul className="ui-list ui-hint">
      {steps.map((s, i) => (
        <li key={`${s.key}${i}`}>{s.text}</li>
      ))}
    </ul>
  );
}

/** Answer → vulnerability → threat → asset → figures → measures → what remains; each number with how it came about. */
function ChainSteps({ chain }: { chain: Chain }) {
  const { risk, asset } = chain;
  return (
    <ol className="ui-stack risk-chain">
      <li>
        <strong>{m.risk_chain_answer()}</strong>
        {chain.answers.length === 0 ? (
          <p className="ui-hint">{risk.controlCode ? m.risk_chain_answer_mended() : m.risk_chain_by_hand()}</p>
        ) : null}
        {chain.answers.map((a) => (
          <p key={a.code}>
            <Badge>{a.code}</Badge> {a.question} <strong>{a.word}</strong>
            {a.note ? <span className="ui-hint"> {m.risk_chain_note({ note: a.note })}</span> : null}
          </p>
        ))}
        {chain.sealedAt ? <p className="ui-hint">{m.risk_chain_sealed({ day: formatDate(chain.sealedAt) })}</p> : null}
      </li>
      <li>
        <strong>{m.risk_vulnerability()}</strong> {risk.vulnerabilityTitle}{" "}
        <span className="ui-hint">{m.risk_chain_severity({ value: risk.vulnerability })}</span>
      </li>
      <li>
        <strong>{m.risk_threat()}</strong> {risk.threatTitle}{" "}
        <span className="ui-hint">{m.risk_chain_frequency({ value: risk.threat })}</span>
      </li>
      <li>
        <strong>{m.risk_col_asset()}</strong> {asset.name}
        {chain.systemName ? ` · ${chain.systemName}` : ""}{" "}
        <span className="ui-hint">
          {m.risk_chain_asset({ c: asset.c, i: asset.i, a: asset.a, value: risk.assetValue })}
        </span>{" "}
        {asset.singleSource ? (
          asset.replacementTested ? (
            <StatusMark status="done">{m.risk_single_source_tested()}</StatusMark>
          ) : (
            <StatusMark status="due">{m.risk_single_source()}</StatusMark>
          )
        ) : null}
      </li>
      <li>
        <strong>{m.risk_chain_figures()}</strong> <RiskLevel level={riskStep(risk.level)} />
        <Steps steps={chain.steps} />
      </li>
      <li>
        <strong>{m.risk_chain_measures()}</strong>
        {chain.measures.length === 0 ? <p className="ui-hint">{m.risk_chain_no_measure()}</p> : null}
        {chain.measures.map((x) => (
          <p key={x.id}>
            <Badge>{x.code}</Badge> {x.title}{" "}
            {x.doneOn ? (
              <StatusMark status="done">{m.risk_measure_done({ day: x.doneOn })}</StatusMark>
            ) : (
              <StatusMark status="running">{m.risk_measure_open()}</StatusMark>
            )}
          </p>
        ))}
      </li>
      {chain.planned ? (
        <li>
          <strong>{m.risk_chain_residual()}</strong> <RiskLevel level={riskStep(chain.planned.level)} />
          {chain.present ? (
            <span className="ui-hint"> {m.risk_chain_present({ level: chain.present.level })}</span>
          ) : null}
          <Steps steps={chain.planned.steps} />
        </li>
      ) : null}
    </ol>
  );
}

type Fields = { owner: string; treatment: string; threat: string; vulnerability: string; note: string };

function EditRisk({ risk, result }: { risk: Chain["risk"]; result: ActionResult | undefined }) {
  const refused = result && !result.ok && result.intent === "update" ? result.lastResult : null;
  const [form, fields] = useForm<Fields>({
    id: `risk-${risk.id}-${risk.rev}`,
    lastResult: refused,
    defaultValue: {
      owner: risk.owner,
      treatment: risk.treatment ?? "",
      threat: String(risk.threat),
      vulnerability: String(risk.vulnerability),
      note: risk.note,
    },
  });
  const treatments = [
    { value: "reduce", label: m.risk_treatment_reduce() },
    { value: "avoid", label: m.risk_treatment_avoid() },
    { value: "transfer", label: m.risk_treatment_transfer() },
    { value: "accept", label: m.risk_treatment_accept() },
  ];
  return (
    <PostForm {...getFormProps(form)} className="ui-form" preventScrollReset>
      <input type="hidden" name="riskId" value={risk.id} />
      <input type="hidden" name="rev" value={risk.rev} />
      <TextInput label={m.risk_owner()} maxLength={100} {...textProps(fields.owner)} />
      <Select
        label={m.risk_treatment()}
        choices={treatments}
        empty={m.risk_treatment_open()}
        {...selectProps(fields.treatment)}
      />
      <Select label={m.risk_threat_frequency()} choices={levelChoices()} {...selectProps(fields.threat)} />
      <Select label={m.risk_severity()} choices={levelChoices()} {...selectProps(fields.vulnerability)} />
      <TextArea label={m.risk_note()} optional rows={2} maxLength={2000} {...areaProps(fields.note)} />
      <div className="ui-form-acts">
        <SubmitButton name="intent" value="update">
          {m.risk_save()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

/** One line opened in place: its chain, and for the sector its decision. */
export function RiskDetail({
  chain,
  editable,
  result,
}: {
  chain: Chain;
  editable: boolean;
  result: ActionResult | undefined;
}) {
  return (
    <div className="ui-split ui-split-even" id={`chain-${chain.risk.id}`}>
      <ChainSteps chain={chain} />
      {editable ? (
        <EditRisk key={`${chain.risk.id}-${chain.risk.rev}`} risk={chain.risk} result={result} />
      ) : (
        <p>{chain.risk.note}</p>
      )}
    </div>
  );
}
