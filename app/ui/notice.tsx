import type { ReactNode } from "react";
import { Icon, type IconName, Shape, type ShapeName } from "./icon.tsx";

type Tone = "info" | "done" | "due" | "late" | "returned";

const marks: Record<Tone, { shape?: ShapeName; icon?: IconName }> = {
  info: { icon: "info" },
  done: { shape: "done" },
  due: { icon: "warning" },
  late: { icon: "warning" },
  returned: { shape: "returned" },
};

export interface NoticeProps {
  tone?: Tone | undefined;
  title?: string | undefined;
  children?: ReactNode;
  /** Link or button at the right. */
  act?: ReactNode;
  /** Read out when it appears: the answer to something just done. */
  live?: boolean | undefined;
}

/** Something the reader should know before going on. With `live`, the answer to what was just done (instead of a toast that flees). */
export function Notice({ tone = "info", title, children, act, live = false }: NoticeProps) {
  const { shape, icon } = marks[tone];
  return (
    <div className={`ui-notice ui-notice-${tone}`} {...(live ? { role: tone === "late" ? "alert" : "status" } : {})}>
      {shape ? <Shape name={shape} size={14} /> : icon ? <Icon name={icon} /> : null}
      <div>
        {title ? <strong>{title}</strong> : null}
        {title && children ? <br /> : null}
        {children}
      </div>
      {act}
    </div>
  );
}
