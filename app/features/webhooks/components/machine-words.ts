import { m } from "#app/i18n/paraglide/messages.js";

/** Machines as the log names them. */
export const machineWords = {
  project: m.audit_machine_project,
  pilot: m.audit_machine_pilot,
  document: m.audit_machine_document,
  specification: m.audit_machine_specification,
};
export const machineWord = (machine: string): string =>
  machine in machineWords ? machineWords[machine as keyof typeof machineWords]() : machine;
