import type { ReactNode } from "react";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LanguageLink } from "./settings-menu.tsx";

/** Frame of the pages that anyone may read: name, two ways, language; no script and no count of anything. */
export function PublicShell({
  locale,
  signedIn = false,
  children,
}: {
  locale: Locale;
  signedIn?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="ui-public">
      <a className="ui-skip" href="#main">
        {m.ui_skip_to_content()}
      </a>
      <header className="ui-public-top">
        <a href="/specifications">
          {m.ui_brand()} {m.ui_brand_small()}
        </a>
        <a href="/specifications">{m.ui_public_specifications()}</a>
        <a href="/verify">{m.ui_public_verify()}</a>
        <LanguageLink locale={locale} className="" />
        <a href={signedIn ? "/" : "/login"}>{signedIn ? m.ui_to_start() : m.ui_sign_in()}</a>
      </header>
      <main id="main" className="ui-public-main" tabIndex={-1}>
        {children}
      </main>
      <footer className="ui-public-foot">
        <span>{m.ui_public_foot()}</span>
      </footer>
    </div>
  );
}
