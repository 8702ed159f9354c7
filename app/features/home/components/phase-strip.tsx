import type { ProjectPhases } from "../home.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickCamel } from "#app/i18n/pick.ts";
import { Section } from "#app/ui/page.tsx";
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
const page: Record<Phase, string> = {
  survey: "survey",
  riskReport: "risk-report",
  pilotPlan: "pilot-plan",
  batchOne: "batches/1",
  batchTwo: "batches/2",
  specification: "specification",
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
          note: s.dueOn,
          to: `/projects/${standing.projectId}/${page[s.phase]}`,
        }))}
      />
    </Section>
  );
}
