import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { publicLoader } from "#app/request/page.server.ts";
import { type CommentResult, CommentForm, Cover } from "#app/features/specification/components/cover.public.tsx";
import { Contents, Reading } from "#app/features/specification/components/reading.public.tsx";
import { commentAction } from "../public.actions.server.ts";
import { publicView } from "../public.view.server.ts";
import { publicEdition } from "#app/features/specification/published.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { RouteHandle } from "#app/ui/shell/types.ts";
import { orNone } from "#app/platform/form-values.ts";
import { text, whole } from "#app/platform/fields.ts";

/** Needs no sign-in and no script. */
export const handle = { frame: "public" } satisfies RouteHandle;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.view.number} ${data.view.title}` : m.specification_list_title() },
];

export const loader = publicLoader(
  {
    at: "/specifications/:number",
    params: z.object({ number: text(60) }),
    search: z.object({ edition: whole(1, 999).optional().catch(undefined), clause: orNone(text(40)) }),
  },
  async ({ tx, params, search, locale }) => ({
    view: publicView(await publicEdition(tx, params.number, search.edition), locale),
    clause: search.clause ?? "",
  }),
);
export const action = commentAction;

const useAnswer = useActionData as () => CommentResult | undefined;

export default function Specification() {
  const { view, clause } = useLoaderData<typeof loader>();
  const result = useAnswer();
  return (
    <>
      <Cover view={view} />
      <div className="ui-doc">
        <Contents view={view} />
        <div>
          <Reading view={view} />
          {view.consultation?.open ? <CommentForm view={view} result={result} clause={clause} /> : null}
        </div>
      </div>
    </>
  );
}
