import { type MouseEvent, type ReactNode, useId, useRef } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button, buttonClass, type ButtonKind, type ButtonSize, SubmitButton } from "./button.tsx";
import { type Hidden, HiddenFields } from "./hidden.tsx";
import { PostForm } from "./form.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { opens } from "./popover.tsx";

/** The question before an act that seals or destroys. */
export interface Confirmation {
  /** A question or statement in words: «提交后内容将被封存». */
  title: string;
  /** What will be fixed for ever, a line each. */
  seals?: readonly ReactNode[] | undefined;
  /** Fields the act needs: a reason, a choice. */
  body?: ReactNode | undefined;
  /** Verb of the button that does it; the act's own label otherwise. */
  confirmLabel?: string | undefined;
  cancelLabel?: string | undefined;
}

export interface ConfirmDialogProps extends Confirmation {
  label: string;
  fields: Hidden;
  action?: string | undefined;
  kind?: ButtonKind | undefined;
  size?: ButtonSize | undefined;
  icon?: IconName | undefined;
  /** For uploads inside the question. */
  encType?: "multipart/form-data" | undefined;
}

/**
 * Asks once, in words, and says what is fixed for ever. With script it is a modal dialog that holds the focus; without,
 * the same element opens as a popover, so the form can be sent either way. The field called first in `fields` is the name
 * and value of the button.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { label, fields, action, kind, size, icon, title, seals = [], body, encType } = props;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (event: MouseEvent) => {
    event.preventDefault();
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  };
  // a question asked from a menu: the menu has done its work when the question is answered
  const closeMenu = () => dialog.current?.closest<HTMLElement>(".ui-pop")?.hidePopover();
  const [name, value] = Object.entries(fields)[0] ?? [undefined, undefined];
  return (
    <>
      <button
        type="button"
        className={buttonClass({ kind, size })}
        {...opens(id)}
        onClick={open}
        aria-haspopup="dialog"
      >
        {icon ? <Icon name={icon} /> : null}
        {label}
      </button>
      <dialog
        ref={dialog}
        id={id}
        className="ui-dialog"
        aria-labelledby={`${id}title`}
        onClose={closeMenu}
        {...{ popover: "auto" }}
      >
        <PostForm
          {...(action === undefined ? {} : { action })}
          {...(encType === undefined ? {} : { encType })}
          onSubmit={() => dialog.current?.close()}
        >
          <h2 id={`${id}title`}>{title}</h2>
          <div className="ui-dialog-body">
            {seals.length > 0 ? (
              <div className="ui-seals">
                <p>{m.ui_will_be_fixed()}</p>
                <ul>
                  {seals.map((line, index) => (
                    <li key={index}>{line}</li>
                  ))}
                </ul>
              </div>
            ) : null}
            {body}
          </div>
          <HiddenFields fields={Object.fromEntries(Object.entries(fields).slice(1))} />
          <div className="ui-dialog-acts">
            <Button
              type="button"
              {...opens(id)}
              onClick={(event) => {
                if (!dialog.current?.matches(":modal")) return;
                event.preventDefault();
                dialog.current.close();
              }}
            >
              {props.cancelLabel ?? m.ui_go_back()}
            </Button>
            <SubmitButton kind={kind === "danger" ? "danger" : "main"} {...(name === undefined ? {} : { name, value })}>
              {props.confirmLabel ?? label}
            </SubmitButton>
          </div>
        </PostForm>
      </dialog>
    </>
  );
}
