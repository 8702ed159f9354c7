/** Line icons on a grid of 16, drawn for this interface; always beside a word or inside a control that has a name. */
const paths = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  close: "m4 4 8 8M12 4l-8 8",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  left: "m10 4-4 4 4 4",
  sortUp: "M8 13V3M4 7l4-4 4 4",
  sortDown: "M8 3v10M4 9l4 4 4-4",
  check: "m3 8.5 3.2 3.2L13 5",
  copy: "M6 5.5h7.5V14H6zM3.5 10.5h-1V2H10v1.5",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  download: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
  external: "M9.5 2.5h4v4M13.5 2.5 8 8M6.5 3.5h-4v10h10v-4",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7",
  moon: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1Z",
  language: "M2 4h7M5.5 2v2M7.5 4c-.6 2.6-2.6 5-5 6M3.8 6.2c.8 1.6 2.2 3 4 3.8M8.5 14l2.8-7 2.7 7M9.4 11.8h3.8",
  person: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 14c.4-2.6 2.4-4.2 5.2-4.2s4.8 1.6 5.2 4.2",
  people:
    "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c.3-2.2 2-3.6 4.5-3.6s4.2 1.4 4.5 3.6M10.5 3.2a2.4 2.4 0 0 1 0 4.6M12 10.2c1.5.5 2.3 1.7 2.5 3.3",
  home: "M2.5 7.5 8 2.5l5.5 5v6h-4v-4h-3v4h-4z",
  bell: "M8 2a3.8 3.8 0 0 0-3.8 3.8c0 3.6-1.7 5.2-1.7 5.2h11s-1.7-1.6-1.7-5.2A3.8 3.8 0 0 0 8 2ZM6.7 13.2a1.4 1.4 0 0 0 2.6 0",
  tasks: "m2 4 1.2 1.2L5.5 3M2 8.5l1.2 1.2 2.3-2.2M2 13l1.2 1.2 2.3-2.2M8 4.3h6M8 8.7h6M8 13.2h6",
  project: "M2 4.5h4.5l1.5 1.7h6v7H2z",
  pilot: "M4 14V2M4 2.8h8l-2 2.7 2 2.7H4",
  risk: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.01",
  plan: "M2 3h7M5 6.5h7M3.5 10h6M8 13.5h6",
  survey: "M3.5 1.8h9v12.4h-9zM6 5h4M6 8h4M6 11h2.5",
  compare: "M3 14V8M6.3 14V3M9.7 14v-4M13 14V5.5",
  specification: "M3 2h6.5L13 5.5V14H3zM9.5 2v3.5H13M5.5 8.5h5M5.5 11h5",
  national: "M2 14h12M3 6.5h10M8 2 2.5 5.5V6.5h11V5.5zM4.5 6.5V12M8 6.5V12M11.5 6.5V12",
  audit: "M8 1.8 13.5 4v4c0 3-2.2 5.2-5.5 6.2C4.7 13.2 2.5 11 2.5 8V4zM5.6 8l1.7 1.7 3.2-3.3",
  settings: "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 3v3M5.5 10v3",
  calendar: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.01",
  info: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 7.3v4M8 4.9v.01",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.1 9.2a2.6 2.6 0 0 0 3.7 3.7l.8-.8",
  mail: "M2 3.5h12v9H2zM2 4.5l6 4.5 6-4.5",
  file: "M4 1.8h5.5L12.5 5v9.2H4zM9.5 1.8V5h3",
  print: "M4.5 6V2h7v4M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7V14h-7z",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  out: "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
  edit: "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  filter: "M2 3h12L9.5 8.5V13l-3-1.5v-3z",
  lock: "M3.5 7.5h9v6.5h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  building: "M3 14V2h7v12M10 6h3.5v8M1.5 14h13M5.5 5h2M5.5 8h2M5.5 11h2",
} as const;

/** Solid shapes of the states; drawn, because fonts turn some of these characters into pictures. */
const shapes = {
  late: <path d="M8 2.5 14.5 13.5H1.5z" />,
  due: (
    <>
      <path d="M8 2a6 6 0 0 0 0 12z" />
      <circle cx="8" cy="8" r="5.25" fill="none" stroke="currentcolor" strokeWidth="1.5" />
    </>
  ),
  done: <path d="M6.3 12.7 2 8.4l1.6-1.6 2.7 2.7L12.4 3.4 14 5z" />,
  returned: <path d="M6.5 2 2 6.2l4.5 4.2V7.7h3a2.3 2.3 0 0 1 0 4.6H6V14h3.5a4 4 0 0 0 0-8h-3z" />,
  waiting: (
    <circle cx="8" cy="8" r="5.25" fill="none" stroke="currentcolor" strokeWidth="1.5" strokeDasharray="2.5 2" />
  ),
  running: <path d="M4 2.5 13 8l-9 5.5z" />,
  draft: <circle cx="8" cy="8" r="5.25" fill="none" stroke="currentcolor" strokeWidth="1.5" />,
  off: <path d="M2.5 7h11v2h-11z" />,
} as const;

export type IconName = keyof typeof paths;
export type ShapeName = keyof typeof shapes;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="ui-icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} {...(name === "more" ? { strokeWidth: 2.5 } : {})} />
    </svg>
  );
}

export function Shape({ name, size = 12 }: { name: ShapeName; size?: number }) {
  return (
    <svg className="ui-icon ui-icon-fill" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
