import { Form, Link, useLocation, useNavigation } from "@remix-run/react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { buttonClass, SubmitButton } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { Notice } from "../notice.tsx";
import { opens, Popover } from "../popover.tsx";
import { Bell } from "./bell.tsx";
import { Palette } from "./palette.tsx";
import { PersonMenu, Whose } from "./person-menu.tsx";
import { AppearanceMenu, LanguageLink } from "./settings-menu.tsx";
import type { FlashMessage, Place, ShellProps } from "./types.ts";

function isCurrent(place: Place, pathname: string): boolean {
  return place.exact || place.to === "/"
    ? pathname === place.to
    : pathname === place.to || pathname.startsWith(`${place.to}/`);
}

function Count({ count }: { count: number | undefined }) {
  if (!count) return null;
  return (
    <span className="ui-count">
      {count > 999 ? "999+" : count}
      <span className="ui-sr"> {m.ui_waiting_for_me()}</span>
    </span>
  );
}

function PlaceLink({ place, className }: { place: Place; className?: string }) {
  const { pathname } = useLocation();
  return (
    <Link
      to={place.to}
      {...(className ? { className } : {})}
      {...(isCurrent(place, pathname) ? { "aria-current": "page" as const } : {})}
    >
      <Icon name={place.icon} />
      <span>{place.label}</span>
      <Count count={place.count} />
    </Link>
  );
}

/** On a phone: four places and the rest behind «更多», within reach of the thumb. */
function BottomBar({ places, props }: { places: readonly Place[]; props: ShellProps }) {
  const id = useId();
  const { pathname } = useLocation();
  const shown = places.slice(0, 4);
  const rest = places.slice(4);
  return (
    <nav className="ui-bottom" aria-label={m.ui_places()}>
      <ul>
        {shown.map((place) => (
          <li key={place.key}>
            <PlaceLink place={place} className="ui-bottom-item" />
          </li>
        ))}
        <li>
          <button
            type="button"
            className="ui-bottom-item"
            {...opens(id)}
            {...(rest.some((place) => isCurrent(place, pathname)) ? { "aria-current": "true" as const } : {})}
          >
            <Icon name="menu" />
            <span>{m.ui_more()}</span>
          </button>
          <Popover id={id} label={m.ui_more()} menu>
            <ul className="ui-menu">
              {rest.map((place) => (
                <li key={place.key}>
                  <PlaceLink place={place} className="ui-menu-item" />
                </li>
              ))}
              <li className={rest.length > 0 ? "ui-menu-rule" : ""}>
                <LanguageLink locale={props.locale} className="ui-menu-item" />
              </li>
            </ul>
          </Popover>
        </li>
      </ul>
    </nav>
  );
}

/** After a change of page the focus goes to its head, as the eye does; a new query on the same page leaves it alone. */
function useFocusOnArrival() {
  const ref = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    if (!location.hash) ref.current?.focus({ preventScroll: true });
  }, [pathname]);
  return ref;
}

function useOffline(): boolean {
  const [offline, set] = useState(false);
  useEffect(() => {
    const tell = () => set(!navigator.onLine);
    tell();
    window.addEventListener("online", tell);
    window.addEventListener("offline", tell);
    return () => {
      window.removeEventListener("online", tell);
      window.removeEventListener("offline", tell);
    };
  }, []);
  return offline;
}

/** The answer to what was just done, on the page it led to. */
export function Flash({ flash }: { flash: FlashMessage | null }) {
  if (!flash) return null;
  return (
    <div style={{ paddingBottom: "0.75rem" }}>
      <Notice tone={flash.tone} live act={flash.link ? <Link to={flash.link.to}>{flash.link.label}</Link> : null}>
        {flash.text}
      </Notice>
    </div>
  );
}

/** What a member can do about an operator's visit: read more, or end it. */
function Visit({ id, mayEnd }: { id: string; mayEnd: boolean }) {
  return (
    <div className="ui-acts">
      <Link to="/break-glass">{m.glass_banner_more()}</Link>
      {mayEnd ? (
        <Form method="post" action="/break-glass">
          <input type="hidden" name="accessId" value={id} />
          <SubmitButton size="s" name="intent" value="end">
            {m.glass_end()}
          </SubmitButton>
        </Form>
      ) : null}
    </div>
  );
}

/** Frame of the tool: the role's places at left, whose data on top, content to full width. */
export function Shell({
  children,
  flash = null,
  ...props
}: ShellProps & { children: ReactNode; flash?: FlashMessage | null }) {
  const main = useFocusOnArrival();
  const navigation = useNavigation();
  const offline = useOffline();
  const { counts, places } = props;
  return (
    <div className="ui-shell">
      <a className="ui-skip" href="#main">
        {m.ui_skip_to_content()}
      </a>
      {navigation.state === "idle" ? null : <div className="ui-loading" role="presentation" />}
      <header className="ui-top">
        <Link className="ui-brand" to="/">
          {m.ui_brand()} <small>{m.ui_brand_small()}</small>
        </Link>
        <Whose membership={props.membership} memberships={props.memberships} />
        <span className="ui-top-gap" />
        <Palette places={places} />
        <Link className={buttonClass({ kind: "quiet" })} to="/tasks" title={m.ui_tasks()}>
          <Icon name="tasks" />
          <span className="ui-wide">{m.ui_tasks()}</span>
          <Count count={counts.tasks} />
        </Link>
        <Bell membershipId={props.membership.id} count={counts.notices} />
        <span className="ui-wide">
          <LanguageLink locale={props.locale} />
        </span>
        <AppearanceMenu theme={props.theme} density={props.density} />
        <PersonMenu person={props.person} />
      </header>
      <nav className="ui-rail" aria-label={m.ui_places()}>
        <ul>
          {places.map((place) => (
            <li key={place.key}>
              <PlaceLink place={place} />
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" ref={main} className="ui-main" tabIndex={-1}>
        {props.banner ? (
          <div style={{ paddingBottom: "0.75rem" }}>
            <Notice tone="info">{props.banner}</Notice>
          </div>
        ) : null}
        {props.visits.map((visit) => (
          <div key={visit.id} style={{ paddingBottom: "0.75rem" }}>
            <Notice tone="late" act={<Visit {...visit} />}>
              {visit.text}
            </Notice>
          </div>
        ))}
        {offline ? (
          <div style={{ paddingBottom: "0.75rem" }}>
            <Notice tone="late" live>
              {m.ui_offline_text()}
            </Notice>
          </div>
        ) : null}
        <Flash flash={flash} />
        {children}
      </main>
      <BottomBar places={places} props={props} />
    </div>
  );
}
