import type { DeliveryError, WebhookScope } from "#db/schema/webhook.ts";

/*
 * Who is told, what, and when again. No clock and no chance of its own: both are handed in.
 */

/** What of an event a message is made of. */
export interface ToldEvent {
  tenantId: string;
  id: string;
  seq: number;
  machine: string;
  objectId: string;
  projectId: string | null;
  siteId: string | null;
  national: boolean;
  type: string;
  fromState: string;
  toState: string;
  at: Date;
}
export interface Listener {
  tenantId: string;
  siteId: string | null;
  scope: WebhookScope;
  state: string;
  /** Machines it wants to hear of; none: all. */
  events: readonly string[];
}

/** A sector hears its own events, a site those of the site alone, the national office its own and what was handed to it. */
export function hears(listener: Listener, event: ToldEvent): boolean {
  if (listener.state !== "active") return false;
  if (listener.events.length > 0 && !listener.events.includes(event.machine)) return false;
  const own = listener.tenantId === event.tenantId;
  if (listener.scope === "national") return own || event.national;
  if (listener.scope === "sector") return own;
  return own && listener.siteId !== null && listener.siteId === event.siteId;
}

/**
 * What is sent: that something moved, and where. No names, no reasons, no free text: who wants to know more asks the API
 * with its own token, and meets its own walls there.
 * @param id the same in every attempt, for the receiver to know a repeat by
 */
export function bodyOf(id: string, event: ToldEvent, timestamp: Date) {
  const { machine, objectId, projectId, type, fromState, toState, seq, at } = event;
  return {
    type: "workflow.transitioned",
    id,
    timestamp: timestamp.toISOString(),
    data: {
      machine,
      objectId,
      projectId,
      event: type,
      from: fromState,
      to: toState,
      version: seq,
      at: at.toISOString(),
    },
  } as const;
}
export const testBody = (id: string, timestamp: Date) =>
  ({ type: "webhook.test", id, timestamp: timestamp.toISOString(), data: {} }) as const;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** Rests between attempts, in ms; after the last of them comes one more attempt and then the end. */
export const retryAfter = [5 * second, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 12 * hour] as const;

/**
 * How long to rest before the next attempt, in ms; null when there is none.
 * @param attempts made so far, at least 1
 * @param chance from 0 to below 1: spreads what failed together over a fifth to either side
 */
export function restAfter(attempts: number, chance: number): number | null {
  const base = retryAfter[attempts - 1];
  return base === undefined ? null : Math.round(base * (0.8 + 0.4 * chance));
}

/** Nobody asks for a longer rest than the plan's own longest: a message would come when nobody waits for it any more. */
const longestRest = Math.max(...retryAfter);

/**
 * The rest that a receiver under load asks for, in ms, of `Retry-After` with 429 or 503 (RFC 9110, 10.2.3: seconds or a
 * date); null when it asks for none.
 */
export function askedRest(status: number, header: string | undefined, now: Date): number | null {
  if (header === undefined || (status !== 429 && status !== 503)) return null;
  const rest = /^\d+$/.test(header) ? Number(header) * second : Date.parse(header) - now.getTime();
  return Number.isNaN(rest) || rest <= 0 ? null : Math.min(rest, longestRest);
}

/** How an attempt ended. `restMs`: for how long the receiver asked to be left alone. */
export type Answer =
  | { status: number; restMs: number | null }
  | { error: Exclude<DeliveryError, "status" | "redirect" | "gone"> };
export type Verdict =
  | { kind: "delivered"; status: number }
  | { kind: "gone"; status: number; error: "gone" }
  | { kind: "failed"; status: number | null; error: DeliveryError; restMs: number | null };

/** 2xx arrived; 410 wants no more; redirects are not followed, since they could lead anywhere. */
export function judge(answer: Answer): Verdict {
  if ("error" in answer) return { kind: "failed", status: null, error: answer.error, restMs: null };
  const { status, restMs } = answer;
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  if (status === 410) return { kind: "gone", status, error: "gone" };
  return { kind: "failed", status, error: status >= 300 && status < 400 ? "redirect" : "status", restMs };
}

export type After = { state: "delivered" } | { state: "dead" } | { state: "waiting"; restMs: number };
/**
 * What becomes of a delivery. A test is tried once: whoever sent it stands waiting. What a receiver asks for makes a rest
 * longer, never shorter.
 */
export function after(
  verdict: Verdict,
  { attempts, kind, chance }: { attempts: number; kind: "test" | "event"; chance: number },
): After {
  if (verdict.kind === "delivered") return { state: "delivered" };
  if (verdict.kind === "gone" || kind === "test") return { state: "dead" };
  const planned = restAfter(attempts, chance);
  return planned === null ? { state: "dead" } : { state: "waiting", restMs: Math.max(planned, verdict.restMs ?? 0) };
}

/** Secrets a message is signed with: the present one, and the former for as long as it is honoured. */
export const signingSecrets = (
  e: { secret: string; previousSecret: string | null; previousUntil: Date | null },
  now: Date,
): string[] =>
  e.previousSecret !== null && e.previousUntil !== null && e.previousUntil > now
    ? [e.secret, e.previousSecret]
    : [e.secret];
