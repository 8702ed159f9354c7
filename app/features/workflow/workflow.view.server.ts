import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { available, type AvailableEvent, diagram } from "#workflows/index.ts";
import { asWorkflowActor, type Instance, machineFor, toStored } from "./instance.server.ts";
import { eventLabel, stateText } from "./labels.server.ts";
import { tokenRefusal } from "./refusal.server.ts";

/** An act as the interface shows it: possible, or disabled with its reasons in words. */
export interface EventOption {
  type: string;
  label: string;
  enabled: boolean;
  reasons: { code: string; text: string }[];
  needs: readonly string[];
  sealing: boolean;
  destructive: boolean;
  to: string | null;
  toLabel: string | null;
}

/** What this caller may do with an object now. `facts` as for `fire`. */
export function eventOptions(
  instance: Pick<Instance, "machine" | "version" | "state" | "snapshot">,
  actor: Actor,
  facts: object,
  locale: Locale,
): EventOption[] {
  const def = machineFor(instance.machine, instance.version);
  return available(def, toStored(instance), asWorkflowActor(actor), facts).map((e: AvailableEvent) => {
    const held = tokenRefusal(actor, instance.machine, e.type);
    const reasons = [...(held ? [{ code: `error_${held}` }] : []), ...e.reasons];
    return {
      type: e.type,
      label: translate(e.labelKey, {}, locale),
      enabled: e.enabled && held === null,
      reasons: reasons.map((r) => ({ code: r.code, text: translate(r.code, r.params ?? {}, locale) })),
      needs: e.needs,
      sealing: e.sealing,
      destructive: e.destructive,
      to: e.to ?? null,
      toLabel: e.to ? stateText(instance, e.to, locale) : null,
    };
  });
}

/** The machine as a picture with the present state lit, labels in words. */
export function diagramOf(instance: Pick<Instance, "machine" | "version" | "state" | "snapshot">, locale: Locale) {
  const picture = diagram(machineFor(instance.machine, instance.version), toStored(instance));
  return {
    ...picture,
    nodes: picture.nodes.map((n) => ({ ...n, label: translate(n.labelKey, {}, locale) })),
    groups: picture.groups.map((g) => ({ ...g, label: translate(g.labelKey, {}, locale) })),
    edges: picture.edges.map((e) => ({ ...e, label: eventLabel(instance.machine, e.event, locale) })),
  };
}
