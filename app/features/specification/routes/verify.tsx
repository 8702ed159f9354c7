import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { publicLoader } from "#app/features/identity/route.server.ts";
import { HashFile, VerifyResult } from "#app/features/specification/components/verify.public.tsx";
import { verify } from "#app/features/specification/published.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { useNonce } from "#app/nonce.ts";
import { Button } from "#app/ui/button.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import type { RouteHandle } from "#app/ui/shell/types.ts";

/** Needs no sign-in and no script. */
export const handle = { frame: "public" } satisfies RouteHandle;

export const meta: MetaFunction = () => [{ title: m.specification_verify_title() }];

const load = publicLoader({ at: "/verify/:sha256?", params: z.object({ sha256: z.string().max(200).optional() }), search: z.object({ sha256: z.string().max(200).optional() }) }, async ({ tx, params, search }) => {
  const asked = (params.sha256 ?? search.sha256 ?? "").trim().toLowerCase().replaceAll(/\s/g, "");
  return { asked, valid: /^[0-9a-f]{64}$/.test(asked), found: asked === "" ? null : await verify(tx, asked) };
});
export const loader = (args: LoaderFunctionArgs) => load(args);

export default function Verify() {
  const { asked, valid, found } = useLoaderData<typeof loader>();
  const nonce = useNonce();
  return (
    <div className="ui-verify">
      <h1>{m.specification_verify_title()}</h1>
      <p>{m.specification_verify_text()}</p>
      <form method="get" action="/verify" className="ui-form">
        <TextInput
          id="sha256"
          name="sha256"
          label={m.specification_verify_digest()}
          hint={m.specification_verify_hint()}
          defaultValue={asked}
          spellCheck={false}
          autoComplete="off"
          required
          errors={asked !== "" && !valid ? [m.specification_verify_no_digest()] : undefined}
        />
        <div className="ui-form-acts">
          <Button kind="main">{m.specification_verify_act()}</Button>
        </div>
      </form>
      <HashFile nonce={nonce} />
      {valid ? <VerifyResult asked={asked} found={found} /> : null}
    </div>
  );
}
