import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import { accessSchema, newBreakGlassSchema } from "#app/features/identity/break-glass.schema.ts";
import {
  answerBreakGlass,
  askableTenants,
  askBreakGlass,
  endBreakGlass,
  listBreakGlass,
} from "#app/features/identity/break-glass.server.ts";
import { Accesses, Ask } from "#app/features/identity/components/break-glass.tsx";
import { may } from "#app/request/permissions.ts";
import { useResult } from "#app/request/use-result.ts";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { PageHeader } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.glass_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/break-glass" }, async ({ tx, actor }) => {
  const [accesses, tenants] = await Promise.all([
    listBreakGlass(tx, actor),
    may(actor.role, "glass.ask") ? askableTenants(tx, actor) : null,
  ]);
  return { answers: may(actor.role, "glass.answer"), accesses, tenants };
});

export const action = pageAction(
  { at: "/break-glass" },
  {
    ask: intent({
      schema: newBreakGlassSchema,
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await askBreakGlass(tx, actor, input);
        return { notice: m.glass_asked() };
      },
    }),
    consent: intent({
      schema: accessSchema,
      stepUp: true,
      run: async ({ tx, actor, input }) => {
        await answerBreakGlass(tx, actor, input.accessId, true);
        return { notice: m.glass_consented() };
      },
    }),
    refuse: intent({
      schema: accessSchema,
      run: async ({ tx, actor, input }) => {
        await answerBreakGlass(tx, actor, input.accessId, false);
        return { notice: m.glass_refused() };
      },
    }),
    end: intent({
      schema: accessSchema,
      run: async ({ tx, actor, input }) => {
        await endBreakGlass(tx, actor, input.accessId);
        return { notice: m.glass_ended(), to: "/break-glass" };
      },
    }),
  },
);

export default function BreakGlass() {
  const { answers, accesses, tenants } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <>
      <PageHeader title={m.glass_title()} of={tenants ? m.glass_intro_operator() : m.glass_intro_member()} />
      <ResultNotice result={result} />
      {tenants ? (
        <Ask
          tenants={tenants.map((t) => ({ value: t.id, label: pick({ zh: t.nameZh, en: t.nameEn }) }))}
          count={accesses.length}
          result={result}
        />
      ) : null}
      <Accesses accesses={accesses} answers={answers} asks={tenants !== null} />
    </>
  );
}
