import { useLocation } from "@remix-run/react";
import { type MouseEvent, useId, useState } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { withParams } from "../address.ts";
import { buttonClass } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { opens, Popover } from "../popover.tsx";
import { type Appearance, appearanceCookie, densities, type Density, type Theme, themes } from "./types.ts";

const themeWord = { system: m.ui_theme_system, light: m.ui_theme_light, dark: m.ui_theme_dark } as const;
const densityWord = { compact: m.ui_density_compact, comfortable: m.ui_density_comfortable } as const;

/** With script the page changes at once and the choice is kept; without, the link asks the server for the same. */
function useChoice<T extends string>(
  name: "theme" | "density",
  given: T,
): [T, (value: T) => (event: MouseEvent) => void] {
  const [value, set] = useState(given);
  const choose = (next: T) => (event: MouseEvent) => {
    event.preventDefault();
    document.documentElement.dataset[name] = next;
    const secure = location.protocol === "https:";
    document.cookie = `${appearanceCookie(name, secure)}=${next}; Path=/; Max-Age=31536000; SameSite=Lax${secure ? "; Secure" : ""}`;
    set(next);
  };
  return [value, choose];
}

/** The other language, as a link that the browser loads: every word of the page changes. */
export function LanguageLink({ locale, className }: { locale: Appearance["locale"]; className?: string }) {
  const { pathname, search } = useLocation();
  const other = locale === "en" ? "zh-CN" : "en";
  return (
    <a
      className={className ?? buttonClass({ kind: "quiet" })}
      href={`${pathname}${withParams(search, { lng: other })}`}
      lang={other}
      hrefLang={other}
      rel="alternate"
    >
      {/* each language is written in itself, so that its readers find it */}
      {other === "en" ? "English" : "中文"}
    </a>
  );
}

/** Theme and density. */
export function AppearanceMenu({ theme, density }: { theme: Theme; density: Density }) {
  const id = useId();
  const { search } = useLocation();
  const [nowTheme, chooseTheme] = useChoice("theme", theme);
  const [nowDensity, chooseDensity] = useChoice("density", density);
  return (
    <>
      <button
        type="button"
        className={buttonClass({ kind: "quiet" }, "ui-btn-icon")}
        aria-label={m.ui_appearance()}
        title={m.ui_appearance()}
        {...opens(id)}
      >
        <Icon name="sun" />
      </button>
      <Popover id={id} label={m.ui_appearance()} menu>
        <p className="ui-menu-head">{m.ui_theme()}</p>
        <ul className="ui-menu">
          {themes.map((value) => (
            <li key={value}>
              <a
                className="ui-menu-item"
                href={withParams(search, { theme: value })}
                onClick={chooseTheme(value)}
                {...(value === nowTheme ? { "aria-current": "true" as const } : {})}
              >
                {value === nowTheme ? <Icon name="check" size={14} /> : null}
                {themeWord[value]()}
              </a>
            </li>
          ))}
        </ul>
        <p className="ui-menu-head">{m.ui_density()}</p>
        <ul className="ui-menu">
          {densities.map((value) => (
            <li key={value}>
              <a
                className="ui-menu-item"
                href={withParams(search, { density: value })}
                onClick={chooseDensity(value)}
                {...(value === nowDensity ? { "aria-current": "true" as const } : {})}
              >
                {value === nowDensity ? <Icon name="check" size={14} /> : null}
                {densityWord[value]()}
              </a>
            </li>
          ))}
        </ul>
      </Popover>
    </>
  );
}
