import type { CellValue } from "hucre/xlsx";
import { objectKinds, type ObjectKind, type Reach } from "#app/request/permissions.ts";
import { roleNameIn } from "#app/domain/role-name.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { workbook } from "#app/platform/workbook.server.ts";
import { memberRoles } from "#db/roles.ts";
import { current } from "#workflows/registry.ts";
import { snake } from "#workflows/labels.ts";
import { cell, type Filter, filtered, type Line, lines, machineOfKind } from "./table.rules.ts";

const kindWord = (of: ObjectKind, locale: Locale): string => translate(`permissions_of_${snake(of)}`, {}, locale);
const reachWord = (reach: Reach, locale: Locale): string => translate(`permissions_reach_${reach}`, {}, locale);

function actWord({ does }: Line, locale: Locale): string {
  return "permission" in does
    ? translate(`permissions_act_${snake(does.permission)}`, {}, locale)
    : eventLabel(does.machine, does.event, locale);
}
function stateWords({ of, states }: Line, locale: Locale): string[] | null {
  const machine = machineOfKind(of);
  if (states === null || !machine) return null;
  return states.map((state) => stateLabel(machine, state, locale));
}

const worded = (line: Line, locale: Locale) => ({
  key: line.key,
  of: line.of,
  object: kindWord(line.of, locale),
  act: actWord(line, locale),
  states: stateWords(line, locale),
  seals: line.seals,
  /** By role, in the order of `roles`: whose objects, or null. */
  whose: memberRoles.map((role) => {
    const reach = cell(line, role);
    return reach === null ? null : { reach, word: reachWord(reach, locale) };
  }),
});
export type WordedLine = ReturnType<typeof worded>;

const byOrder = (of: ObjectKind | undefined) => {
  const machine = of ? machineOfKind(of) : null;
  return machine
    ? current[machine].states
        .map((s) => s.path)
        .filter((path) => lines.some((l) => l.of === of && l.states?.includes(path)))
    : [];
};

/** The table in the reader's words, with what it can be filtered by. A state that the object does not have filters nothing. */
export function permissionsView(filter: Filter, locale: Locale) {
  const states = byOrder(filter.of);
  const state = filter.state !== undefined && states.includes(filter.state) ? filter.state : undefined;
  const machine = filter.of ? machineOfKind(filter.of) : null;
  return {
    filter: { ...filter, state },
    roles: memberRoles.map((value) => ({ value, label: roleNameIn(value, locale) })),
    kinds: objectKinds.map((value) => ({ value, label: kindWord(value, locale) })),
    states: machine ? states.map((value) => ({ value, label: stateLabel(machine, value, locale) })) : [],
    lines: filtered({ ...filter, state }).map((line) => worded(line, locale)),
    total: lines.length,
  };
}

/** The whole table as a workbook: a row an action, a column a role. */
export function permissionsWorkbook(locale: Locale): Promise<Uint8Array> {
  const o = { locale };
  const title = m.permissions_title({}, o);
  const rows = lines
    .map((line) => worded(line, locale))
    .map((l): CellValue[] => [
      l.object,
      l.act,
      l.states?.join(m.permissions_between({}, o)) ?? m.permissions_any_state({}, o),
      l.seals ? m.permissions_yes({}, o) : null,
      ...l.whose.map((w) => w?.word ?? null),
    ]);
  const columns = [
    { head: m.permissions_object({}, o), width: 22 },
    { head: m.permissions_act({}, o), width: 40 },
    { head: m.permissions_states({}, o), width: 40 },
    { head: m.permissions_seals({}, o), width: 10 },
    ...memberRoles.map((role) => ({ head: roleNameIn(role, locale), width: 16 })),
  ];
  return workbook({ title, sheets: [{ name: title, columns, rows }] });
}
