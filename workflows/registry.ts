import { documentV1 } from "./document/v1.ts";
import { pilotV1 } from "./pilot/v1.ts";
import { pilotV2 } from "./pilot/v2.ts";
import { pilotV3 } from "./pilot/v3.ts";
import { projectV1 } from "./project/v1.ts";
import { projectV2 } from "./project/v2.ts";
import { projectV3 } from "./project/v3.ts";
import { specificationV1 } from "./specification/v1.ts";
import { specificationV2 } from "./specification/v2.ts";
import type { MachineDefinition } from "./types.ts";

/** Every version of every machine that an instance may be stored in. A version is never changed once in use. */
export const machines = {
  "project@1": projectV1,
  "project@2": projectV2,
  "project@3": projectV3,
  "pilot@1": pilotV1,
  "pilot@2": pilotV2,
  "pilot@3": pilotV3,
  "document@1": documentV1,
  "specification@1": specificationV1,
  "specification@2": specificationV2,
} as const;
type MachineKey = keyof typeof machines;

/** The version in which new instances are started. */
export const current = {
  project: projectV3,
  pilot: pilotV3,
  document: documentV1,
  specification: specificationV2,
} as const;
export type MachineId = keyof typeof current;

function isKey(key: string): key is MachineKey {
  return Object.hasOwn(machines, key);
}

/** Whether an event fixes something for good; unknown ones fix nothing. */
export function isIrreversible(id: MachineId, type: string): boolean {
  const { events } = current[id] as unknown as MachineDefinition;
  return Object.hasOwn(events, type) && events[type]?.sealing === true;
}

/** The definition for a stored id and version, or null when there is none. Facts and context are untyped here. */
export function machineOf(id: string, version: number): MachineDefinition | null {
  const key = `${id}@${version}`;
  return isKey(key) ? (machines[key] as unknown as MachineDefinition) : null;
}
