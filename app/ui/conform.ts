import { type FieldMetadata, getInputProps, getSelectProps, getTextareaProps } from "@conform-to/react";
import { m } from "#app/i18n/paraglide/messages.js";
import type { SummaryError } from "./form-summary.tsx";

/*
 * Bridges from Conform to the fields of the kit. They drop `key`, which React refuses in a spread, and add the errors:
 *   <TextInput label={m.x()} {...textProps(fields.title)} />
 */

type Form = Record<string, unknown>;
type Input = Exclude<NonNullable<Parameters<typeof getInputProps>[1]>["type"], "checkbox" | "radio">;

/** For TextInput, NumberInput, DateInput, FileInput. */
export function textProps<S, F extends Form, E>(field: FieldMetadata<S, F, E>, type: Input = "text") {
  const { key: _key, ...rest } = getInputProps(field, { type });
  return { ...rest, errors: field.errors };
}

/** For TextArea. */
export function areaProps<S, F extends Form, E>(field: FieldMetadata<S, F, E>) {
  const { key: _key, ...rest } = getTextareaProps(field);
  return { ...rest, errors: field.errors };
}

/** For Select. */
export function selectProps<S, F extends Form, E>(field: FieldMetadata<S, F, E>) {
  const { key: _key, ...rest } = getSelectProps(field);
  return { ...rest, errors: field.errors };
}

/** For Checkbox. */
export function checkProps<S, F extends Form, E>(field: FieldMetadata<S, F, E>) {
  const { key: _key, ...rest } = getInputProps(field, { type: "checkbox" });
  return { ...rest, errors: field.errors };
}

/** For CheckboxGroup. */
export function checksProps<S, F extends Form, E>(field: FieldMetadata<S, F, E>) {
  const initial: unknown = field.initialValue;
  return {
    id: field.id,
    name: field.name as string,
    form: field.formId as string,
    errors: field.errors,
    defaultValues: Array.isArray(initial)
      ? initial.filter((v): v is string => typeof v === "string")
      : typeof initial === "string"
        ? [initial]
        : [],
  };
}

/** All errors of a form for FormErrorSummary, with the label of their field before them where one is given; those of the form itself (name «») lead to no field. */
export function summaryErrors(
  form: { id: string; allErrors: Record<string, unknown> },
  labels: Readonly<Record<string, string>> = {},
): SummaryError[] {
  return Object.entries(form.allErrors).flatMap(([name, errors]) =>
    (Array.isArray(errors) ? errors : []).map((message) => ({
      message:
        labels[name] === undefined
          ? String(message)
          : m.ui_field_error({ field: labels[name], message: String(message) }),
      ...(name === "" ? {} : { field: `${form.id}-${name}` }),
    })),
  );
}
