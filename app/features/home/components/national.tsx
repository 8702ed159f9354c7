import { Link } from "@remix-run/react";
import { daysFrom } from "#app/platform/days.ts";
import { BurnUp } from "#app/features/national/components/burn-up.tsx";
import { Matrix } from "#app/features/national/components/matrix.tsx";
import type { ReactNode } from "react";
import type { WordedHome } from "../home.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { DueMark } from "#app/ui/marks.tsx";
import { KeyValue, Section, Split } from "#app/ui/page.tsx";

type Extras = Extract<WordedHome["extras"], { kind: "national" }>;

/** National office: sectors by phase, the milestones that come next with the burn-up; beside them comments open and settled, and what changed. */
export function NationalExtras({ extras, changed }: { extras: Extras; changed: ReactNode }) {
  const { overview, plan } = extras;
  const open = plan?.tasks.flatMap((t) => t.milestones).filter((x) => x.doneOn === null) ?? [];
  const next = [...open].sort((a, b) => a.dueOn.localeCompare(b.dueOn)).slice(0, 5);
  const settled =
    (extras.comments["adopted"] ?? 0) + (extras.comments["partly"] ?? 0) + (extras.comments["refused"] ?? 0);
  return (
    <>
      {overview ? (
        <Section
          title={m.national_matrix()}
          note={m.national_matrix_note()}
          acts={<Link to="/national">{m.identity_place_national()}</Link>}
        >
          <Matrix view={overview} />
        </Section>
      ) : null}
      {plan ? (
        <Split
          side={
            <>
              <Section title={m.home_comments()}>
                <KeyValue
                  items={[
                    { key: m.home_comments_open(), value: String(extras.comments["open"] ?? 0) },
                    { key: m.home_comments_settled(), value: String(settled) },
                  ]}
                />
              </Section>
              {changed}
            </>
          }
        >
          <Section
            title={m.home_milestones({ done: plan.done, total: plan.total })}
            acts={<Link to="/action-plan">{m.identity_place_action_plan()}</Link>}
          >
            <DataTable
              plain
              caption={m.home_milestones({ done: plan.done, total: plan.total })}
              rows={next}
              rowKey={(x) => x.id}
              empty={m.home_due_none()}
              columns={[
                {
                  key: "title",
                  head: m.home_subject(),
                  rowHead: true,
                  cell: (x) => <Link to={`/action-plan#${x.id}`}>{pick(x.title)}</Link>,
                },
                {
                  key: "due",
                  head: m.home_due_on(),
                  cell: (x) => <DueMark days={daysFrom(plan.today, x.dueOn)} soon={60} />,
                },
              ]}
            />
            <div className="mt-6">
              <BurnUp plan={plan} />
            </div>
          </Section>
        </Split>
      ) : (
        changed
      )}
    </>
  );
}
