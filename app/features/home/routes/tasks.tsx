import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { TaskList } from "#app/features/home/components/task-list.tsx";
import { tasksOf } from "#app/features/home/tasks.server.ts";
import { worded } from "../home.view.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { PageHeader, Section } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.home_tasks_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/tasks" }, async ({ tx, actor, locale }) =>
  worded(await tasksOf(tx, actor), locale),
);

export default function Tasks() {
  const tasks = useLoaderData<typeof loader>();
  const own = tasks.filter((t) => t.group !== "waiting");
  const waiting = tasks.filter((t) => t.group === "waiting");
  return (
    <>
      <PageHeader title={m.home_tasks_title()} />
      <Section title={m.home_due()}>
        <TaskList tasks={own} label={m.home_due()} />
      </Section>
      {waiting.length > 0 ? (
        <Section title={m.home_waiting()}>
          <TaskList tasks={waiting} label={m.home_waiting()} />
        </Section>
      ) : null}
    </>
  );
}
