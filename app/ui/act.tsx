import { type ReactNode, useId } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { buttonClass, type ButtonKind, type ButtonSize, LinkButton, SubmitButton } from "./button.tsx";
import { ConfirmDialog, type Confirmation } from "./confirm.tsx";
import { type Hidden, HiddenFields } from "./hidden.tsx";
import { PostForm } from "./form.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { opens, Popover } from "./popover.tsx";

interface ActBase {
  key: string;
  /** A verb: «提交审核». */
  label: string;
  icon?: IconName | undefined;
  kind?: ButtonKind | undefined;
  /** Why it cannot be done now. With any reason the act stands disabled and tells them. */
  reasons?: readonly string[] | undefined;
}
/** Something that can be done: goes somewhere, or posts a form. With `confirm` it asks once before it posts. */
export type Act =
  | (ActBase & { to: string; reload?: boolean | undefined; download?: string | undefined })
  | (ActBase & { post: Hidden; action?: string | undefined; confirm?: Confirmation | undefined });

export interface DisabledActProps {
  children: ReactNode;
  /** At least one, each a sentence that says what is missing and where. */
  reasons: readonly ReactNode[];
  kind?: ButtonKind | undefined;
  size?: ButtonSize | undefined;
  icon?: IconName | undefined;
}

/**
 * An act that cannot be done now. It keeps its place and takes the focus; pressing it opens the reasons, and a screen
 * reader hears them as its description. (`aria-disabled`, not `disabled`: a disabled button can be neither reached nor asked.)
 */
export function DisabledAct({ children, reasons, kind, size, icon }: DisabledActProps) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        aria-disabled="true"
        aria-describedby={`${id}why`}
        {...opens(`${id}pop`)}
        className={buttonClass({ kind, size })}
      >
        {icon ? <Icon name={icon} /> : null}
        {children}
      </button>
      <Popover id={`${id}pop`} label={m.ui_why_not()} start>
        <div className="ui-pop-text" id={`${id}why`}>
          <strong>{m.ui_why_not()}</strong>
          <ul>
            {reasons.map((reason, index) => (
              <li key={index}>{reason}</li>
            ))}
          </ul>
        </div>
      </Popover>
    </>
  );
}

export interface ActButtonProps {
  act: Act;
  kind?: ButtonKind | undefined;
  size?: ButtonSize | undefined;
}

/** One act as link, form button, question or disabled button, whichever it is. */
export function ActButton({ act, kind = act.kind, size }: ActButtonProps) {
  const looks = { kind, size, icon: act.icon };
  if (act.reasons && act.reasons.length > 0) {
    return (
      <DisabledAct {...looks} reasons={act.reasons}>
        {act.label}
      </DisabledAct>
    );
  }
  if ("to" in act) {
    return (
      <LinkButton {...looks} to={act.to} reload={act.reload} download={act.download}>
        {act.label}
      </LinkButton>
    );
  }
  if (act.confirm) {
    return <ConfirmDialog {...looks} label={act.label} fields={act.post} action={act.action} {...act.confirm} />;
  }
  const [name, value] = Object.entries(act.post)[0] ?? [undefined, undefined];
  return (
    <PostForm {...(act.action === undefined ? {} : { action: act.action })}>
      <HiddenFields fields={Object.fromEntries(Object.entries(act.post).slice(1))} />
      <SubmitButton {...looks} {...(name === undefined ? {} : { name, value })}>
        {act.label}
      </SubmitButton>
    </PostForm>
  );
}

export interface ActMenuProps {
  /** The one act that the page is for now; none when there is nothing to do. */
  main?: Act | null | undefined;
  /** All others, behind «…». */
  rest?: readonly Act[] | undefined;
  size?: ButtonSize | undefined;
  /** Name of the «…» button when there are several on a page: «更多：试点 A». */
  label?: string | undefined;
}

/** The acts of a page or a row: one in sight, the rest behind «…». */
export function ActMenu({ main, rest = [], size, label = m.ui_more_acts() }: ActMenuProps) {
  const id = useId();
  if (!main && rest.length === 0) return null;
  return (
    <div className="ui-acts">
      {main ? <ActButton act={main} kind={main.kind ?? (size === "s" ? "plain" : "main")} size={size} /> : null}
      {rest.length > 0 ? (
        <>
          <button
            type="button"
            className={buttonClass({ kind: size === "s" ? "quiet" : "plain", size }, "ui-btn-icon")}
            aria-label={label}
            title={label}
            {...opens(id)}
          >
            <Icon name="more" />
          </button>
          <Popover id={id} label={label} menu>
            <ul className="ui-menu">
              {rest.map((act) => (
                <li key={act.key}>
                  <ActButton act={act} kind={act.kind === "danger" ? "danger" : "quiet"} />
                </li>
              ))}
            </ul>
          </Popover>
        </>
      ) : null}
    </div>
  );
}
