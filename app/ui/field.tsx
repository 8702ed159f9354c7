import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "./cx.ts";
import { Icon } from "./icon.tsx";

/** Error texts of one field, as Conform and zod give them. */
export type Errors = readonly string[] | string | null | undefined;

/** What every field of the kit takes beside the attributes of its own control. */
export interface FieldWords {
  label: ReactNode;
  hint?: ReactNode | undefined;
  /** Unit behind the control: 万元, %. */
  unit?: string | undefined;
  errors?: Errors;
  /** Marks the label «选填» when false is the exception on the page; required fields carry no mark. */
  optional?: boolean | undefined;
  /** Keeps the label for screen readers only: where a column head already says it. */
  hideLabel?: boolean | undefined;
  width?: "s" | "m" | "full" | undefined;
}

/** What the kit needs of a control's attributes; `key` is taken off before it can be spread. */
export interface ControlIds {
  id?: string | undefined;
  name?: string | undefined;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | "true" | "false" | "grammar" | "spelling" | undefined;
}

const errorList = (errors: Errors): readonly string[] => (typeof errors === "string" ? [errors] : (errors ?? []));

/** Ids as Conform makes them, so that its `aria-describedby` and ours name the same elements. */
export const hintId = (id: string): string => `${id}-description`;
const errorId = (id: string): string => `${id}-error`;

/** Attributes that tie a control to its hint and its errors. */
export function describedBy(id: string, words: Pick<FieldWords, "hint" | "errors">, given?: ControlIds) {
  const ids = new Set(given?.["aria-describedby"]?.split(" ").filter(Boolean));
  const wrong = errorList(words.errors).length > 0;
  if (wrong) ids.add(errorId(id));
  else ids.delete(errorId(id));
  if (words.hint) ids.add(hintId(id));
  return {
    ...(ids.size > 0 ? { "aria-describedby": [...ids].join(" ") } : {}),
    ...(wrong || given?.["aria-invalid"] ? { "aria-invalid": true as const } : {}),
  };
}

export function FieldError({ id, errors }: { id: string; errors: Errors }) {
  const list = errorList(errors);
  if (list.length === 0) return null;
  return (
    <div id={errorId(id)}>
      {list.map((text) => (
        <p key={text} className="ui-error">
          <Icon name="warning" size={14} />
          <span>{text}</span>
        </p>
      ))}
    </div>
  );
}

export interface FieldProps extends FieldWords {
  /** Id of the control. */
  id: string;
  children: ReactNode;
  className?: string | undefined;
}

/** Label, hint, control with unit, error: the frame of every single control. For controls of your own as well. */
export function Field({
  id,
  label,
  hint,
  unit,
  errors,
  optional = false,
  hideLabel = false,
  width,
  children,
  className,
}: FieldProps) {
  return (
    <div className={cx("ui-field", className)}>
      <label htmlFor={id} className={hideLabel ? "ui-sr" : "ui-label"}>
        {label}
        {optional ? <span className="ui-optional">{m.ui_optional()}</span> : null}
        {unit ? <span className="ui-sr">{m.ui_in_unit({ unit })}</span> : null}
      </label>
      {hint ? (
        <p id={hintId(id)} className="ui-hint">
          {hint}
        </p>
      ) : null}
      <FieldError id={id} errors={errors} />
      <div className={cx("ui-affix", width === "s" && "ui-w-s", width === "m" && "ui-w-m")}>
        {children}
        {unit ? (
          <span className="ui-unit" aria-hidden="true">
            {unit}
          </span>
        ) : null}
      </div>
    </div>
  );
}
