import { type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { signedIn } from "#app/request/context.server.ts";
import { publicLoader } from "#app/request/page.server.ts";
import { SealHistory, Known, Unknown } from "../components/chain.public.tsx";
import { HashFile } from "../components/hash-file.public.tsx";
import { isDigest, knownSeal, sealChain } from "../seal.server.ts";
import { VerifyResult } from "#app/features/specification/components/verify.public.tsx";
import { verify } from "#app/features/specification/published.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { useNonce } from "#app/nonce.ts";
import { Button } from "#app/ui/button.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import type { RouteHandle } from "#app/ui/shell/types.ts";
import { verbatim } from "#app/platform/fields.ts";

/** Needs no sign-in and no script; whoever is signed in reads what the database lets them see. */
export const handle = { frame: "public" } satisfies RouteHandle;

export const meta: MetaFunction = () => [{ title: m.specification_verify_title() }];

export const loader = publicLoader(
  {
    at: "/verify/:sha256?",
    params: z.object({ sha256: verbatim(200).optional() }),
    search: z.object({ sha256: verbatim(200).optional() }),
  },
  async ({ tx, request, context, params, search, locale }) => {
    const actor = (await signedIn(request, context))?.actor ?? null;
    const asked = (params.sha256 ?? search.sha256 ?? "").trim().toLowerCase().replaceAll(/\s/g, "");
    const valid = isDigest(asked);
    // An address of a digest is there for digests alone; another word goes to the form, which says what is wrong with it.
    if (params.sha256 !== undefined && !valid)
      throw redirect(`/verify?${new URLSearchParams({ sha256: params.sha256 }).toString()}`);
    const [published, known, chain] = valid
      ? await Promise.all([
          verify(tx, asked),
          knownSeal(tx, asked),
          actor ? context.scope.read(actor).then((own) => sealChain(own, actor, asked, locale)) : null,
        ])
      : [null, null, null];
    return { asked, valid, published, known, chain, signedIn: actor !== null };
  },
);

function Answer({ asked, published, known, chain, signedIn }: ReturnType<typeof useLoaderData<typeof loader>>) {
  if (!published && !chain && !known) return <Unknown asked={asked} />;
  return (
    <>
      {published ? <VerifyResult found={published} /> : null}
      {chain ? (
        <SealHistory chain={chain} />
      ) : known && !published ? (
        <Known known={known} asked={asked} signedIn={signedIn} />
      ) : null}
    </>
  );
}

export default function Verify() {
  const data = useLoaderData<typeof loader>();
  const { asked, valid } = data;
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
      {valid ? <Answer {...data} /> : null}
    </div>
  );
}
