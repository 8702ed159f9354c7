import type { AnyStateMachine } from "xstate";
import { restore, targetPath } from "./engine.ts";
import { stateKey } from "./labels.ts";
import type { MachineDefinition, MainLinePosition, StateInfo, StoredInstance } from "./types.ts";

type NodeStatus = "done" | "now" | "ahead" | "off";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface DiagramNode extends Box {
  readonly id: string;
  readonly labelKey: string;
  readonly group: string | null;
  readonly main: boolean;
  readonly status: NodeStatus;
}

interface DiagramGroup extends Box {
  readonly id: string;
  readonly labelKey: string;
  readonly status: NodeStatus;
}

interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly labelKey: string;
  /** `forward` along the main line, `back` against it, `self` staying, `off` leaving it or returning to it. */
  readonly kind: "forward" | "back" | "self" | "off";
  /** Corners of the line from border to border, in the units of the nodes; empty for `self`. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly groups: readonly DiagramGroup[];
  readonly edges: readonly DiagramEdge[];
  readonly width: number;
  readonly height: number;
}

const size = { w: 116, h: 40, gapX: 32, gapY: 20, pad: 12, head: 24, perRow: 7 } as const;

/** A group with its leaves, or a leaf that stands alone. */
interface Unit {
  readonly group: string | null;
  readonly leaves: readonly StateInfo[];
}

function unitsOf(states: readonly StateInfo[]): Unit[] {
  const units: { group: string | null; leaves: StateInfo[] }[] = [];
  for (const state of states) {
    const last = units.at(-1);
    if (last && state.group !== null && last.group === state.group) last.leaves.push(state);
    else units.push({ group: state.group, leaves: [state] });
  }
  return units;
}

interface Layout {
  readonly leaves: Map<string, Box>;
  readonly groups: Map<string, Box>;
  readonly bottom: number;
  readonly right: number;
}

function unitHeight(unit: Unit): number {
  const stack = unit.leaves.length * size.h + (unit.leaves.length - 1) * size.gapY;
  return unit.group === null ? stack : stack + size.head + size.pad;
}

/** Rows of equal length, so that eleven stages stand as six and five rather than as seven and four. */
function rowsOf(units: readonly Unit[]): Unit[][] {
  const rows = Math.max(1, Math.ceil(units.length / size.perRow));
  const length = Math.max(1, Math.ceil(units.length / rows));
  return Array.from({ length: rows }, (_, row) => units.slice(row * length, (row + 1) * length));
}

function setOut(units: readonly Unit[], layout: Layout): Layout {
  let y = layout.bottom;
  let right = layout.right;
  for (const row of rowsOf(units)) {
    const grouped = row.some((unit) => unit.group !== null);
    let x: number = size.pad;
    for (const unit of row) {
      const inset = unit.group === null ? 0 : size.pad;
      const top = y + (grouped ? size.head : 0);
      unit.leaves.forEach((leaf, index) => {
        layout.leaves.set(leaf.path, { x: x + inset, y: top + index * (size.h + size.gapY), w: size.w, h: size.h });
      });
      const width = size.w + 2 * inset;
      if (unit.group !== null) layout.groups.set(unit.group, { x, y, w: width, h: unitHeight(unit) });
      x += width + size.gapX;
    }
    right = Math.max(right, x - size.gapX + size.pad);
    const tallest = Math.max(...row.map((unit) => unitHeight(unit) + (grouped && unit.group === null ? size.head : 0)));
    y += tallest + 2 * size.gapY;
  }
  return { ...layout, bottom: y, right };
}

function layoutOf(def: MachineDefinition): Layout {
  const empty: Layout = { leaves: new Map(), groups: new Map(), bottom: size.pad, right: 0 };
  const main = setOut(unitsOf(def.states.filter((state) => state.main)), empty);
  const off = def.states.filter((state) => !state.main);
  return off.length === 0 ? main : setOut(unitsOf(off), main);
}

interface Step {
  readonly from: string;
  readonly to: string;
  readonly event: string;
}

type Node = AnyStateMachine["root"];

function leavesOf(node: Node): Node[] {
  const children = Object.values(node.states);
  return children.length === 0 ? [node] : children.flatMap(leavesOf);
}

/** Every step of the machine from leaf to leaf, walked in the machine itself; guards are not asked. */
export function stepsOf(def: MachineDefinition): readonly Step[] {
  const steps = new Map<string, Step>();
  for (const leaf of leavesOf(def.machine.root)) {
    const from = leaf.path.join(".");
    for (let node: Node | undefined = leaf; node; node = node.parent as Node | undefined) {
      for (const [event, transitions] of node.transitions) {
        for (const one of transitions) {
          const step = { from, to: targetPath(def, one) ?? from, event };
          steps.set(`${step.from} ${step.event} ${step.to}`, step);
        }
      }
    }
  }
  return [...steps.values()];
}

function kindOf(from: StateInfo, to: StateInfo): DiagramEdge["kind"] {
  if (from.path === to.path) return "self";
  if (!from.main || !to.main) return "off";
  return to.order > from.order ? "forward" : "back";
}

const middleX = (box: Box): number => box.x + box.w / 2;
const middleY = (box: Box): number => box.y + box.h / 2;

