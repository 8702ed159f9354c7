import { Form, useSubmit } from "@remix-run/react";
import {
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { type FormEvent, type ReactNode, useState } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button, type ButtonKind } from "#app/ui/button.tsx";
import { useHydrated } from "#app/ui/hydrated.ts";
import { Notice } from "#app/ui/notice.tsx";

interface Asked {
  ok: boolean;
  data?: unknown;
  error?: { message: string } | null;
}

/** The server's question for a key, and the browser's answer as text. */
async function answerOf(use: PasskeyUse): Promise<string> {
  const body = new URLSearchParams({ intent: use });
  const response = await fetch("/passkey.json", { method: "POST", body, headers: { accept: "application/json" } });
  const asked = (await response.json()) as Asked;
  if (!asked.ok) throw new Refusal(asked.error?.message ?? m.signin_passkey_failed());
  const answer =
    use === "register"
      ? await startRegistration({ optionsJSON: asked.data as PublicKeyCredentialCreationOptionsJSON })
      : await startAuthentication({ optionsJSON: asked.data as PublicKeyCredentialRequestOptionsJSON });
  return JSON.stringify(answer);
}
class Refusal extends Error {}

type PasskeyUse = "signIn" | "second" | "prove" | "register";

interface PasskeyFormProps {
  use: PasskeyUse;
  /** The act that takes the key's answer, as field `credential`. */
  intent: string;
  label: string;
  kind?: ButtonKind;
  /** Fields that go with it. */
  children?: ReactNode;
}

/** Asks the browser for a key. There is nothing here without script: WebAuthn has no other way. */
export function PasskeyForm({ use, intent, label, kind, children }: PasskeyFormProps) {
  const hydrated = useHydrated();
  const submit = useSubmit();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (!hydrated) return <p className="ui-hint">{m.signin_passkey_needs_script()}</p>;
  const ask = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      fields.set("credential", await answerOf(use));
      fields.set("intent", intent);
      submit(fields, { method: "post" });
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message : m.signin_passkey_failed());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form method="post" className="ui-stack" onSubmit={(event) => void ask(event)}>
      {children}
      {problem ? (
        <Notice tone="late" live>
          {problem}
        </Notice>
      ) : null}
      <div>
        <Button {...(kind ? { kind } : {})} busy={busy}>
          {label}
        </Button>
      </div>
    </Form>
  );
}
