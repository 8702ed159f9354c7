import { type CheckRecord, type ProbeKind, probeKinds, type ProbeRole, probeRoles } from "./check-record.schema.ts";

/* What the record of an isolation check says, counted. Pure. */

export interface Count {
  tried: number;
  through: number;
  undecided: number;
}
const none: Count = { tried: 0, through: 0, undecided: 0 };
const plus = (a: Count, b: Count): Count => ({
  tried: a.tried + b.tried,
  through: a.through + b.through,
  undecided: a.undecided + b.undecided,
});

/** Of one kind by one role; null where that is never tried. */
export function countOf({ tried }: Pick<CheckRecord, "tried">, kind: ProbeKind, role: ProbeRole): Count | null {
  const cell = tried[kind]?.[role];
  return cell ? { tried: cell[0], through: cell[1], undecided: cell[2] } : null;
}
const sum = (record: Pick<CheckRecord, "tried">, kinds: readonly ProbeKind[], roles: readonly ProbeRole[]): Count =>
  kinds.flatMap((kind) => roles.map((role) => countOf(record, kind, role) ?? none)).reduce(plus, none);
/** Of one kind, over all roles that try it. */
export const countOfKind = (record: Pick<CheckRecord, "tried">, kind: ProbeKind): Count =>
  sum(record, [kind], probeRoles);
/** By one role, over all kinds. */
export const countOfRole = (record: Pick<CheckRecord, "tried">, role: ProbeRole): Count =>
  sum(record, probeKinds, [role]);
/** Over all kinds and roles. */
export const countOfAll = (record: Pick<CheckRecord, "tried">): Count => sum(record, probeKinds, probeRoles);
