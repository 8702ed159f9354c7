import { type ReactNode, useState } from "react";
import { shortest } from "#app/features/identity/password.rules.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { TextInput } from "#app/ui/inputs.tsx";

type Props = Parameters<typeof TextInput>[0];

/** A password that is set: the rule before, how long it is while it is typed, twice because it cannot be seen. */
export function NewPasswordFields({ next, repeat }: { next: Omit<Props, "label">; repeat: Omit<Props, "label"> }) {
  const [length, setLength] = useState(0);
  return (
    <>
      <TextInput
        label={m.identity_password_next()}
        hint={m.signin_password_rule({ shortest })}
        width="m"
        {...next}
        autoComplete="new-password"
        onInput={(event) => setLength([...event.currentTarget.value].length)}
      />
      <Told length={length} />
      <TextInput label={m.identity_password_repeat()} width="m" {...repeat} autoComplete="new-password" />
    </>
  );
}

function Told({ length }: { length: number }): ReactNode {
  if (length === 0) return null;
  const words =
    length < shortest
      ? m.signin_password_more({ count: shortest - length })
      : length < shortest + 6
        ? m.signin_password_enough()
        : m.signin_password_long();
  return (
    <p className="ui-hint" role="status">
      {words}
    </p>
  );
}
