import type { ReactNode } from "react";

export interface MarkProps {
  /** What it stands for, all words that are drawn in it among them. */
  told: string;
  href?: string | undefined;
  /** The mark that filters the page now. */
  current?: boolean | undefined;
  /** What is framed when the keyboard stands on a link; the marks frame themselves otherwise. */
  focus?: { x: number; y: number; width: number; height: number } | undefined;
  children: ReactNode;
}

/**
 * A mark of a chart with its words, which are also its name as a link: `title` as the first child, where SVG-AAM takes a name
 * from. What is seen of them, shortened or not, is so always part of the name (WCAG 2.2, 2.5.3).
 */
export function Mark({ told, href, current = false, focus, children }: MarkProps) {
  const drawing = (
    <>
      <title>{told}</title>
      {children}
    </>
  );
  return href === undefined ? (
    <g>{drawing}</g>
  ) : (
    <a href={href} {...(current ? { "aria-current": "true" as const } : {})}>
      {drawing}
      {focus ? (
        <rect
          className="c-focus"
          x={focus.x + 1.5}
          y={focus.y + 1.5}
          width={focus.width - 3}
          height={focus.height - 3}
          rx="2"
          fill="none"
          pointerEvents="all"
        />
      ) : null}
    </a>
  );
}
