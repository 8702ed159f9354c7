import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useNavigation } from "@remix-run/react";
import { z } from "zod";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { checkWalls } from "#app/features/isolation/check.server.ts";
import { Finding } from "#app/features/isolation/components/finding.tsx";
import { CheckList, Scope } from "../components/check-list.tsx";
import { verdictOf } from "#app/features/isolation/isolation.rules.ts";
import { isolationSearch } from "#app/features/isolation/isolation.schema.ts";
import { findCheck, lastChecks, recordCheck } from "#app/features/isolation/isolation.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { EmptyState, Progress } from "#app/ui/states.tsx";

export const meta: MetaFunction = () => [{ title: `${m.isolation_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/audit/isolation", search: isolationSearch }, async ({ tx, actor, search }) => {
  const checks = await lastChecks(tx, actor);
  const shown = search.check === undefined ? (checks[0] ?? null) : await findCheck(tx, actor, search.check);
  return { checks, shown, tenant: actor.tenantName };
});

export const action = pageAction(
  { at: "/audit/isolation" },
  {
    check: intent({
      schema: z.object({}),
      prepare: ({ context, actor }) => checkWalls(context.db, actor),
      run: async ({ tx, prepared, context }) => {
        const checkId = uuidv7();
        await recordCheck(tx, checkId, prepared);
        if (verdictOf(prepared) === "failed")
          context.log.error({ check: checkId, digest: prepared.sha256 }, "the isolation check found a hole");
        return { to: `/audit/isolation?check=${checkId}` };
      },
    }),
  },
);

export default function Isolation() {
  const { checks, shown, tenant } = useLoaderData<typeof loader>();
  const result = useResult();
  const navigation = useNavigation();
  const running = navigation.state !== "idle" && navigation.formData !== undefined;
  const act = { key: "check", label: m.isolation_run(), kind: "main", post: { intent: "check" } } as const;
  return (
    <>
      <PageHeader
        title={m.isolation_title()}
        of={pick(tenant)}
        meta={m.isolation_text()}
        main={act}
        crumbs={[{ label: m.audit_title(), to: "/audit" }]}
      />
      <div role="status">
        {running ? (
          <p className="mb-4">
            <Progress label={m.isolation_running()} />
          </p>
        ) : null}
      </div>
      {result?.ok === false ? (
        <Notice tone="late" live>
          {result.error?.message}
        </Notice>
      ) : null}
      {shown ? <Finding check={shown} /> : <EmptyState title={m.isolation_none()} text={m.isolation_none_text()} />}
      <Scope />
      {checks.length > 0 ? <CheckList checks={checks} shown={shown?.id ?? null} /> : null}
    </>
  );
}
