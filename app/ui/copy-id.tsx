import { useState } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { IconButton } from "./button.tsx";
import { useHydrated } from "./hydrated.ts";

export interface CopyIdProps {
  value: string;
  /** Shown instead of the whole: the first characters of a digest. The whole is copied. */
  short?: string | undefined;
  /** What it is, for the button's name: «摘要». */
  label?: string | undefined;
}

/** An id or digest that people hand on: set in a fixed width, copied with one key. */
export function CopyId({ value, short, label }: CopyIdProps) {
  const hydrated = useHydrated();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <span className="ui-copy">
      <code {...(short ? { title: value } : {})}>{short ?? value}</code>
      {hydrated ? (
        <>
          <IconButton
            size="s"
            icon={done ? "check" : "copy"}
            label={label ? m.ui_copy_what({ what: label }) : m.ui_copy()}
            onClick={() => void copy()}
          />
          <span className="ui-sr" role="status">
            {done ? m.ui_copied() : ""}
          </span>
        </>
      ) : null}
    </span>
  );
}
