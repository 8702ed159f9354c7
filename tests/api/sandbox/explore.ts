import { verbs } from "#app/features/document/verbs.rules.ts";
import { transition } from "#app/features/document/transition.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { DocumentEventType } from "#workflows/index.ts";
import { stepWith } from "#workflows/index.ts";
import {
  type Answer,
  ask,
  byApi,
  byOverview,
  byPage,
  byProjectApi,
  type DocumentLine,
  type ListedEvent,
} from "./doors.ts";
import type { Sent } from "./doors.ts";
import { reword } from "./places.ts";
import { rowsFor } from "./rows.ts";
import type { Sandbox } from "./sandbox.ts";

/*
 * All that can be done to a document from where it stands, tried by everybody who may see it and taken back; then on from
 * there, by each event that somebody may send.
 */

interface Listed {
  actor: Actor;
  state: string;
  version: number;
  events: ListedEvent[];
  parts: { part: string; label: string }[];
}
interface Asked {
  document: DocumentLine;
  of: Listed;
  event: ListedEvent;
}
interface Place {
  who: readonly Actor[];
  /** Tells apart what the lists do not: the project's phase. */
  name: string;
  /** Tries what is listed also where the same list was tried of another document. */
  always?: boolean;
}

const codes = (reasons: unknown): string[] => ((reasons ?? []) as { code: string }[]).map((r) => r.code);
const filledIn = ({ needs }: Pick<ListedEvent, "needs">, { parts }: Pick<Listed, "parts">) => ({
  ...(needs.includes("reason") ? { reason: "请补充说明" } : {}),
  ...(needs.includes("result") ? { result: "normal" } : {}),
  ...(needs.includes("parts") ? { parts: [{ part: parts.at(0)?.part ?? "*", reason: "请补充说明" }] } : {}),
});
const everything = { needs: ["reason", "parts", "result"] };

export class Explorer {
  /** What is not as it is told, in words. */
  readonly faults: string[] = [];
  /** Events of documents by people: listed ones, and those that are not listed. */
  readonly tried = { listed: 0, unlisted: 0, unseen: 0, doors: 0 };
  /** `kind EVENT` of all that were accepted. */
  readonly accepted = new Set<string>();
  /** `kind state` of all places. */
  readonly states = new Set<string>();
  private readonly known = new Set<string>();

  constructor(
    private readonly sandbox: Sandbox,
    /** Who reads the trail of a tenant. */
    private readonly auditorOf: (tenantId: string) => Actor,
  ) {}

  async from(document: DocumentLine, place: Place, left: number): Promise<void> {
    const lists = await this.listsOf(document, place.who);
    const told = lists.map((l) => [l.actor.role, l.state, l.events.map((e) => [e.type, e.enabled, codes(e.reasons)])]);
    const key = JSON.stringify([place.name, document.kind, told]);
    const fresh = !this.known.has(key);
    this.known.add(key);
    this.states.add(`${document.kind} ${lists[0]?.state ?? ""}`);
    if (!fresh && !place.always) return;
    for (const of of lists) for (const event of of.events) await this.tryListed({ document, of, event });
    if (!fresh) return;
    for (const of of lists) await this.tryUnlisted(document, of);
    await this.goOn(document, lists, place, left);
  }

  private async listsOf(document: DocumentLine, who: readonly Actor[]): Promise<Listed[]> {
    const lists: Listed[] = [];
    for (const actor of who) {
      const { status, body } = await ask(this.sandbox, actor, "GET", `/documents/${document.id}/events`);
      if (status === 200) lists.push({ actor, ...(body as unknown as Omit<Listed, "actor">) });
      else await this.tryUnseen(document, actor, status);
    }
    return lists;
  }

  /** Whoever does not see a document is told so by both methods alike. */
  private async tryUnseen(document: DocumentLine, actor: Actor, listed: number): Promise<void> {
    this.tried.unseen += 1;
    const { status } = await byApi(this.sandbox, actor, document, { type: "APPROVE", expectedVersion: 0 });
    if (listed !== 404 || status !== (may(actor.role, "document.act") ? 404 : 403))
      this.faults.push(`${document.kind} is not seen by ${actor.role}: ${listed}, ${status}`);
  }

  private async tryListed(asked: Asked): Promise<void> {
    const { document, of, event } = asked;
    const name = `${document.kind} ${of.state}: ${event.type} by ${of.actor.role}`;
    const sent = { type: event.type, expectedVersion: of.version, ...filledIn(event, of) };
    const { status, body } = await this.sandbox.undone(async () => {
      const answer = await byApi(this.sandbox, of.actor, document, sent);
      // What a commit would say as well.
      if (answer.status === 200) await this.sandbox.settle();
      return answer;
    });
    this.tried.listed += 1;
    if (event.enabled) {
      this.accepted.add(`${document.kind} ${event.type}`);
      if (status !== 200 || (event.to !== null && body["state"] !== event.to))
        this.faults.push(`${name} is enabled: ${status} ${JSON.stringify(body).slice(0, 300)}`);
      return;
    }
    const [told, given] = [codes(event.reasons), codes(body["reasons"])];
    const held = told[0] === `error_${String(body["code"])}`;
    if (status === 200 || told.length === 0 || !(held || told.join() === given.join()))
      this.faults.push(`${name}: listed ${told.join()}, refused ${status} ${String(body["code"])} ${given.join()}`);
  }

