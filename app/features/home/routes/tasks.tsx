import type { MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { TaskList } from "#app/features/home/components/task-list.tsx";
import { workOf } from "#app/features/home/tasks.server.ts";
import { readCursor, writeCursor } from "#app/platform/cursor.ts";
import { optionalText } from "#app/platform/fields.ts";
import { orNone } from "#app/platform/form-values.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { PageHeader, Section } from "#app/ui/page.tsx";
import { worded } from "../home.view.server.ts";
import { keyOf, sides } from "../tasks.rules.ts";

export const meta: MetaFunction = () => [{ title: `${m.home_tasks_title()} · ${m.identity_product()}` }];

const [few, many] = [25, 100];
const place = z.tuple([z.number().int().min(0).max(9), z.string().max(10), z.string().max(120)]);

/** All lists with the first of each; or one list, page by page. */
export const loader = pageLoader(
  {
    at: "/tasks",
    search: z.object({ view: orNone(z.enum(sides, { error: "error_field_choice" })), after: optionalText(300) }),
  },
  async ({ tx, actor, locale, search: { view, after } }) => {
    const work = await workOf(tx, actor);
    const cursor = view && after ? readCursor(`tasks:${view}`, after, place) : null;
    const limit = view ? many : few;
    const lists = await Promise.all(
      sides
        .filter((side) => view === undefined || side === view)
        .map(async (side) => {
          const found = await work.page(side, cursor, limit + 1);
          const shown = found.slice(0, limit);
          const last = shown.at(-1);
          return {
            side,
            count: work.counts[side],
            tasks: worded(shown, locale),
            next: found.length > limit && last ? writeCursor(`tasks:${side}`, [...keyOf(last)]) : null,
          };
        }),
    );
    return { view: view ?? null, lists };
  },
);

const titles = { own: m.home_due, waiting: m.home_waiting, soon: m.home_soon };

export default function Tasks() {
  const { view, lists } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={m.home_tasks_title()} />
      {lists
        .filter(({ side, count }) => side === "own" || count > 0)
        .map(({ side, count, tasks, next }) => (
          <Section key={side} title={titles[side]()} note={count > 0 ? m.home_task_count({ n: count }) : undefined}>
            <TaskList tasks={tasks} label={titles[side]()} />
            {next ? (
              <p>
                <Link to={`/tasks?view=${side}${view ? `&after=${next}` : ""}`}>
                  {view ? m.home_task_more() : m.home_all_of({ n: count })}
                </Link>
              </p>
            ) : null}
          </Section>
        ))}
    </>
  );
}
