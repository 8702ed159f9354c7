import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { may } from "#app/request/permissions.ts";
import { useResult } from "#app/request/use-result.ts";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { refusalText } from "#app/request/refused.ts";
import { actionPlanView } from "#app/features/national/action-plan.server.ts";
import { BurnUp } from "#app/features/national/components/burn-up.tsx";
import { Task } from "#app/features/national/components/plan-tasks.tsx";
import {
  milestoneDecisionSchema,
  milestoneRefusalSchema,
  milestoneSchema,
} from "#app/features/programme/programme.schema.ts";
import { acceptMilestone, recordMilestone, refuseMilestone } from "#app/features/programme/programme.server.ts";
import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { translate } from "#app/i18n/translate.server.ts";
import { TimeAxis } from "#app/ui/charts/time-axis.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

export const meta: MetaFunction = () => [{ title: `${m.national_plan_title()} · ${m.identity_product()}` }];

const statuses = ["done", "doneLate", "claimed", "late", "dueSoon", "running", "ahead"];
export const loader = pageLoader({ at: "/action-plan" }, async ({ tx, actor, locale }) => ({
  plan: await actionPlanView(tx, actor),
  records: may(actor.role, "actionPlan.write"),
  accepts: may(actor.role, "actionPlan.accept"),
  words: Object.fromEntries(statuses.map((s) => [s, translate(`rule_word_status_${s}`, {}, locale)])),
}));

export const action = pageAction(
  { at: "/action-plan" },
  {
    record: intent({
      schema: milestoneSchema,
      run: async ({ tx, actor, input }) => {
        await recordMilestone(tx, actor, input);
        return { notice: m.national_plan_saved() };
      },
    }),
    accept: intent({
      schema: milestoneDecisionSchema,
      run: async ({ tx, actor, input }) => {
        await acceptMilestone(tx, actor, input);
        return { notice: m.national_plan_accepted({ id: input.id }) };
      },
    }),
    refuse: intent({
      schema: milestoneRefusalSchema,
      run: async ({ tx, actor, input }) => {
        await refuseMilestone(tx, actor, input);
        return { notice: m.national_plan_refused({ id: input.id }) };
      },
    }),
  },
);

const axis = {
  done: "done",
  doneLate: "done",
  claimed: "due",
  late: "late",
  dueSoon: "due",
  running: "ahead",
  ahead: "ahead",
} as const;

export default function ActionPlan() {
  const { plan, records, accepts, words } = useLoaderData<typeof loader>();
  const result = useResult();
  if (!plan) return <EmptyState title={m.national_none()} text={m.national_none_text()} />;
  const failure = refusalText(result);
  return (
    <>
      <PageHeader
        title={m.national_plan_title()}
        of={pick(plan.title)}
        meta={`${pick(plan.principle)} · ${m.national_as_of({ day: plan.today })}`}
      />
      {result?.ok && result.notice ? <Notice tone="done" title={result.notice} live /> : null}
      {failure ? <Notice tone="late" title={failure} live /> : null}
      <TimeAxis
        title={m.national_plan_axis({ done: plan.done, total: plan.total })}
        of={m.national_plan_of()}
        today={plan.today}
        from={plan.from}
        to={plan.to}
        milestones={plan.tasks
          .flatMap((t) => t.milestones)
          .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
          .map((x) => ({ label: pick(x.title), day: x.dueOn, status: axis[x.status], href: `#${x.id}` }))}
      />
      <BurnUp plan={plan} />
      {plan.tasks.map((t) => (
        <Task key={t.no} task={t} plan={plan} words={words} records={records} accepts={accepts} result={result} />
      ))}
      <Section title={m.national_plan_safeguards()}>
        <dl className="ui-kv ui-kv-1">
          {plan.safeguards.map((s) => (
            <div key={s.no}>
              <dt>{pick(s.title)}</dt>
              <dd>{pick(s.text)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}