  private async tryUnlisted(document: DocumentLine, of: Listed): Promise<void> {
    const listed = new Set(of.events.map((e) => e.type));
    // Handing in has two names, and the state says which is meant.
    const means = (type: string) => listed.has(type === "RESUBMIT" ? "SUBMIT" : type === "SUBMIT" ? "RESUBMIT" : type);
    for (const type of verbs.filter((verb) => !listed.has(verb) && !means(verb))) {
      // Once for each way of not being listed: by whom, of what, in which state.
      const way = [document.kind, of.state, of.actor.role, type].join(" ");
      if (this.known.has(way)) continue;
      this.known.add(way);
      const sent = { type, expectedVersion: of.version, ...filledIn(everything, of) };
      const { status } = await this.sandbox.undone(() => byApi(this.sandbox, of.actor, document, sent));
      this.tried.unlisted += 1;
      if (status < 400 || status >= 500)
        this.faults.push(`${document.kind} ${of.state}: ${type} is not listed for ${of.actor.role}: ${status}`);
    }
  }

  private async goOn(document: DocumentLine, lists: Listed[], place: Place, left: number): Promise<void> {
    const ways = new Map(
      lists.flatMap((of) => of.events.filter((e) => e.enabled).map((event) => [event.type, { of, event }] as const)),
    );
    const next = { who: place.who, name: place.name };
    for (const { of, event } of ways.values()) {
      const doors = await this.sameByAllDoors({ document, of, event }, place.who);
      if (left === 0) continue;
      // On by another door each time.
      const door = doors[(this.tried.doors + left) % doors.length];
      await this.sandbox.undone(async () => {
        await door?.send();
        await this.from(document, next, left - 1);
      });
    }
    const author = place.who.find((a) => a.role === (document.siteId === null ? "regulator" : "site_lead"));
    if (left === 0 || !author || !["approved", "returned"].includes(lists[0]?.state ?? "")) return;
    await this.sandbox.undone(async () => {
      await reword(this.sandbox, author, document, `改动 ${left}`);
      await this.from(document, next, left - 1);
    });
  }

  /** Sends one event by each door and takes it back: the same rows must stand, whoever looks. */
  private async sameByAllDoors(asked: Asked, who: readonly Actor[]) {
    const { document, of, event } = asked;
    const doors = await this.doorsFor(asked);
    const auditor = this.auditorOf((who.find((a) => a.level === "sector") ?? of.actor).tenantId);
    const lookers = [...new Map(who.map((a) => [a.level, a])).values(), auditor];
    let first: { name: string; rows: string[] } | null = null;
    for (const { name, send } of doors) {
      const { status, rows } = await this.sandbox.undone(async () => {
        const answer = await send();
        const seen: string[] = [];
        for (const actor of lookers) seen.push(JSON.stringify(await rowsFor(this.sandbox, actor, document.projectId)));
        return { status: answer.status, rows: seen };
      });
      this.tried.doors += 1;
      const where = `${document.kind} ${of.state}: ${event.type} by ${name}`;
      if (status >= 400) this.faults.push(`${where}: ${status}`);
      first ??= { name, rows };
      const other = rows.findIndex((one, n) => one !== first?.rows[n]);
      if (other >= 0)
        this.faults.push(
          `${where} leaves other rows than ${first.name}, seen by ${lookers[other]?.role ?? ""}: ${difference(first.rows[other] ?? "", rows[other] ?? "")}`,
        );
    }
    return doors;
  }

  private async doorsFor({ document, of, event }: Asked): Promise<{ name: string; send(): Promise<Answer> }[]> {
    const { actor, version: expectedVersion, state } = of;
    const { type } = event;
    const payload = filledIn(event, of);
    const sent: Sent = { type, expectedVersion, ...payload };
    const { sandbox } = this;
    const doors = [
      { name: "the document's endpoint", send: () => byApi(sandbox, actor, document, sent) },
      { name: "the document's page", send: () => byPage(sandbox, actor, document, sent) },
      {
        name: "a job",
        send: async () => {
          const move = { documentId: document.id, type, payload, locale: "zh-CN" } as const;
          await sandbox.as(actor, (tx) => transition(tx, actor, move));
          return { status: 200, body: {} };
        },
      },
    ];
    const step = stepWith(document.kind, type as DocumentEventType, state);
    const project = step && (await ask(sandbox, actor, "GET", `/projects/${document.projectId}`));
    const listed = (project?.body["events"] ?? []) as ListedEvent[];
    if (!step || !project || !listed.some((e) => e.type === step.project)) return doors;
    const whole: Sent = { ...payload, type: step.project, expectedVersion: Number(project.body["version"]) };
    if (!listed.some((e) => e.type === step.project && e.enabled))
      this.faults.push(`${document.kind} ${state}: ${type} is enabled, ${step.project} of its project is not`);
    return [
      ...doors,
      { name: "the project's endpoint", send: () => byProjectApi(sandbox, actor, document.projectId, whole) },
      { name: "the project's page", send: () => byOverview(sandbox, actor, document.projectId, whole) },
    ];
  }
}

/** The first place where two texts part, for whoever reads the fault. */
function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 120);
  return `\n  ${a.slice(from, at + 160)}\n  ${b.slice(from, at + 160)}`;
}
