import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";

/** The page around the sign-in form: what this is, for whom, and the one thing that needs no account. With a `title`, around what belongs to signing in. */
export function SignInFrame({
  title,
  errors,
  children,
}: {
  title?: string;
  errors: readonly string[] | undefined;
  children: ReactNode;
}) {
  return (
    <main className="ui-sign-in" id="main">
      <header>
        <p className="ui-sign-in-name">{m.identity_product()}</p>
        <h1>{title ?? m.identity_product_line()}</h1>
        {title ? null : <p className="ui-hint">{m.identity_sign_in_intro()}</p>}
      </header>
      {errors?.map((text) => (
        <Notice key={text} tone="late" live>
          {text}
        </Notice>
      ))}
      {children}
      {title ? null : (
        <p>
          <Link to="/specifications" reloadDocument>
            {m.identity_public_link()}
          </Link>
        </p>
      )}
    </main>
  );
}
