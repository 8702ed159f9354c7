import { m } from "#app/i18n/paraglide/messages.js";
import { DiagramSvg, type DiagramProps } from "#app/ui/diagram.tsx";

/** The course of an object as its machine has it, the present state lit; from `diagramOf`. */
export function Diagram({
  title,
  diagram,
  open = false,
}: {
  title: string;
  diagram: Omit<DiagramProps, "title">;
  open?: boolean;
}) {
  return (
    <details className="ui-details" open={open}>
      <summary>{m.workflow_ui_diagram()}</summary>
      <p className="ui-hint">{m.workflow_ui_diagram_hint()}</p>
      <DiagramSvg
        title={title}
        width={diagram.width}
        height={diagram.height}
        nodes={diagram.nodes}
        edges={diagram.edges}
        {...(diagram.groups ? { groups: diagram.groups } : {})}
      />
    </details>
  );
}
