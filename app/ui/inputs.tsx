import { type ComponentPropsWithoutRef, type ReactNode, useId } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "./cx.ts";
import { describedBy, Field, type FieldWords } from "./field.tsx";

const keys = ["label", "hint", "unit", "errors", "optional", "hideLabel", "width"] as const;

/** Parts the words of the kit from the attributes of the control. */
function split<P extends FieldWords>(props: P): [FieldWords, Omit<P, keyof FieldWords>] {
  const words: Record<string, unknown> = {};
  const rest: Record<string, unknown> = { ...(props as object) };
  for (const key of keys) {
    words[key] = props[key];
    delete rest[key];
  }
  return [words as unknown as FieldWords, rest as Omit<P, keyof FieldWords>];
}

export type TextInputProps = FieldWords & ComponentPropsWithoutRef<"input">;

/** One line of text; `type` as in HTML (text, email, password, search, tel, url, time, file). */
export function TextInput(props: TextInputProps) {
  const [words, { className, ...rest }] = split(props);
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Field {...words} id={id} className={className}>
      <input type="text" {...rest} id={id} className="ui-input" {...describedBy(id, words, rest)} />
    </Field>
  );
}

export type NumberInputProps = TextInputProps & {
  /** Whole numbers only: brings up the digits on phones. */
  whole?: boolean | undefined;
};

/**
 * A number or an amount, right-aligned. A text control with a numeric keyboard on purpose: `type="number"` changes by the
 * mouse wheel, drops what it cannot read and refuses «1,234» (GOV.UK Design System, text input).
 */
export function NumberInput({ whole = false, ...props }: NumberInputProps) {
  const [words, { className, type: _type, min: _min, max: _max, step: _step, ...rest }] = split(props);
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Field {...words} width={words.width ?? "s"} id={id} className={className}>
      <input
        type="text"
        inputMode={whole ? "numeric" : "decimal"}
        autoComplete="off"
        {...rest}
        id={id}
        className="ui-input ui-input-num"
        {...describedBy(id, words, rest)}
      />
    </Field>
  );
}

/** A calendar day; value and default as 2026-11-22. */
export function DateInput(props: TextInputProps) {
  return <TextInput {...props} width={props.width ?? "s"} type="date" />;
}

export type FileInputProps = TextInputProps;

/** A file to send; the form needs `encType="multipart/form-data"`. Say size and types in `hint`. */
export function FileInput({ defaultValue: _d, value: _v, ...props }: FileInputProps) {
  return <TextInput {...props} type="file" />;
}

export type TextAreaProps = FieldWords & ComponentPropsWithoutRef<"textarea">;

/** Several lines; grows with its text where the browser can. */
export function TextArea(props: TextAreaProps) {
  const [words, { className, ...rest }] = split(props);
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Field {...words} id={id} className={className}>
      <textarea rows={4} {...rest} id={id} className="ui-input" {...describedBy(id, words, rest)} />
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
  hint?: ReactNode | undefined;
  disabled?: boolean | undefined;
}
interface ChoiceGroup {
  group: string;
  choices: readonly Choice[];
}

export type SelectProps = FieldWords &
  Omit<ComponentPropsWithoutRef<"select">, "children"> & {
    choices: readonly (Choice | ChoiceGroup)[];
    /** First, empty entry: «请选择», or «全部» in filters. */
    empty?: string | undefined;
  };

function Options({ choices }: { choices: readonly Choice[] }) {
  return (
    <>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} disabled={choice.disabled}>
          {choice.label}
        </option>
      ))}
    </>
  );
}

/** The browser's own select: works with every keyboard, reader and phone. Up to seven choices, prefer RadioGroup. */
export function Select(props: SelectProps) {
  const [words, { className, choices, empty, ...rest }] = split(props);
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Field {...words} id={id} className={className}>
      <select {...rest} id={id} className="ui-input" {...describedBy(id, words, rest)}>
        {empty === undefined ? null : <option value="">{empty}</option>}
        {choices.map((choice) =>
          "group" in choice ? (
            <optgroup key={choice.group} label={choice.group}>
              <Options choices={choice.choices} />
            </optgroup>
          ) : (
            <Options key={choice.value} choices={[choice]} />
          ),
        )}
      </select>
    </Field>
  );
}

export interface SearchInputProps {
  name: string;
  label: string;
  defaultValue?: string | undefined;
  placeholder?: string | undefined;
}

/** Text to search for, in a FilterBar. */
export function SearchInput({ name, label, defaultValue, placeholder }: SearchInputProps) {
  return (
    <TextInput
      type="search"
      name={name}
      label={label}
      defaultValue={defaultValue}
      placeholder={placeholder ?? m.ui_search_hint()}
      enterKeyHint="search"
      className={cx("ui-field-wide")}
    />
  );
}
