import type { ReactNode } from "react";

export interface MarkProps {
  /** What it stands for, all words that are drawn in it among them. */
  told: string;
  href?: string | undefined;
  /** The mark that filters the page now. */
  current?: boolean | undefined;
  children: ReactNode;
}

/**
 * A mark of a chart with its words, which are also its name as a link: `title` as the first child, where SVG-AAM takes a name
 * from. What is seen of them, shortened or not, is so always part of the name (WCAG 2.2, 2.5.3).
 */
export function Mark({ told, href, current = false, children }: MarkProps) {
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
    </a>
  );
}
