import type { StateInfo } from "./types.ts";

/** `riskReport.inReview` → `risk_report_in_review`, `OPEN_SURVEY` → `open_survey`. */
export function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/\./g, "_")
    .toLowerCase();
}

/** Message key of a machine's name. */
export const machineKey = (machine: string): string => `wf_machine_${snake(machine)}`;
/** Message key of a state. @param path dotted: `riskReport.inReview`, or a phase alone */
export const stateKey = (machine: string, path: string): string => `wf_${snake(machine)}_state_${snake(path)}`;
const eventKey = (machine: string, type: string): string => `wf_${snake(machine)}_event_${snake(type)}`;

/** Message key of each event. */
export function eventKeys<T extends string>(machine: string, types: readonly T[]): Readonly<Record<string, string>> {
  return Object.fromEntries(types.map((type) => [type, eventKey(machine, type)]));
}

/** The leaves in reading order, with their keys; `off` lists those beside the main line. */
export function stateInfos(machine: string, paths: readonly string[], off: readonly string[]): readonly StateInfo[] {
  return paths.map((path, order) => {
    const dot = path.lastIndexOf(".");
    const group = dot < 0 ? null : path.slice(0, dot);
    return {
      path,
      order,
      main: !off.includes(path),
      labelKey: stateKey(machine, path),
      group,
      groupLabelKey: group === null ? null : stateKey(machine, group),
    };
  });
}
