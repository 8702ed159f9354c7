import { Link } from "@remix-run/react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Badge, StatusMark } from "#app/ui/marks.tsx";
import { None } from "#app/ui/page.tsx";
import type { NationalView } from "../national.view.server.ts";

type Cell = NationalView["sectors"][number]["cells"][number];
const shapes = {
  done: "done",
  doneLate: "done",
  skipped: "off",
  now: "running",
  dueSoon: "due",
  late: "late",
  ahead: "draft",
  suspended: "waiting",
  terminated: "off",
} as const;

function PhaseCell({ cell }: { cell: Cell }) {
  const days = cell.daysLate ?? 0;
  const note =
    cell.status === "late"
      ? m.national_days_over({ days })
      : cell.status === "doneLate"
        ? m.national_days_late({ days })
        : cell.status === "dueSoon"
          ? m.national_days_left({ days: -days })
          : null;
  return (
    <td
      className={
        cell.status === "late"
          ? "bg-late-soft"
          : cell.status === "now" || cell.status === "dueSoon"
            ? "bg-accent-soft"
            : ""
      }
    >
      <StatusMark status={shapes[cell.status]}>{cell.word}</StatusMark>
      <div className="whitespace-nowrap text-12 tabular-nums text-ink-3">
        {cell.day && cell.status !== "skipped" ? cell.day : <None />}
      </div>
      {note ? <div className="text-12">{note}</div> : null}
    </td>
  );
}

/** Sectors × phases: each cell a state by shape and word, its day, and how late it is. */
export function Matrix({ view }: { view: NationalView }) {
  return (
    <div className="ui-scroll" role="region" tabIndex={0} aria-label={m.national_matrix()}>
      <table className="ui-table">
        <caption className="ui-sr">{m.national_matrix()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.national_sector()}</th>
            {view.phases.map((p) => (
              <th key={p.key} scope="col">
                {p.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.sectors.map((s) => (
            <tr key={s.id}>
              <th scope="row" className="min-w-32">
                {s.projectId ? <Link to={`/projects/${s.projectId}`}>{s.name}</Link> : s.name}{" "}
                {s.priority ? <Badge>{m.national_priority()}</Badge> : null}
                <div className="text-12 font-normal text-ink-3">{s.stateLabel ?? m.national_no_project()}</div>
              </th>
              {s.projectId
                ? s.cells.map((c) => <PhaseCell key={c.phase} cell={c} />)
                : view.phases.map((p) => (
                    <td key={p.key}>
                      <None />
                    </td>
                  ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
