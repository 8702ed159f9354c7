import { useEffect, useRef } from "react";
import { m } from "#app/i18n/paraglide/messages.js";

export interface SummaryError {
  /** What happened and what to do, as it also stands beside the field. */
  message: string;
  /** Id of the control; none for an error of the whole form. */
  field?: string | undefined;
}

export interface FormErrorSummaryProps {
  errors: readonly SummaryError[];
  title?: string | undefined;
}

/** All that keeps a form from being taken, on top of it. Takes the focus when it appears; each line leads to its field. */
export function FormErrorSummary({ errors, title }: FormErrorSummaryProps) {
  const ref = useRef<HTMLDivElement>(null);
  const words = errors.map((error) => error.message).join("\n");
  useEffect(() => {
    if (words !== "") ref.current?.focus();
  }, [words]);
  if (errors.length === 0) return null;
  return (
    <div
      ref={ref}
      className="ui-summary"
      role="alert"
      tabIndex={-1}
      id="form-errors"
      aria-labelledby="form-errors-title"
    >
      <h2 id="form-errors-title">{title ?? m.ui_form_errors({ count: errors.length })}</h2>
      <ul>
        {errors.map((error) => (
          <li key={`${error.field ?? ""}${error.message}`}>
            {error.field ? <a href={`#${error.field}`}>{error.message}</a> : error.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
