import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { cx } from "./cx.ts";

/**
 * What floats. Opened by a button with `{...opens(id)}`: the browser itself shows, hides, closes with Escape and returns
 * the focus, so it works without script (HTML, Popover API). The script adds arrow keys in menus, and the place in
 * browsers without CSS anchor positioning.
 */
export function opens(id: string): Record<string, string> {
  // lower case: React 18 does not know the attribute and hands it on as written
  return { popovertarget: id };
}

const anchored = () => typeof CSS !== "undefined" && CSS.supports("position-area: bottom");

function place(pop: HTMLElement, start: boolean): void {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
  if (!opener) return;
  const at = opener.getBoundingClientRect();
  const box = pop.getBoundingClientRect();
  const left = start ? at.left : at.right - box.width;
  const below = at.bottom + 4 + box.height < window.innerHeight || at.top < box.height;
  pop.style.inset = "auto";
  pop.style.margin = "0";
  pop.style.left = `${Math.max(8, Math.min(left, window.innerWidth - box.width - 8))}px`;
  pop.style.top = `${below ? at.bottom + 4 : at.top - box.height - 4}px`;
}

const items = (pop: HTMLElement) => [
  ...pop.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), input:not([type=hidden])"),
];

function moveFocus(pop: HTMLElement, event: KeyboardEvent): void {
  const all = items(pop);
  const here = all.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: here + 1, ArrowUp: here < 0 ? all.length - 1 : here - 1, Home: 0, End: all.length - 1 }[
    event.key
  ];
  if (next === undefined || all.length === 0 || document.activeElement?.matches("input, textarea, select")) return;
  event.preventDefault();
  all[(next + all.length) % all.length]?.focus();
}

function usePopover(ref: RefObject<HTMLDivElement>, start: boolean, menu: boolean): void {
  useEffect(() => {
    const pop = ref.current;
    if (!pop) return;
    const onToggle = (event: Event) => {
      if ((event as Event & { newState?: string }).newState !== "open") return;
      if (!anchored()) place(pop, start);
      if (menu) items(pop)[0]?.focus();
    };
    const onKey = (event: KeyboardEvent) => moveFocus(pop, event);
    const onClick = (event: MouseEvent) => {
      if ((event.target as Element).closest("a[href]")) pop.hidePopover?.();
    };
    pop.addEventListener("toggle", onToggle);
    if (menu) pop.addEventListener("keydown", onKey);
    pop.addEventListener("click", onClick);
    return () => {
      pop.removeEventListener("toggle", onToggle);
      pop.removeEventListener("keydown", onKey);
      pop.removeEventListener("click", onClick);
    };
  }, [ref, start, menu]);
}

export interface PopoverProps {
  id: string;
  /** Name for those who do not see where it hangs. */
  label: string;
  children: ReactNode;
  /** Hangs from the left edge of its button instead of the right one. */
  start?: boolean | undefined;
  /** Moves with arrow keys among what it holds. */
  menu?: boolean | undefined;
  className?: string | undefined;
}

export function Popover({ id, label, children, start = false, menu = false, className }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  usePopover(ref, start, menu);
  return (
    <div
      ref={ref}
      id={id}
      role="group"
      aria-label={label}
      {...{ popover: "auto" }}
      className={cx("ui-pop", start && "ui-pop-start", className)}
    >
      {children}
    </div>
  );
}
