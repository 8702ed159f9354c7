import type { ReactNode } from "react";
import type { ActionResult } from "#app/request/page.server.ts";
import { typed, typedText } from "#app/request/refused.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { NumberInput, TextInput } from "#app/ui/inputs.tsx";

interface Field {
  name: string;
  label: string;
}

/** A setting of the programme that is a whole number and changes with its reason; what was typed and refused stays, and the form open. */
export function ReasonedNumber(props: {
  intent: string;
  result: ActionResult | undefined;
  /** Fields that say what is set, by name. */
  hidden: Readonly<Record<string, string | number>>;
  summary: string;
  save: string;
  number: Field & { initial?: number };
  reason: Field;
  /** Fields in front of the number. */
  children?: ReactNode;
}) {
  const { intent, result, number, reason } = props;
  const { errors } = typed(result, intent);
  const again = (name: string) => ({ name, errors: errors[name], id: `${intent}-${name}` });
  return (
    <details className="mt-3" open={Object.keys(errors).length > 0}>
      <summary>{props.summary}</summary>
      <PostForm className="mt-3 flex flex-wrap items-end gap-3">
        {Object.entries(props.hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {props.children}
        <NumberInput
          {...again(number.name)}
          label={number.label}
          whole
          required
          defaultValue={typedText(result, intent, number.name) ?? number.initial ?? ""}
        />
        <TextInput
          {...again(reason.name)}
          label={reason.label}
          maxLength={2000}
          required
          defaultValue={typedText(result, intent, reason.name) ?? ""}
        />
        <SubmitButton name="intent" value={intent}>
          {props.save}
        </SubmitButton>
      </PostForm>
    </details>
  );
}
