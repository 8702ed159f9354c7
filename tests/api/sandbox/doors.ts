import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { ActionFunctionArgs } from "@remix-run/node";
import { apiApp } from "#app/api.server.ts";
import { batchAction } from "#app/features/pilots/batch.actions.server.ts";
import { pilotAction } from "#app/features/pilots/pilot.actions.server.ts";
import { planAction } from "#app/features/plan/plan.actions.server.ts";
import { action as overviewAction } from "#app/features/project/routes/overview.tsx";
import { riskAction } from "#app/features/risk/risk.actions.server.ts";
import { sectorDraftAction } from "#app/features/specification/draft.actions.server.ts";
import { action as responseAction } from "#app/features/survey/routes/response.tsx";
import type { DocumentKind } from "#db/vocabulary.ts";
import { systemClock } from "#app/platform/clock.ts";
import { metrics } from "#app/platform/metrics.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import type { ApiEnv } from "#app/request/api.server.ts";
import { type Database, withActor } from "#db/client.server.ts";
import type { Sandbox } from "./sandbox.ts";

/* The ways in of the product, driven without a network: endpoints by their Hono application, pages by their actions. */

export interface DocumentLine {
  id: string;
  kind: DocumentKind;
  projectId: string;
  siteId: string | null;
  pilotId: string | null;
  period: string;
  state: string;
}
export interface ListedEvent {
  type: string;
  enabled: boolean;
  reasons: { code: string; text: string }[];
  needs: string[];
  sealing: boolean;
  to: string | null;
}
export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {}, fatal() {}, trace() {} };
const origin = "http://127.0.0.1";

/** A request by somebody, over whatever database; whoever asks has just proved who they are. */
export function contextOf(db: Database, actor: Actor): RequestContext {
  const person = {
    secret: actor.secret,
    userId: actor.userId,
    email: actor.email,
    name: actor.name,
    sessionId: "",
    expiresAt: new Date(Date.now() + 3_600_000),
    // Somebody who sits there has no scopes.
    actor: { ...actor, scopes: null },
  };
  return {
    env: { https: false },
    log: silent,
    clock: systemClock,
    // Proved just now, where a page asks.
    db: { ...db, auth: async () => [{ fresh: true }] },
    metrics,
    rates: {},
    sessions: { secretFrom: () => actor.secret, find: async () => person, findToken: async () => actor },
    refusals: { each: async () => true },
    requestId: randomUUID(),
    nonce: "",
    clientIp: "127.0.0.1",
    scope: {
      reading: (caller: Actor, work: Parameters<typeof withActor>[2]) => withActor(db.read, caller, work),
      end: async () => undefined,
    },
    limit: async () => undefined,
    limited: [],
    route: "",
    report: () => undefined,
  } as unknown as RequestContext;
}

export async function ask(
  sandbox: Sandbox,
  actor: Actor,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const app = new Hono<ApiEnv>();
  app.use(async (c, next) => {
    c.set("context", contextOf(sandbox.db, actor));
    await next();
  });
  app.route("/", apiApp);
  const response = await app.request(`${origin}/api/v1${path}`, {
    method,
    headers: { authorization: "Bearer ans_x", ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

type Payload = { reason?: string; result?: string; parts?: { part: string; reason: string }[] };
export interface Sent extends Payload {
  type: string;
  expectedVersion?: number;
}

const flat = ({ parts = [], ...rest }: Sent): [string, string][] => [
  ...Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
  ...parts.flatMap((p, n): [string, string][] => [
    [`parts[${n}].part`, p.part],
    [`parts[${n}].reason`, p.reason],
  ]),
];

interface Page {
  path: string;
  params: Record<string, string>;
  intent: string;
  action(args: ActionFunctionArgs): Promise<Response>;
  more?: [string, string][];
}
const documentId = (d: DocumentLine): [string, string][] => [["documentId", d.id]];
/** Where a person sends the events of a document. */
const pageOf: Readonly<Record<DocumentKind, (d: DocumentLine) => Page>> = {
  surveyResponse: (d) => ({
    path: `/projects/${d.projectId}/survey/${d.id}`,
    params: { projectId: d.projectId, documentId: d.id },
    intent: "act",
    action: responseAction,
  }),
  riskReport: (d) => ({
    path: `/projects/${d.projectId}/risk-report`,
    params: { projectId: d.projectId },
    intent: "act",
    action: riskAction,
  }),
  pilotPlan: (d) => ({
    path: `/projects/${d.projectId}/pilot-plan`,
    params: { projectId: d.projectId },
    intent: "act",
    action: planAction,
  }),
  progressReport: (d) => ({
    path: `/pilots/${d.pilotId}`,
    params: { pilotId: d.pilotId ?? "" },
    intent: "reportAct",
    action: pilotAction,
    more: documentId(d),
  }),
  batchReview: (d) => ({
    path: `/projects/${d.projectId}/batches/${d.period}`,
    params: { projectId: d.projectId, batchNo: d.period },
    intent: "reviewAct",
    action: batchAction,
    more: documentId(d),
  }),
  specDraft: (d) => ({
    path: `/projects/${d.projectId}/specification`,
    params: { projectId: d.projectId },
    intent: "act",
    action: sectorDraftAction,
  }),
};

async function post(sandbox: Sandbox, actor: Actor, page: Page, sent: Sent): Promise<Answer> {
  const request = new Request(`${origin}${page.path}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams([["intent", page.intent], ...(page.more ?? []), ...flat(sent)]),
  });
  const context = contextOf(sandbox.db, actor);
  try {
    const response = await page.action({ request, params: page.params, context });
    const text = await response.text();
    const body = text.startsWith("{") ? (JSON.parse(text) as Answer["body"]) : { text };
    return { status: response.status, body };
  } catch (thrown) {
    if (!(thrown instanceof Response)) throw thrown;
    return { status: thrown.status, body: { code: (await thrown.text()).slice(0, 300) } };
  }
}

/** By the page of the document. */
export const byPage = (sandbox: Sandbox, actor: Actor, document: DocumentLine, sent: Sent): Promise<Answer> =>
  post(sandbox, actor, pageOf[document.kind](document), sent);

/** By the document's endpoint. */
export const byApi = (sandbox: Sandbox, actor: Actor, document: DocumentLine, sent: Sent): Promise<Answer> =>
  ask(sandbox, actor, "POST", `/documents/${document.id}/events`, sent);

/** By the project's own page: `sent.type` is an event of the project. */
export const byOverview = (sandbox: Sandbox, actor: Actor, projectId: string, sent: Sent): Promise<Answer> =>
  post(
    sandbox,
    actor,
    { path: `/projects/${projectId}`, params: { projectId }, intent: "act", action: overviewAction },
    sent,
  );

/** By the project's endpoint. */
export const byProjectApi = (sandbox: Sandbox, actor: Actor, projectId: string, sent: Sent): Promise<Answer> =>
  ask(sandbox, actor, "POST", `/projects/${projectId}/events`, sent);
