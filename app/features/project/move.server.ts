import { transitionOfProject } from "#app/features/document/transition.server.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { type Fired, fire } from "#app/features/workflow/workflow.server.ts";
import { loadInstance } from "#app/features/workflow/instance.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { type DocumentStep, type ProjectEventType, stepOfProject } from "#workflows/index.ts";
import { projectFacts } from "./facts.server.ts";
import { loadProject, type ProjectRow } from "./project.server.ts";

/*
 * The one door for every event of a project. A phase that ends in a document moves with it, whichever of the two is acted
 * on; what an event entails happens behind it, whoever sends it.
 */

export interface ProjectMove {
  projectId: string;
  /** An event of the project's machine. */
  type: string;
  payload?: Record<string, unknown>;
  /** Version the person saw; undefined where nobody looked at a page before. */
  expectedVersion?: number | undefined;
  locale: Locale;
}

/** What an event of a project brings about in the rooms above. */
type Entailed = (tx: Tx, actor: Actor, project: ProjectRow) => Promise<unknown>;
export type Entailments = Readonly<Partial<Record<ProjectEventType, Entailed>>>;

let entailments: Entailments | null = null;
/** Called once, where the program begins: a project knows no feature that lives in it (`app/declarations.server.ts`). */
export function declareEntailments(declared: Entailments): void {
  entailments = declared;
}
function entailedBy(type: string): Entailed | undefined {
  if (!entailments)
    throw new Error("nothing was declared: call declareAll (app/declarations.server.ts) where the program begins");
  return Object.entries(entailments).find(([name]) => name === type)?.[1];
}

/**
 * Sends one event to a project with the facts as they are now, and takes the document of its phase along.
 * @throws notFound; conflict `stale_version`; `workflow_refused` with the reasons in words
 */
export async function transitionProject(tx: Tx, actor: Actor, move: ProjectMove): Promise<Fired> {
  const step = stepOfProject(move.type);
  if (step) return withDocument(tx, actor, step, move);
  const project = await loadProject(tx, move.projectId);
  const facts = await projectFacts(tx, actor, project);
  const { type, payload = {}, expectedVersion } = move;
  const fired = await fire(tx, actor, { objectId: project.id, type, payload, facts, expectedVersion }, move.locale);
  await entailedBy(type)?.(tx, actor, project);
  return fired;
}

async function withDocument(tx: Tx, actor: Actor, step: DocumentStep, move: ProjectMove): Promise<Fired> {
  const { projectId, type, payload, expectedVersion, locale } = move;
  const whole = await loadInstance(tx, projectId);
  const listed = eventOptions(whole, actor, {}, locale).some((act) => act.type === type);
  const refused = { objectId: projectId, type, facts: {}, expectedVersion };
  // Whose turn it is, and from which version, the project says as for any event of its own.
  if (!listed || (expectedVersion !== undefined && expectedVersion !== whole.lockVersion))
    return fire(tx, actor, refused, locale);
  const done = await transitionOfProject(tx, actor, {
    projectId,
    kind: step.kind,
    type: step.event,
    ...(payload ? { payload } : {}),
    projectVersion: expectedVersion,
    locale,
  });
  // The document was approved before and moved alone: its project is past this step, and says so.
  return done.project ?? fire(tx, actor, refused, locale);
}
