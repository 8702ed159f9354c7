import { Form, Link, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { carried, withParams } from "./address.ts";
import { Button, buttonClass } from "./button.tsx";
import { Icon } from "./icon.tsx";

export interface FilterBarProps {
  /** What is filtered, for screen readers: «筛选试点». */
  label: string;
  /** Names of the parameters that the fields inside set; all others are carried along. */
  names: readonly string[];
  /** Fields of the kit with `name` and `defaultValue` from the address. */
  children: ReactNode;
  /** What is filtered by now, in words; each can be taken off. */
  active?: readonly { name: string; label: string }[] | undefined;
  /** Prefix of the table's parameters; its cursor is dropped when the filter changes. */
  prefix?: string | undefined;
}

/** Filters of a table: a GET form, so that the state is in the address and works without script. */
export function FilterBar({ label, names, children, active = [], prefix = "" }: FilterBarProps) {
  const { search } = useLocation();
  const cursor = `${prefix}cursor`;
  const none = Object.fromEntries([...names, cursor].map((name) => [name, null]));
  return (
    <search aria-label={label}>
      <Form method="get" className="ui-filter" preventScrollReset>
        {carried(search, [...names, cursor]).map(([name, value], index) => (
          <input key={index} type="hidden" name={name} value={value} />
        ))}
        {children}
        <Button icon="filter">{m.ui_filter()}</Button>
      </Form>
      {active.length > 0 ? (
        <div className="ui-chips">
          {active.map(({ name, label: words }) => (
            <Link
              key={name}
              className="ui-chip"
              to={withParams(search, { [name]: null, [cursor]: null })}
              preventScrollReset
              aria-label={m.ui_filter_remove({ name: words })}
            >
              {words}
              <Icon name="close" size={12} />
            </Link>
          ))}
          <Link className={buttonClass({ kind: "quiet", size: "s" })} to={withParams(search, none)} preventScrollReset>
            {m.ui_filter_clear()}
          </Link>
        </div>
      ) : null}
    </search>
  );
}