type Line = readonly (readonly [number, number])[];

/** Lines that lead back run beside those that lead on, not over them. */
const aside = 12;

/** A line of at most three right-angled pieces between the borders of two boxes. */
function route(from: Box, to: Box, kind: DiagramEdge["kind"]): Line {
  if (kind === "self") return [];
  const shift = kind === "back" ? aside : 0;
  if (from.x === to.x) return below(from, to, shift);
  const right = to.x > from.x;
  if (!right && to.y > from.y) {
    // Into the next row: down, along the space between the rows, and in from above.
    const lane = to.y - size.gapY;
    return [
      [middleX(from), from.y + from.h],
      [middleX(from), lane],
      [middleX(to), lane],
      [middleX(to), to.y],
    ];
  }
  const out = right ? from.x + from.w : from.x;
  const into = right ? to.x : to.x + to.w;
  const turn = right ? into - size.gapX / 2 : into + size.gapX / 2;
  const [y1, y2] = [middleY(from) + shift, middleY(to) + shift];
  return y1 === y2
    ? [
        [out, y1],
        [into, y2],
      ]
    : [
        [out, y1],
        [turn, y1],
        [turn, y2],
        [into, y2],
      ];
}

/** Between boxes in one column: straight to a neighbour, around the side to one further off. */
function below(from: Box, to: Box, shift: number): Line {
  const down = to.y > from.y;
  const x = middleX(from) + shift;
  if (Math.abs(to.y - from.y) <= size.h + size.gapY) {
    return [
      [x, down ? from.y + from.h : from.y],
      [x, down ? to.y : to.y + to.h],
    ];
  }
  const edge = from.x + from.w;
  const side = edge + size.pad / 2;
  return [
    [edge, middleY(from) + shift],
    [side, middleY(from) + shift],
    [side, middleY(to) + shift],
    [edge, middleY(to) + shift],
  ];
}

/** Order on the main line up to which everything is done. */
function reachedOrder(def: MachineDefinition, now: StateInfo, standing: MainLinePosition): number {
  if (now.main) return now.order;
  const reached = def.states.find((state) => state.path === standing.reached);
  return reached ? reached.order + (standing.finished ? 1 : 0) : 0;
}

interface Place {
  readonly now: StateInfo;
  readonly reached: number;
  readonly skipped: readonly string[];
  /** It ended beside the main line: nothing lies ahead any more. */
  readonly over: boolean;
}

function statusOf(state: StateInfo, place: Place): NodeStatus {
  if (state.path === place.now.path) return "now";
  if (!state.main || place.skipped.includes(state.path)) return "off";
  if (state.order < place.reached) return "done";
  return place.over ? "off" : "ahead";
}

function groupStatus(nodes: readonly DiagramNode[]): NodeStatus {
  if (nodes.some((node) => node.status === "now")) return "now";
  if (nodes.every((node) => node.status === "off")) return "off";
  const walked = nodes.filter((node) => node.status !== "off");
  if (walked.every((node) => node.status === "done")) return "done";
  return "ahead";
}

/**
 * The picture of one instance, computed from its machine: main line from left to right (long ones in rows), phases as groups with
 * their leaves below each other, what lies beside the line underneath. Units are CSS pixels. Throws WorkflowRestoreError.
 */
export function diagram<F extends object, I extends object, C extends object>(
  definition: MachineDefinition<F, I, C>,
  stored: StoredInstance,
): Diagram {
  const def = definition as unknown as MachineDefinition;
  const snapshot = restore(def, stored);
  const now = def.states.find((state) => state.path === stored.state);
  if (!now) return { nodes: [], groups: [], edges: [], width: 0, height: 0 };
  const standing = def.standing(snapshot.context as object);
  const reached = reachedOrder(def, now, standing);
  const place: Place = { now, reached, skipped: standing.skipped, over: !now.main && snapshot.status === "done" };
  const layout = layoutOf(def);
  const nodes = def.states.flatMap((state): DiagramNode[] => {
    const box = layout.leaves.get(state.path);
    const status = statusOf(state, place);
    return box
      ? [{ id: state.path, labelKey: state.labelKey, group: state.group, main: state.main, status, ...box }]
      : [];
  });
  const groups = [...layout.groups].map(([id, box]): DiagramGroup => {
    const inside = nodes.filter((node) => node.group === id);
    return { id, labelKey: stateKey(def.id, id), status: groupStatus(inside), ...box };
  });
  return {
    nodes,
    groups,
    edges: edgesOf(def, layout),
    width: layout.right,
    height: layout.bottom - 2 * size.gapY + size.pad,
  };
}

function edgesOf(def: MachineDefinition, layout: Layout): DiagramEdge[] {
  const byPath = new Map(def.states.map((state) => [state.path, state]));
  return stepsOf(def).flatMap((step): DiagramEdge[] => {
    const from = byPath.get(step.from);
    const to = byPath.get(step.to);
    const a = layout.leaves.get(step.from);
    const b = layout.leaves.get(step.to);
    if (!from || !to || !a || !b) return [];
    const kind = kindOf(from, to);
    return [{ ...step, labelKey: def.eventLabelKeys[step.event] ?? step.event, kind, points: route(a, b, kind) }];
  });
}
