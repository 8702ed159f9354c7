import {
  may,
  objectKinds,
  type ObjectKind,
  type Permission,
  type Reach,
  reachOf,
  rules,
} from "#app/request/permissions.ts";
import { type MemberRole, memberRoles } from "#db/roles.ts";
import { type Authority, authorities } from "#workflows/authority.ts";
import type { MachineId } from "#workflows/registry.ts";

/*
 * The one table, made of its two halves: what the product lets roles do, and what the machines let them send. Nothing is
 * decided here.
 */

/** One action on one kind of object, in the states in which it can be done. */
export interface Line {
  /** A permission, or `machine.EVENT` with the kind of the document; told apart by the states where an event has two lines. */
  readonly key: string;
  readonly of: ObjectKind;
  readonly does: { readonly permission: Permission } | { readonly machine: MachineId; readonly event: string };
  /** Leaves of the object's machine; null where the state does not matter. */
  readonly states: readonly string[] | null;
  readonly roles: readonly MemberRole[];
  /** It fixes something for good. */
  readonly seals: boolean;
}

const kinds: readonly string[] = objectKinds;
/** Machines and documents are named as the objects they move. */
function kindOf({ machine, kind }: Pick<Authority, "machine" | "kind">): ObjectKind {
  const name = kind ?? machine;
  if (!kinds.includes(name)) throw new Error(`no object named ${name}`);
  return name;
}

/** The machine whose states an object has; null for objects without. */
export function machineOfKind(of: ObjectKind): MachineId | null {
  return authorities.find((a) => kindOf(a) === of)?.machine ?? null;
}

/** Permissions that let one send events at all say nothing that the events' own lines do not. */
const isOfEvents = (permission: Permission): boolean => permission.endsWith(".act");

const ofPermissions = (Object.keys(rules) as Permission[])
  .filter((permission) => !isOfEvents(permission))
  .map((permission): Line => {
    const rule = rules[permission];
    return {
      key: permission,
      of: rule.of,
      does: { permission },
      states: rule.in ?? null,
      roles: memberRoles.filter((role) => may(role, permission)),
      seals: false,
    };
  });

const ofEvents = authorities.map((a): Line => {
  const { machine, event, states, roles, sealing } = a;
  const of = kindOf(a);
  return {
    key: `${of}.${event}.${states[0] ?? ""}`,
    of,
    does: { machine, event },
    states,
    roles: memberRoles.filter((role) => roles.includes(role)),
    seals: sealing,
  };
});

/** Every line, by object, what is done to it before what moves it. */
export const lines: readonly Line[] = objectKinds.flatMap((of) =>
  [...ofPermissions, ...ofEvents].filter((line) => line.of === of),
);

export interface Filter {
  role?: MemberRole | undefined;
  of?: ObjectKind | undefined;
  state?: string | undefined;
}

/** Lines that a filter leaves: a state keeps what can be done in it, which what minds no state can. */
export const filtered = ({ role, of, state }: Filter): readonly Line[] =>
  lines.filter(
    (line) =>
      (role === undefined || line.roles.includes(role)) &&
      (of === undefined || line.of === of) &&
      (state === undefined || line.states === null || line.states.includes(state)),
  );

/** Whose objects a role may do it to; null where it may not. */
export const cell = (line: Line, role: MemberRole): Reach | null =>
  line.roles.includes(role) ? reachOf(role, line.of) : null;
