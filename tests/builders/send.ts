import {
  transition,
  type Transition,
  transitionOfProject,
  type Transitioned,
} from "#app/features/document/transition.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { DocumentKind } from "#db/vocabulary.ts";
import type { World } from "./world.ts";

/* Events to documents as pages and programs send them, each in a transaction of its own. */

const locale = "zh-CN" as const;

/** Sends an event to a document. */
export const send = (
  w: World,
  actor: Actor,
  documentId: string,
  type: string,
  payload: Transition["payload"] = {},
): Promise<Transitioned> => w.as(actor, (tx) => transition(tx, actor, { documentId, type, payload, locale }));

/** Sends an event to the one document of a kind that a project has; SUBMIT begins it where there is none. */
export const sendOf = (
  w: World,
  actor: Actor,
  document: { projectId: string; kind: DocumentKind },
  type: string,
  payload: Transition["payload"] = {},
): Promise<Transitioned> => w.as(actor, (tx) => transitionOfProject(tx, actor, { ...document, type, payload, locale }));
