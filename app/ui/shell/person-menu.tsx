import { Form, Link, useLocation } from "@remix-run/react";
import { useId } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { buttonClass } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { opens, Popover } from "../popover.tsx";
import type { MembershipItem, ShellData } from "./types.ts";

const whose = (item: MembershipItem) => (item.site ? `${item.tenant} · ${item.site}` : item.tenant);

/**
 * Whose data is this, and as what do I act: always in sight. With several memberships it is the switch; each is posted to
 * `/switch` as `membershipId`; the new membership begins at its home.
 */
export function Whose({ membership, memberships }: Pick<ShellData, "membership" | "memberships">) {
  const id = useId();
  const words = (
    <span>
      <b>{whose(membership)}</b>
      <small>{membership.role}</small>
    </span>
  );
  if (memberships.length < 2) return <div className="ui-btn ui-btn-quiet ui-whose ui-whose-fixed">{words}</div>;
  return (
    <>
      <button
        type="button"
        className={buttonClass({ kind: "quiet" }, "ui-whose")}
        {...opens(id)}
        title={m.ui_switch_membership()}
      >
        <span className="ui-sr">{m.ui_switch_membership()}</span>
        {words}
        <Icon name="down" size={14} />
      </button>
      <Popover id={id} label={m.ui_switch_membership()} start menu>
        <Form method="post" action="/switch" reloadDocument>
          <input type="hidden" name="intent" value="membership" />
          <ul className="ui-menu">
            {memberships.map((item) => (
              <li key={item.id}>
                <button
                  className="ui-menu-item"
                  name="membershipId"
                  value={item.id}
                  {...(item.id === membership.id ? { "aria-current": "true" as const } : {})}
                >
                  <span className="ui-whose">
                    <span>
                      <b>{whose(item)}</b>
                      <small>{item.role}</small>
                    </span>
                  </span>
                  {item.id === membership.id ? <Icon name="check" size={14} /> : null}
                </button>
              </li>
            ))}
          </ul>
        </Form>
      </Popover>
    </>
  );
}

/** The person: settings and the way out. Signing out is a form, so no link or prefetch can do it. */
export function PersonMenu({ person }: Pick<ShellData, "person">) {
  const id = useId();
  const { pathname } = useLocation();
  return (
    <>
      <button
        type="button"
        className={buttonClass({ kind: "quiet" }, "ui-btn-icon")}
        aria-label={m.ui_person_menu({ name: person.name })}
        title={person.name}
        {...opens(id)}
      >
        <Icon name="person" />
      </button>
      <Popover id={id} label={person.name} menu>
        <p className="ui-menu-head">
          {person.name}
          <br />
          {person.email}
        </p>
        <ul className="ui-menu">
          <li>
            <Link
              className="ui-menu-item"
              to="/settings/profile"
              {...(pathname.startsWith("/settings") ? { "aria-current": "page" as const } : {})}
            >
              <Icon name="settings" />
              {m.ui_settings()}
            </Link>
          </li>
          <li className="ui-menu-rule">
            <Form method="post" action="/logout" reloadDocument>
              <button className="ui-menu-item">
                <Icon name="out" />
                {m.ui_sign_out()}
              </button>
            </Form>
          </li>
        </ul>
      </Popover>
    </>
  );
}
