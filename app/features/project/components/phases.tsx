import { Link } from "@remix-run/react";
import { phasePage } from "#app/features/project/phase-page.ts";
import type { ProjectHead } from "../project.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { PhaseLine } from "#app/ui/work.tsx";
import type { Phase } from "#db/vocabulary.ts";

/** What each level finds on the pages of the phases; a phase it may not read is shown without a way in. */
const readable: Readonly<Record<string, readonly Phase[]>> = {
  site: ["survey", "pilotPlan", "batchOne", "batchTwo"],
  sector: ["survey", "riskReport", "pilotPlan", "batchOne", "batchTwo", "specification"],
  national: ["riskReport", "pilotPlan", "batchOne", "batchTwo", "specification"],
};

/** What stands under a phase's name: that the project passed it by, else its day. */
export const phaseNote = ({ skipped, day }: { skipped: boolean; day: string | null }): string | undefined =>
  skipped ? m.project_skipped() : (day ?? undefined);

/** The line of phases as navigation: done, now, to come, late; drawn from the machine's own picture. */
export function PhaseTabs({ head, level, pathname }: { head: ProjectHead; level: string; pathname: string }) {
  const root = `/projects/${head.id}`;
  const ways = readable[level] ?? [];
  const overview = pathname === root || pathname === `${root}/`;
  return (
    <nav aria-label={m.project_tabs()} className="mb-4">
      {overview ? null : (
        <p className="ui-hint mb-2">
          <Link to={root}>{head.name}</Link> · {head.stateLabel}
        </p>
      )}
      {/* on a phone the line would push the page itself out of sight; the overview still has it */}
      <div className={overview ? "" : "hidden sm:block"}>
        <PhaseLine
          label={m.project_phases()}
          phases={head.phases.map((p) => ({
            key: p.key,
            label: p.label,
            state: p.state,
            late: p.late,
            note: phaseNote(p),
            ...(ways.includes(p.key) ? { to: `${root}/${phasePage(p.key)}` } : {}),
          }))}
        />
      </div>
    </nav>
  );
}
