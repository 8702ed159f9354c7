import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { accessSchema, breakGlassTables } from "#app/features/identity/break-glass.schema.ts";
import { listBreakGlass, readNoted } from "#app/features/identity/break-glass.server.ts";
import { Reading } from "#app/features/identity/components/break-glass-reading.tsx";
import { pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { notFound } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: `${m.glass_title()} · ${m.identity_product()}` }];

const search = z.object({ table: z.enum(breakGlassTables).optional(), after: uuid().optional() });

/** Rows of one table under an access of the operator's own, each noted as it is read; none where it is over. */
export const loader = pageLoader(
  { at: "/break-glass/:accessId", params: accessSchema, search },
  async ({ tx, actor, context, params: { accessId }, search: { table, after } }) => {
    const access = (await listBreakGlass(tx, actor)).find((a) => a.id === accessId && a.mine);
    if (!access) throw notFound({ logMessage: "no access of theirs" });
    const rows =
      access.state === "open" && table
        ? await readNoted(context, actor, { accessId, table, after: after ?? null })
        : null;
    return { access, table: table ?? null, rows };
  },
);

export default function BreakGlassReading() {
  return <Reading {...useLoaderData<typeof loader>()} />;
}
