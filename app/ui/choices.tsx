import { type ComponentPropsWithoutRef, type ReactNode, useId } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "./cx.ts";
import { describedBy, type Errors, FieldError, hintId } from "./field.tsx";
import type { Choice } from "./inputs.tsx";

interface GroupProps {
  id?: string | undefined;
  name: string;
  /** The question, read before each choice. */
  legend: ReactNode;
  choices: readonly Choice[];
  hint?: ReactNode | undefined;
  errors?: Errors;
  optional?: boolean | undefined;
  hideLegend?: boolean | undefined;
  /** Side by side, for short words. */
  inline?: boolean | undefined;
  required?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Id of a form elsewhere on the page. */
  form?: string | undefined;
}

function Group({ id, props, children }: { id: string; props: GroupProps; children: ReactNode }) {
  return (
    <fieldset
      id={id}
      className="ui-field"
      disabled={props.disabled}
      tabIndex={-1}
      {...describedBy(id, props)}
      {...(props.errors ? { "aria-invalid": undefined } : {})}
    >
      <legend className={props.hideLegend ? "ui-sr" : "ui-label"}>
        {props.legend}
        {props.optional ? <span className="ui-optional">{m.ui_optional()}</span> : null}
      </legend>
      {props.hint ? (
        <p id={hintId(id)} className="ui-hint">
          {props.hint}
        </p>
      ) : null}
      <FieldError id={id} errors={props.errors} />
      <div className={cx("ui-choices", props.inline && "ui-choices-row")}>{children}</div>
    </fieldset>
  );
}

interface OneProps {
  type: "radio" | "checkbox";
  choice: Choice;
  group: GroupProps;
  id: string;
  checked: boolean;
  onChange?: ((value: string, checked: boolean) => void) | undefined;
}

function One({ type, choice, group, id, checked, onChange }: OneProps) {
  return (
    <label className="ui-choice" htmlFor={id}>
      <input
        type={type}
        id={id}
        name={group.name}
        value={choice.value}
        defaultChecked={checked}
        disabled={choice.disabled}
        {...(group.form === undefined ? {} : { form: group.form })}
        {...(type === "radio" && group.required ? { required: true } : {})}
        {...(choice.hint ? { "aria-describedby": hintId(id) } : {})}
        {...(onChange ? { onChange: (event) => onChange(choice.value, event.currentTarget.checked) } : {})}
      />
      <span>{choice.label}</span>
      {choice.hint ? (
        <span id={hintId(id)} className="ui-hint">
          {choice.hint}
        </span>
      ) : null}
    </label>
  );
}

export type RadioGroupProps = GroupProps & {
  defaultValue?: string | undefined;
  onChange?: ((value: string) => void) | undefined;
};

/** One of a few, all in sight. */
export function RadioGroup({ defaultValue, onChange, ...group }: RadioGroupProps) {
  const made = useId();
  const id = group.id ?? made;
  return (
    <Group id={id} props={group}>
      {group.choices.map((choice) => (
        <One
          key={choice.value}
          type="radio"
          choice={choice}
          group={group}
          id={`${id}-${choice.value}`}
          checked={choice.value === defaultValue}
          onChange={onChange}
        />
      ))}
    </Group>
  );
}

export type CheckboxGroupProps = GroupProps & {
  defaultValues?: readonly string[] | undefined;
  onChange?: ((value: string, checked: boolean) => void) | undefined;
};

/** Any of a few; posts `name` once for each one ticked. */
export function CheckboxGroup({ defaultValues = [], onChange, ...group }: CheckboxGroupProps) {
  const made = useId();
  const id = group.id ?? made;
  return (
    <Group id={id} props={group}>
      {group.choices.map((choice) => (
        <One
          key={choice.value}
          type="checkbox"
          choice={choice}
          group={group}
          id={`${id}-${choice.value}`}
          checked={defaultValues.includes(choice.value)}
          onChange={onChange}
        />
      ))}
    </Group>
  );
}

export type CheckboxProps = Omit<ComponentPropsWithoutRef<"input">, "type"> & {
  type?: string | undefined;
  label: ReactNode;
  hint?: ReactNode | undefined;
  errors?: Errors;
};

/** A single yes or no; posts «on» unless `value` says otherwise, and nothing when not ticked. */
export function Checkbox({ label, hint, errors, className, type: _type, ...rest }: CheckboxProps) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <div className={cx("ui-field", className)}>
      <FieldError id={id} errors={errors} />
      <label className="ui-choice" htmlFor={id}>
        <input {...rest} type="checkbox" id={id} {...describedBy(id, { hint, errors }, rest)} />
        <span>{label}</span>
        {hint ? (
          <span id={hintId(id)} className="ui-hint">
            {hint}
          </span>
        ) : null}
      </label>
    </div>
  );
}
