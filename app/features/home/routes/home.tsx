import type { MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { AssessorExtras, AuditorExtras, SectorExtras, SiteExtras } from "../components/role-panels.tsx";
import { NationalExtras } from "#app/features/home/components/national.tsx";
import { OperatorExtras } from "#app/features/home/components/operator.tsx";
import { PhaseStrip } from "../components/phase-strip.tsx";
import { TaskList } from "#app/features/home/components/task-list.tsx";
import { homeView, noteVisit } from "#app/features/home/home.server.ts";
import { wordedHome } from "../home.view.server.ts";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import { createTenant } from "#app/features/identity/identity.server.ts";
import { roleName } from "#app/domain/role-name.ts";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { text } from "#app/platform/fields.ts";
import { PageHeader, Section, Split } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import { Timeline } from "#app/ui/work.tsx";

export const meta: MetaFunction = () => [{ title: `${m.home_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/" }, async ({ tx, actor, locale, context }) => {
  const view = await homeView(tx, actor, locale);
  void noteVisit(context.db, actor, view.changed.seenAt).catch((err: unknown) =>
    context.log.warn({ err }, "visit not noted"),
  );
  return wordedHome(view, locale);
});

export const action = pageAction(
  { at: "/" },
  {
    createTenant: intent({
      schema: z.object({
        kind: z.enum(["sector", "national", "institution"], { error: "error_field_choice" }),
        code: text(40),
        nameZh: text(200),
        nameEn: text(200),
      }),
      run: async ({ tx, actor, input }) => {
        await createTenant(tx, actor, input);
        return { notice: m.home_tenant_created() };
      },
    }),
  },
);

export default function Home() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  const { own, waiting, counts } = view.tasks;
  const works = view.extras.kind !== "operator" && view.extras.kind !== "auditor";
  const changed = <Changes view={view} />;
  const due = (
    <>
      <Section
        title={m.home_due()}
        acts={counts.own > own.length ? <Link to="/tasks?view=own">{m.home_all_of({ n: counts.own })}</Link> : null}
      >
        <TaskList tasks={own} label={m.home_due()} />
      </Section>
      {waiting.length > 0 ? (
        <Section
          title={m.home_waiting()}
          acts={
            counts.waiting > waiting.length ? (
              <Link to="/tasks?view=waiting">{m.home_all_of({ n: counts.waiting })}</Link>
            ) : null
          }
        >
          <TaskList tasks={waiting} label={m.home_waiting()} />
        </Section>
      ) : null}
    </>
  );
  return (
    <>
      <PageHeader title={m.home_title()} of={`${roleName(view.role)} · ${view.name}`} meta={view.today} />
      <ResultNotice result={result} />
      {view.extras.kind === "national" ? (
        <>
          {due}
          <NationalExtras extras={view.extras} changed={changed} />
        </>
      ) : null}
      {works && view.extras.kind !== "national" ? (
        <Split side={changed}>
          {due}
          {view.standing ? <PhaseStrip standing={view.standing} /> : null}
        </Split>
      ) : null}
      {view.extras.kind === "site" ? <SiteExtras view={view} extras={view.extras} /> : null}
      {view.extras.kind === "sector" ? <SectorExtras view={view} extras={view.extras} /> : null}
      {view.extras.kind === "assessor" ? <AssessorExtras view={view} extras={view.extras} /> : null}
      {view.extras.kind === "auditor" ? <AuditorExtras extras={view.extras} /> : null}
      {view.extras.kind === "operator" ? <OperatorExtras extras={view.extras} result={result} /> : null}
    </>
  );
}

function Changes({ view }: { view: ReturnType<typeof useLoaderData<typeof loader>> }) {
  const { entries } = view.changed;
  return (
    <Section title={m.home_changes()}>
      {entries.length === 0 ? (
        <EmptyState title={m.home_changes_none()} />
      ) : (
        <Timeline
          label={m.home_changes()}
          items={entries.map((e) => ({
            id: e.id,
            what: `${e.label} → ${e.toLabel}`,
            who: e.actorName,
            about: e.subject,
            at: e.at,
            why: e.reason || null,
          }))}
        />
      )}
    </Section>
  );
}
