import { useId } from "react";
import type { EventOption as WorkflowAct } from "../workflow.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Act, ActMenu } from "#app/ui/act.tsx";
import type { ButtonSize } from "#app/ui/button.tsx";
import type { Confirmation } from "#app/ui/confirm.tsx";
import { type Choice, Select, TextArea } from "#app/ui/inputs.tsx";

export interface EventButtonsProps {
  /** From `eventOptions`. */
  acts: readonly WorkflowAct[];
  /** lock_version of the instance that the page shows. */
  version: number;
  intent?: string | undefined;
  /** Where to post, when the page itself does not take the act. */
  action?: string | undefined;
  /** Type of the event that the page is for; chosen from the acts otherwise. */
  main?: string | undefined;
  /** What can be sent back part by part, for acts that need parts. */
  parts?: readonly { part: string; label: string }[] | undefined;
  /** Words a person chooses from, for acts that need a result. */
  results?: readonly Choice[] | undefined;
  /** Sent along with every act: which object of the page is meant. */
  fields?: Readonly<Record<string, string | number>> | undefined;
  /** What a sealing act fixes for ever, a line each. */
  seals?: readonly string[] | undefined;
  /** Types that ask once and name `seals` though the machine itself fixes nothing: a submission seals what it hands over. */
  asks?: readonly string[] | undefined;
  size?: ButtonSize | undefined;
  /** Events that have a place of their own on the page. */
  without?: readonly string[] | undefined;
  label?: string | undefined;
}

const leadsBack = /^(RETURN|REOPEN|SKIP|REJECT|WITHDRAW|FAIL|SUSPEND|TERMINATE)/;

/** The act the page is for now: it leads on, and best of all seals; one that is not possible yet keeps its place. */
function mainEvent(acts: readonly WorkflowAct[]): WorkflowAct | null {
  const onward = acts.filter((a) => !a.destructive && !leadsBack.test(a.type));
  const possible = onward.filter((a) => a.enabled);
  return possible.find((a) => a.sealing) ?? possible[0] ?? onward[0] ?? null;
}

function Body({ act, parts = [], results = [] }: { act: WorkflowAct } & Pick<EventButtonsProps, "parts" | "results">) {
  const id = useId();
  return (
    <>
      {act.reasons.length > 0 ? (
        <ul className="ui-list">
          {act.reasons.map((r) => (
            <li key={r.code}>{r.text}</li>
          ))}
        </ul>
      ) : null}
      {act.needs.includes("result") ? (
        <Select id={`${id}result`} name="result" label={m.workflow_ui_result()} choices={results} required />
      ) : null}
      {act.needs.includes("parts")
        ? parts.map((p, index) => (
            <div key={p.part}>
              <input type="hidden" name={`parts[${index}].part`} value={p.part} />
              <TextArea
                id={`${id}${p.part}`}
                name={`parts[${index}].reason`}
                label={p.label}
                hint={m.workflow_ui_part_hint()}
                optional
                rows={2}
                maxLength={2000}
              />
            </div>
          ))
        : null}
      {act.needs.includes("reason") || act.needs.includes("result") ? (
        <TextArea
          id={`${id}reason`}
          name="reason"
          label={m.workflow_ui_reason()}
          hint={m.workflow_ui_reason_hint()}
          rows={3}
          maxLength={2000}
          {...(act.needs.includes("reason") ? { required: true } : { optional: true })}
        />
      ) : null}
    </>
  );
}

/** The question before an act that seals, destroys or must be given something; none for acts that can simply be done. */
function confirmation(act: WorkflowAct, props: EventButtonsProps): Confirmation | undefined {
  const seals = act.sealing || (props.asks ?? []).includes(act.type);
  if (act.needs.length === 0 && !seals && !act.destructive) return undefined;
  const to = act.toLabel;
  return {
    title: to ? m.workflow_ui_confirm_to({ act: act.label, state: to }) : act.label,
    ...(seals ? { seals: props.seals ?? [m.workflow_ui_seals()] } : {}),
    body: (
      <>
        {act.destructive ? <p>{m.workflow_ui_destructive()}</p> : null}
        <Body act={act} parts={props.parts} results={props.results} />
      </>
    ),
    confirmLabel: act.label,
  };
}

function toAct(act: WorkflowAct, props: EventButtonsProps): Act {
  const post = { intent: props.intent ?? "act", type: act.type, expectedVersion: props.version, ...props.fields };
  const needsForm = confirmation(act, props);
  return {
    key: act.type,
    label: act.label,
    post,
    ...(props.action ? { action: props.action } : {}),
    ...(act.destructive ? { kind: "danger" as const } : {}),
    ...(act.enabled ? {} : { reasons: act.reasons.map((r) => r.text) }),
    ...(needsForm ? { confirm: needsForm } : {}),
  };
}

/**
 * What this person may do with an object now: the main act in sight, the rest behind «…», impossible ones in their place
 * with the reason. Posts `intent`, `type`, `expectedVersion` and what the act needs (`eventSchema`); works without script.
 */
export function EventButtons(props: EventButtonsProps) {
  const acts = props.acts.filter((a) => !(props.without ?? []).includes(a.type));
  const main = props.main ? (acts.find((a) => a.type === props.main) ?? null) : mainEvent(acts);
  return (
    <ActMenu
      main={main ? toAct(main, props) : null}
      rest={acts.filter((a) => a !== main).map((a) => toAct(a, props))}
      size={props.size}
      {...(props.label ? { label: props.label } : {})}
    />
  );
}
