import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { MachineId } from "#db/schema/index.ts";
import { type Instance, machineFor } from "./instance.server.ts";

/** A state in the reader's words, by the version of the machine that the instance is stored in. */
export const stateText = (i: Pick<Instance, "machine" | "version">, path: string, locale: Locale): string => {
  const found = machineFor(i.machine, i.version).states.find((s) => s.path === path);
  if (!found) return path;
  const own = translate(found.labelKey, {}, locale);
  return found.groupLabelKey ? `${translate(found.groupLabelKey, {}, locale)} · ${own}` : own;
};
/** The same by the newest version: «信息安全调研 · 填报中». */
export const stateLabel = (machine: MachineId, path: string, locale: Locale): string =>
  stateText({ machine, version: machineFor(machine).version }, path, locale);
/** An event in the reader's words: «提交审核». */
export const eventLabel = (machine: MachineId, type: string, locale: Locale): string =>
  translate(machineFor(machine).eventLabelKeys[type] ?? type, {}, locale);
