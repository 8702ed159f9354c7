import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { accessSchema, glassTables, newBreakGlassSchema } from "#app/features/identity/break-glass.schema.ts";
import { answerBreakGlass, askableTenants, askBreakGlass, endBreakGlass, listBreakGlass, readNoted } from "#app/features/identity/break-glass.server.ts";
import { Accesses, Ask } from "#app/features/identity/components/break-glass.tsx";
import { Reading } from "#app/features/identity/components/break-glass-reading.tsx";
import { may } from "#app/features/identity/permissions.ts";
import { type ActionResult, intent, pageAction, pageLoader } from "#app/features/identity/route.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { notFound } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.glass_title()} · ${m.identity_product()}` }];

const params = z.object({ accessId: uuid().optional() });
const search = z.object({ table: z.enum(glassTables).optional(), after: uuid().optional() });

/** The list; below it, for the operator of an open access, the rows he asks for, each noted as it is read. */
export const loader = pageLoader({ can: "glass.see", params, search }, async ({ tx, actor, context, params: { accessId }, search: { table, after } }) => {
  const [asks, answers] = [may(actor.role, "glass.ask"), may(actor.role, "glass.answer")];
  const [accesses, tenants] = await Promise.all([listBreakGlass(tx, actor), asks ? askableTenants(tx) : null]);
  const chosen = accesses.find((a) => a.id === accessId && a.mine) ?? null;
  if (accessId && !chosen) throw notFound({ logMessage: "no access of his" });
  const rows = chosen?.state === "open" && table ? await readNoted(context, actor, { accessId: chosen.id, table, after: after ?? null }) : null;
  return { answers, accesses, tenants, reading: chosen ? { access: chosen, table: table ?? null, rows } : null };
});

export const action = pageAction(
  { params },
  {
    ask: intent({
      can: "glass.ask",
      schema: newBreakGlassSchema,
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await askBreakGlass(tx, actor, input);
        return { notice: m.glass_asked() };
      },
    }),
    consent: intent({
      can: "glass.answer",
      schema: accessSchema,
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await answerBreakGlass(tx, actor, input.accessId, true);
        return { notice: m.glass_consented() };
      },
    }),
    refuse: intent({
      can: "glass.answer",
      schema: accessSchema,
      run: async ({ tx, actor, input }) => {
        await answerBreakGlass(tx, actor, input.accessId, false);
        return { notice: m.glass_refused() };
      },
    }),
    end: intent({
      can: "glass.end",
      schema: accessSchema,
      run: async ({ tx, actor, input }) => {
        await endBreakGlass(tx, actor, input.accessId);
        return { notice: m.glass_ended(), to: "/break-glass" };
      },
    }),
  },
);

export default function BreakGlass() {
  const { answers, accesses, tenants, reading } = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  if (reading) return <Reading {...reading} />;
  return (
    <>
      <PageHeader title={m.glass_title()} of={tenants ? m.glass_intro_operator() : m.glass_intro_member()} />
      {result?.ok && result.notice ? (
        <Notice tone="done" live>
          {result.notice}
        </Notice>
      ) : null}
      {tenants ? <Ask tenants={tenants.map((t) => ({ value: t.id, label: pick({ zh: t.nameZh, en: t.nameEn }) }))} count={accesses.length} result={result} /> : null}
      <Accesses accesses={accesses} answers={answers} asks={tenants !== null} />
    </>
  );
}
