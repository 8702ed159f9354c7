import type { ProjectPhases } from "../home.server.ts";
import { phasePage } from "#app/features/project/phase-page.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickCamel } from "#app/i18n/pick.ts";
import { Section } from "#app/ui/page.tsx";
import { phaseNote } from "#app/features/project/components/phases.tsx";
import { PhaseLine } from "#app/ui/work.tsx";
import type { Phase } from "#db/vocabulary.ts";

const word: Record<Phase, () => string> = {
  survey: m.home_phase_survey,
  riskReport: m.home_phase_riskReport,
  pilotPlan: m.home_phase_pilotPlan,
  batchOne: m.home_phase_batchOne,
  batchTwo: m.home_phase_batchTwo,
  specification: m.home_phase_specification,
};
/** One strip: the six phases of the sector's project. */
export function PhaseStrip({ standing }: { standing: ProjectPhases }) {
  return (
    <Section title={m.home_standing()} note={pickCamel(standing, "name")}>
      <PhaseLine
        label={m.home_standing()}
        phases={standing.steps.map((s) => ({
          key: s.phase,
          label: word[s.phase](),
          state: s.state,
          late: s.late,
          note: phaseNote(s),
          to: `/projects/${standing.projectId}/${phasePage(s.phase)}`,
        }))}
      />
    </Section>
  );
}
