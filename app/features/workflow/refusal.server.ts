import { and, asc, eq, gt } from "drizzle-orm";
import { joinList } from "#app/i18n/pick.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { AppError, conflict } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { type MachineId, workflowEvents } from "#db/schema/index.ts";
import { isIrreversible } from "#workflows/index.ts";
import type { Instance } from "./instance.server.ts";
import { eventLabel, stateText } from "./labels.server.ts";

/* Why an event is not taken, as errors that carry the reasons, the present state and the version. */

/** Why an API token may not send what its owner's role may: a token cannot prove who sits there, so its owner did when they made it one that may seal. */
export function tokenRefusal(
  { scopes }: Actor,
  machine: MachineId,
  type: string,
): "token_may_not_change" | "token_may_not_seal" | null {
  if (!scopes || scopes.includes("seal")) return null;
  if (!scopes.includes("write")) return "token_may_not_change";
  return isIrreversible(machine, type) ? "token_may_not_seal" : null;
}

/** The machine says no: 403 where the role may never, 422 with the reasons of the guard otherwise. */
export function refusal(
  kind: string,
  reasons: readonly { code: string; params?: Readonly<Record<string, string | number>> }[],
  instance: Instance,
  locale: Locale,
): AppError {
  const texts = reasons.map((r) => translate(r.code, r.params ?? {}, locale));
  return new AppError("workflow_refused", kind === "role_not_allowed" ? 403 : 422, `${instance.machine}: ${kind}`, {
    params: { reasons: joinList(texts, locale, "clauses") },
    extra: {
      kind,
      reasons: reasons.map((r, i) => ({ code: r.code, params: r.params ?? {}, message: texts[i] ?? "" })),
      state: instance.state,
      version: instance.lockVersion,
    },
  });
}

/** Somebody was quicker: the present state, and what was done since the version that the person saw. */
export async function stale(tx: Tx, instance: Instance, seen: number, locale: Locale): Promise<AppError> {
  const since = await tx
    .select({
      type: workflowEvents.type,
      to: workflowEvents.toState,
      actorName: workflowEvents.actorName,
      at: workflowEvents.at,
      reason: workflowEvents.reason,
    })
    .from(workflowEvents)
    .where(
      and(
        eq(workflowEvents.tenantId, instance.tenantId),
        eq(workflowEvents.instanceId, instance.id),
        gt(workflowEvents.seq, seen),
      ),
    )
    .orderBy(asc(workflowEvents.seq))
    .limit(20);
  return conflict({
    code: "stale_version",
    params: { state: stateText(instance, instance.state, locale) },
    extra: {
      state: instance.state,
      version: instance.lockVersion,
      since: since.map((e) => ({
        ...e,
        label: eventLabel(instance.machine, e.type, locale),
        toLabel: stateText(instance, e.to, locale),
      })),
    },
  });
}

/** Refuses as the machine would, for reasons that are in the reader's language already. */
export const refusedFor = (
  instance: Instance,
  reasons: readonly { code: string; text: string }[],
  locale: Locale,
): AppError =>
  new AppError("workflow_refused", 422, `${instance.machine}: guard`, {
    params: {
      reasons: joinList(
        reasons.map((r) => r.text),
        locale,
        "clauses",
      ),
    },
    extra: {
      kind: "guard",
      reasons: reasons.map((r) => ({ code: r.code, params: {}, message: r.text })),
      state: instance.state,
      version: instance.lockVersion,
    },
  });
