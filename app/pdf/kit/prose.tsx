import { Text, View } from "@react-pdf/renderer";
import type { ReactElement, ReactNode } from "react";
import { bodyOf, INK, useSetting } from "./theme.ts";

const HEADING: Readonly<Record<number, { size: number; before: number; after: number }>> = {
  1: { size: 17, before: 0, after: 12 },
  2: { size: 12.5, before: 16, after: 6 },
  3: { size: 11, before: 11, after: 4 },
};

export interface HeadingProps {
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly no?: string;
  readonly children: string;
  /** Left out of the contents and the bookmarks. */
  readonly silent?: boolean;
}

/** A heading: an anchor for contents, bookmarks and links, never left alone at a page's foot. */
export function Heading({ id, level, no, children, silent = false }: HeadingProps): ReactElement {
  const look = HEADING[level] ?? { size: 11, before: 10, after: 4 };
  const title = no ? `${no}${/[.\d]$/.test(no) ? "  " : " "}${children}` : children;
  const anchor = silent ? {} : { "data-anchor": id, "data-level": level, "data-title": title.replace(/\s+/g, " ") };
  const hanging = no !== undefined && /^[\d.]+$/.test(no);
  const style = {
    fontSize: look.size,
    fontWeight: 700,
    lineHeight: 1.35,
    marginTop: look.before,
    marginBottom: look.after,
    color: level === 1 ? INK.accent : INK.text,
  };
  if (!hanging)
    return (
      <Text {...anchor} data-keep-next style={style}>
        {title}
      </Text>
    );
  const { fontSize, fontWeight, lineHeight, color, marginTop, marginBottom } = style;
  return (
    <View {...anchor} data-keep-next style={{ flexDirection: "row", marginTop, marginBottom }}>
      <Text style={{ width: 15 + no.length * fontSize * 0.52, fontSize, fontWeight, lineHeight, color }}>{no}</Text>
      <Text style={{ flexGrow: 1, fontSize, fontWeight, lineHeight, color }}>{children}</Text>
    </View>
  );
}

export interface ChapterProps {
  readonly id: string;
  readonly no?: string;
  readonly title: string;
  readonly children?: ReactNode;
  /** Begins on a new page (when several chapters share one `<Page>`). */
  readonly newPage?: boolean;
}

/** A chapter: its heading over a rule, then its blocks. */
export function Chapter({ id, no, title, children, newPage = false }: ChapterProps): ReactElement {
  const full = no ? `${no}${no.endsWith("、") ? "" : "  "}${title}` : title;
  return (
    <>
      <View
        data-anchor={id}
        data-level={1}
        data-title={full.replace(/\s+/g, " ")}
        data-keep-next
        {...(newPage ? { "data-break": "page" } : {})}
        style={{
          marginTop: 20,
          marginBottom: 11,
          paddingBottom: 6,
          borderBottomWidth: 0.75,
          borderBottomColor: INK.accent,
        }}
      >
        <Text style={{ fontSize: 17, fontWeight: 700, lineHeight: 1.35, color: INK.accent }}>{full}</Text>
      </View>
      {children}
    </>
  );
}

export interface SectionProps {
  readonly id: string;
  readonly no?: string;
  readonly title: string;
  readonly level?: 2 | 3;
  readonly children?: ReactNode;
}

export function Section({ id, no, title, level = 2, children }: SectionProps): ReactElement {
  return (
    <>
      <Heading id={id} level={level} {...(no ? { no } : {})}>
        {title}
      </Heading>
      {children}
    </>
  );
}

/** A paragraph. Breaks between pages leave at least two lines on either side. */
export function Para({
  children,
  indent = true,
  keepNext = false,
}: {
  readonly children: ReactNode;
  readonly indent?: boolean;
  readonly keepNext?: boolean;
}): ReactElement {
  const body = bodyOf(useSetting().locale);
  return (
    <Text
      {...(keepNext ? { "data-keep-next": true } : {})}
      style={{
        fontSize: body.size,
        lineHeight: body.lineHeight,
        textIndent: indent ? body.indent : 0,
        marginBottom: body.after,
        textAlign: body.align,
      }}
    >
      {children}
    </Text>
  );
}

export function Paras({ of }: { readonly of: readonly string[] }): ReactElement {
  return (
    <>
      {of.map((text, i) => (
        <Para key={i}>{text}</Para>
      ))}
    </>
  );
}

/** A list with hanging numbers: `1.` by default, or the marks given. */
export function NumberedList({
  items,
  mark = (i) => `${i + 1}.`,
  indent = 0,
}: {
  readonly items: readonly ReactNode[];
  readonly mark?: (index: number) => string;
  readonly indent?: number;
}): ReactElement {
  const body = bodyOf(useSetting().locale);
  return (
    <>
      {items.map((item, i) => (
        <View key={i} style={{ flexDirection: "row", paddingLeft: indent, marginBottom: 3 }}>
          <Text style={{ width: 22, fontSize: body.size, lineHeight: body.lineHeight, color: INK.soft }}>
            {mark(i)}
          </Text>
          <Text style={{ flexGrow: 1, fontSize: body.size, lineHeight: body.lineHeight, textAlign: body.align }}>
            {item}
          </Text>
        </View>
      ))}
    </>
  );
}

/** A remark that must not be missed: a bar at left and a word, no box. */
export function Callout({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  const body = bodyOf(useSetting().locale);
  return (
    <View
      style={{
        marginTop: 8,
        marginBottom: 10,
        paddingLeft: 10,
        paddingVertical: 5,
        paddingRight: 8,
        borderLeftWidth: 2.5,
        borderLeftColor: INK.accent,
        backgroundColor: INK.faint,
      }}
    >
      <Text style={{ fontSize: 9, fontWeight: 700, lineHeight: 1.5, color: INK.accent }}>{label}</Text>
      <Text style={{ fontSize: body.size - 0.5, lineHeight: 1.6, textAlign: body.align }}>{children}</Text>
    </View>
  );
}
