import { asc, eq } from "drizzle-orm";
import { daysFrom } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { type EventOption, eventOptions, diagramOf } from "#app/features/workflow/workflow.view.server.ts";
import { type HistoryEntry, history } from "#app/features/workflow/history.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { pickCamel } from "#app/i18n/pick.ts";
import type { Tx } from "#db/client.server.ts";
import { projects, tenants } from "#db/schema/index.ts";
import type { Phase } from "#db/vocabulary.ts";
import { projectFacts } from "./facts.server.ts";
import { withDocuments } from "#app/features/document/standing.server.ts";
import { isDocumentEvent } from "#workflows/index.ts";
import { type PhaseStep, phaseSteps } from "./phases.server.ts";
import { phaseOf, type Place, projectChecklist } from "./project.rules.ts";
import { snake } from "#workflows/labels.ts";
import { loadProject, type ProjectRow } from "./project.server.ts";

export interface ProjectLine {
  id: string;
  code: string;
  name: string;
  sector: string;
  priority: boolean;
  state: string;
  stateLabel: string;
  phase: Phase | null;
  dueOn: string | null;
  /** Days past the planned end of the present phase; negative while there is time. */
  daysLate: number | null;
}

/** Every project the caller may see: one for a sector and its sites, all of them for the national office. */
export async function listProjects(tx: Tx, actor: Actor, locale: Locale): Promise<ProjectLine[]> {
  const rows = await tx
    .select({ project: projects, nameZh: tenants.nameZh, nameEn: tenants.nameEn, priority: tenants.priority })
    .from(projects)
    .innerJoin(tenants, eq(tenants.id, projects.tenantId))
    .where(actor.level === "national" ? undefined : eq(projects.tenantId, actor.tenantId))
    .orderBy(asc(projects.code), asc(projects.id));
  const day = today(actor);
  return rows.map(({ project: p, priority, ...sector }) => {
    const phase = phaseOf(p.state);
    const dueOn = phase ? p.dueOn[phase] : null;
    return {
      id: p.id,
      code: p.code,
      name: pickCamel(p, "name", locale),
      sector: pickCamel(sector, "name", locale),
      priority,
      state: p.state,
      stateLabel: stateLabel("project", p.state, locale),
      phase,
      dueOn,
      daysLate: dueOn ? daysFrom(dueOn, day) : null,
    };
  });
}

interface HeadStep extends Omit<PhaseStep, "phase"> {
  key: Phase;
  label: string;
}
export interface ProjectHead {
  id: string;
  code: string;
  name: string;
  sector: string;
  state: string;
  stateLabel: string;
  version: number;
  phases: HeadStep[];
  phase: Phase | null;
}

/** Head of every page of a project: its six phases as the machine has them, with what is late. */
export async function projectHead(tx: Tx, actor: Actor, projectId: string, locale: Locale): Promise<ProjectHead> {
  const [project, instance] = await Promise.all([loadProject(tx, projectId), loadInstance(tx, projectId)]);
  const [sectors, steps] = await Promise.all([
    tx.select().from(tenants).where(eq(tenants.id, project.tenantId)),
    phaseSteps(tx, actor, project, instance),
  ]);
  return {
    id: project.id,
    code: project.code,
    name: pickCamel(project, "name", locale),
    sector: sectors[0] ? pickCamel(sectors[0], "name", locale) : "",
    state: project.state,
    stateLabel: stateLabel("project", project.state, locale),
    version: instance.lockVersion,
    phases: steps.map(({ phase, ...step }) => ({
      key: phase,
      label: translate(`wf_project_state_${snake(phase)}`, {}, locale),
      ...step,
    })),
    phase: phaseOf(project.state),
  };
}

/** Address of a place; the one path builder of the project's pages. */
const addressOf = ({ path, query, fragment }: Place): string => {
  const search = query ? `?${new URLSearchParams(query).toString()}` : "";
  return `/${path.map(encodeURIComponent).join("/")}${search}${fragment ? `#${fragment}` : ""}`;
};

interface CheckLine {
  key: string;
  label: string;
  done: boolean;
  to: string;
}
export interface ProjectOverview {
  project: Pick<ProjectRow, "id" | "dueOn" | "responseThresholdBp" | "securityShareBp">;
  version: number;
  state: string;
  phase: Phase | null;
  checklist: CheckLine[];
  acts: EventOption[];
  /** Acts of the present phase that stand on the page of its document. */
  elsewhere: EventOption[];
  diagram: ReturnType<typeof diagramOf>;
  history: HistoryEntry[];
  next: number | null;
}

/** What the project is waiting for, what may be done, how it came here. */
export async function projectOverview(
  tx: Tx,
  actor: Actor,
  projectId: string,
  { locale, before }: { locale: Locale; before?: number | undefined },
): Promise<ProjectOverview> {
  const [project, instance, past] = await Promise.all([
    loadProject(tx, projectId),
    loadInstance(tx, projectId),
    history(tx, { objectId: projectId, before, limit: 8 }, locale),
  ]);
  const facts = await projectFacts(tx, actor, project);
  // What the caller's level cannot know it is not asked to act on.
  const all = await withDocuments(tx, actor, project.id, eventOptions(instance, actor, facts, locale), locale);
  const acts = all.filter((a) => !a.reasons.some((r) => r.code === "reason_fact_missing"));
  return {
    project: {
      id: project.id,
      dueOn: project.dueOn,
      responseThresholdBp: project.responseThresholdBp,
      securityShareBp: project.securityShareBp,
    },
    version: instance.lockVersion,
    state: project.state,
    phase: phaseOf(project.state),
    checklist: projectChecklist(project.id, project.state, facts).map((item) => ({
      key: item.key,
      label: translate(item.key, item.params, locale),
      done: item.done,
      to: addressOf(item.place),
    })),
    acts: acts.filter((a) => !isDocumentEvent(a.type)),
    elsewhere: acts.filter((a) => isDocumentEvent(a.type)),
    diagram: diagramOf(instance, locale),
    history: past.entries,
    next: past.next,
  };
}
