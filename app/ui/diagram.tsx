import { useId } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { wrapText } from "./charts/text.ts";
import { type Progress, progressWord } from "./progress-word.ts";

type Status = Exclude<Progress, "late">;
interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}
/** What workflows/diagram.ts gives, with the labels in the reader's language. */
export interface DiagramProps {
  /** What it shows, with its finding: «试点处于“竣工验收”阶段». */
  title: string;
  width: number;
  height: number;
  nodes: readonly (Box & { id: string; label: string; status: Status })[];
  groups?: readonly (Box & { id: string; label: string; status: Status })[];
  edges: readonly {
    from: string;
    to: string;
    label: string;
    kind: "forward" | "back" | "self" | "off";
    /** Corners; without them a straight line joins the nodes. */
    points?: readonly (readonly [number, number])[];
  }[];
  /** Edges beside the main line («off») are listed below instead of drawn; true draws them too. */
  drawOff?: boolean;
}

function Node({ node }: { node: DiagramProps["nodes"][number] }) {
  const lines = wrapText(node.label, node.w - 12);
  const middle = node.y + node.h / 2;
  return (
    <g className={`d-node d-${node.status}`} {...(node.status === "now" ? { "aria-current": "step" as const } : {})}>
      <title>{`${node.label}: ${progressWord(node.status)}`}</title>
      <rect x={node.x} y={node.y} width={node.w} height={node.h} rx="4" />
      {node.status === "done" ? (
        <path className="c-done" d={`M${node.x + 5} ${node.y + 9}l2.5 2.5 5-5.5 1.2 1.1-6.2 6.8-3.7-3.7z`} />
      ) : null}
      {lines.map((line, index) => (
        <text
          key={line}
          x={node.x + node.w / 2}
          y={middle + 4 + (index - (lines.length - 1) / 2) * 15}
          textAnchor="middle"
        >
          {line}
        </text>
      ))}
    </g>
  );
}

const within = (node: Box, group: Box): boolean =>
  node.x >= group.x &&
  node.x + node.w <= group.x + group.w &&
  node.y >= group.y &&
  node.y + node.h <= group.y + group.h;

/** The states one below the other, as a place that is too narrow for the drawing shows them. */
function Stages({ title, nodes, groups = [] }: Pick<DiagramProps, "title" | "nodes" | "groups">) {
  return (
    <ol className="ui-diagram-stages" aria-label={title}>
      {nodes
        .filter((node) => node.status !== "off")
        .map((node) => {
          const group = groups.find((one) => within(node, one));
          return (
            <li
              key={node.id}
              className={`d-stage-${node.status}`}
              {...(node.status === "now" ? { "aria-current": "step" as const } : {})}
            >
              {group ? `${group.label} · ${node.label}` : node.label}
              <span className="ui-sr">{progressWord(node.status)}</span>
            </li>
          );
        })}
    </ol>
  );
}

/** A state machine as it stands: what is done, where it is now, what may come. Drawn from the machine, never by hand. */
export function DiagramSvg({ title, width, height, nodes, groups = [], edges, drawOff = false }: DiagramProps) {
  const id = useId().replace(/:/g, "");
  const byId = new Map([...nodes, ...groups].map((node) => [node.id, node]));
  const drawn = edges.filter(
    (edge) => edge.kind === "forward" || edge.kind === "back" || (drawOff && edge.kind === "off"),
  );
  const name = (key: string) => byId.get(key)?.label ?? key;
  return (
    <figure className="ui-chart ui-diagram">
      <figcaption>{title}</figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <div className="ui-chart-draw" role="group" aria-label={title} tabIndex={0}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
          <defs>
            <marker
              id={id}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto-start-reverse"
            >
              <path className="d-head" d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {groups.map((group) => (
            <g key={group.id} className={`d-group d-${group.status}-group`}>
              <rect x={group.x} y={group.y} width={group.w} height={group.h} rx="4" />
              <text x={group.x + 12} y={group.y + 17}>
                {group.label}
              </text>
            </g>
          ))}
          {drawn.map((edge, index) => {
            const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
            const points = edge.points?.length
              ? edge.points
              : from && to
                ? [[from.x + from.w, from.y + from.h / 2] as const, [to.x, to.y + to.h / 2] as const]
                : [];
            return (
              <polyline
                key={index}
                className={`d-edge d-edge-${edge.kind}`}
                points={points.map((p) => p.join(",")).join(" ")}
                markerEnd={`url(#${id})`}
              >
                <title>{`${name(edge.from)} → ${name(edge.to)}: ${edge.label}`}</title>
              </polyline>
            );
          })}
          {nodes.map((node) => (
            <Node key={node.id} node={node} />
          ))}
        </svg>
        <Stages title={title} nodes={nodes} groups={groups} />
      </div>
      <div className="ui-chart-foot">
        <details>
          <summary>{m.ui_steps_as_list()}</summary>
          <ul>
            {edges.map((edge, index) => (
              <li key={index}>{`${name(edge.from)} → ${name(edge.to)}: ${edge.label}`}</li>
            ))}
          </ul>
        </details>
      </div>
    </figure>
  );
}
