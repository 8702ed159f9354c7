import { Link, useNavigation } from "@remix-run/react";
import type { ComponentPropsWithoutRef, ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./icon.tsx";

/** `main`: the one act of the page. `plain`: others. `quiet`: in bars and rows. `danger`: takes something away for good. */
export type ButtonKind = "main" | "plain" | "quiet" | "danger";
export type ButtonSize = "m" | "s";

export interface Looks {
  kind?: ButtonKind | undefined;
  size?: ButtonSize | undefined;
  icon?: IconName | undefined;
}

export function buttonClass({ kind = "plain", size = "m" }: Looks, ...more: (string | false | undefined)[]): string {
  return cx("ui-btn", kind !== "plain" && `ui-btn-${kind}`, size === "s" && "ui-btn-s", ...more);
}

export type ButtonProps = ComponentPropsWithoutRef<"button"> & Looks & { busy?: boolean | undefined };

/** A button; submits its form unless `type="button"`, as in HTML. */
export function Button({ kind, size, icon, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      {...(busy ? { "aria-busy": true } : {})}
      className={buttonClass({ kind, size }, className)}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <span className="ui-spin" aria-hidden="true" /> : icon ? <Icon name={icon} /> : null}
      {children}
      {busy ? <span className="ui-sr">{m.ui_working()}</span> : null}
    </button>
  );
}

/**
 * A button that shows that its own submission is on the way. It knows itself by `name` and `value`; without a name, any
 * submission of a form on the page counts.
 */
export function SubmitButton({ name, value, formAction, ...rest }: ButtonProps) {
  const navigation = useNavigation();
  const submitting = navigation.state !== "idle" && navigation.formData !== undefined;
  const mine = name === undefined || navigation.formData?.get(name) === value;
  const target = formAction === undefined || navigation.formAction === formAction;
  return <Button type="submit" {...{ name, value, formAction }} busy={submitting && mine && target} {...rest} />;
}

export type LinkButtonProps = Looks & {
  to: string;
  children: ReactNode;
  /** For files and for pages outside the client's routes: the browser loads it itself. */
  reload?: boolean | undefined;
  /** Suggests saving under this name. */
  download?: string | boolean | undefined;
  className?: string | undefined;
} & Omit<ComponentPropsWithoutRef<"a">, "href" | "children" | "className" | "download">;

export function LinkButton({
  to,
  kind,
  size,
  icon,
  reload = false,
  download,
  className,
  children,
  ...rest
}: LinkButtonProps) {
  const looks = buttonClass({ kind, size }, className);
  const inner = (
    <>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </>
  );
  if (reload || download !== undefined) {
    return (
      <a {...rest} href={to} className={looks} {...(download === undefined ? {} : { download })}>
        {inner}
      </a>
    );
  }
  return (
    <Link {...rest} to={to} className={looks}>
      {inner}
    </Link>
  );
}

export type IconButtonProps = Omit<ButtonProps, "children" | "icon"> & {
  /** What it does, in words: the name for those who do not see, and the tip for those who do. */
  label: string;
  icon: IconName;
};

export function IconButton({ label, icon, kind = "quiet", className, ...rest }: IconButtonProps) {
  return (
    <Button
      type="button"
      {...rest}
      kind={kind}
      className={cx("ui-btn-icon", className)}
      title={label}
      aria-label={label}
    >
      <Icon name={icon} />
    </Button>
  );
}
