import { Document, Link, Page, Text, View } from "@react-pdf/renderer";
import { useMemo, type ReactElement, type ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import {
  PAPER,
  type ContentsEntry,
  type DocumentMeta,
  type DocumentPlan,
  type Margins,
  type RunningInfo,
} from "../engine/plan.ts";
import type { PdfLocale, PdfSeal } from "../types.ts";
import { INK, SettingContext, type Setting } from "./theme.ts";

export interface ShellProps {
  readonly meta: DocumentMeta;
  readonly family: "sans" | "serif";
  /** Absent in a paper of a few pages, which has no contents either. */
  readonly cover?: ReactElement;
  /** Parts set before the contents; none in most documents. */
  readonly front?: readonly ReactElement[];
  /** One element a part; each becomes a `<Page>` that runs over as many sheets as it needs. */
  readonly parts: readonly ReactElement[];
  readonly headerRight: string;
  readonly footerLeft: string;
}

export const MARGINS: Margins = { top: 76, right: 62, bottom: 68, left: 70 };

/** Width of the body, points. */
export const MEASURE = PAPER.width - MARGINS.left - MARGINS.right;

function ContentsList({
  entries,
  title,
}: {
  readonly entries: readonly ContentsEntry[];
  readonly title: string;
}): ReactElement {
  return (
    <View data-flow="flow">
      <Text
        data-keep-next
        style={{
          fontSize: 17,
          fontWeight: 700,
          lineHeight: 1.4,
          color: INK.accent,
          marginBottom: 14,
          textAlign: "center",
          letterSpacing: title.length < 4 ? 12 : 0,
        }}
      >
        {title}
      </Text>
      {entries
        .filter((entry) => entry.level <= 2)
        .map((entry) => {
          const first = entry.level === 1;
          const look = { fontSize: first ? 10.5 : 9.5, lineHeight: 1.4, fontWeight: first ? 700 : 400 };
          return (
            <View key={entry.id} style={{ paddingTop: first ? 7 : 2, paddingLeft: first ? 0 : 18 }}>
              <Link src={`#${entry.id}`} style={{ flexDirection: "row", alignItems: "flex-end" }}>
                <Text style={{ ...look, flexGrow: 1, paddingRight: 10 }}>{entry.title}</Text>
                <Text style={{ ...look, fontFamily: "sans", width: 30, textAlign: "right" }}>{String(entry.page)}</Text>
              </Link>
              <View style={{ height: 1.5, borderBottomWidth: first ? 0.5 : 0.35, borderBottomColor: INK.hairline }} />
            </View>
          );
        })}
    </View>
  );
}

function Header({ left, right }: { readonly left: string; readonly right: string }): ReactElement {
  return (
    <View style={{ flexDirection: "row", borderBottomWidth: 0.5, borderBottomColor: INK.hairline, paddingBottom: 4 }}>
      <Text style={{ width: "74%", fontSize: 8, lineHeight: 1.4, color: INK.soft, fontFamily: "sans" }}>{left}</Text>
      <Text
        style={{ width: "26%", fontSize: 8, lineHeight: 1.4, color: INK.soft, textAlign: "right", fontFamily: "sans" }}
      >
        {right}
      </Text>
    </View>
  );
}

function Footer({
  info,
  left,
  locale,
}: {
  readonly info: RunningInfo;
  readonly left: string;
  readonly locale: PdfLocale;
}): ReactElement {
  return (
    <View style={{ flexDirection: "row" }}>
      <Text style={{ width: "65%", fontSize: 8, lineHeight: 1.4, color: INK.soft, fontFamily: "sans" }}>{left}</Text>
      <Text
        style={{ width: "35%", fontSize: 8, lineHeight: 1.4, color: INK.soft, textAlign: "right", fontFamily: "sans" }}
      >
        {m.pdf_page_of({ page: info.page, pages: info.pages }, { locale })}
      </Text>
    </View>
  );
}

/** Title and chapter where both fit on the header's one line, else the title. */
function headerText(title: string, chapter: string): string {
  const full = `${title}　${chapter}`;
  const ems = [...full].reduce((sum, character) => sum + (character > "\u2e80" ? 1 : 0.56), 0);
  return chapter && ems * 8 <= MEASURE * 0.74 ? full : title;
}

function WithSetting({
  locale,
  family,
  children,
}: {
  readonly locale: PdfLocale;
  readonly family: Setting["family"];
  readonly children: ReactNode;
}): ReactElement {
  const setting = useMemo<Setting>(() => ({ locale, family, measure: MEASURE }), [locale, family]);
  return <SettingContext.Provider value={setting}>{children}</SettingContext.Provider>;
}

/** A document's frame: cover, contents with page numbers, running header and footer, bookmarks and metadata. */
export function documentShell({
  meta,
  family,
  cover,
  front = [],
  parts,
  headerRight,
  footerLeft,
}: ShellProps): DocumentPlan {
  const { locale } = meta;
  const look = { fontFamily: family };
  const contentsTitle = family === "serif" ? m.pdf_contents_standard({}, { locale }) : m.pdf_contents({}, { locale });
  return {
    meta,
    margins: MARGINS,
    contents: (entries) => (
      <View data-flow="flow" style={look}>
        <ContentsList entries={entries} title={contentsTitle} />
      </View>
    ),
    header: (info) => <Header left={headerText(meta.title, info.chapter)} right={headerRight} />,
    footer: (info) => <Footer info={info} left={footerLeft} locale={locale} />,
    document: (
      <WithSetting locale={locale} family={family}>
        <Document title={meta.title}>
          {cover ? (
            <Page data-part="cover" size="A4" style={look}>
              {cover}
            </Page>
          ) : null}
          {front.map((part, i) => (
            <Page key={`f${i}`} data-part="chapter" size="A4" style={look}>
              {part}
            </Page>
          ))}
          {cover ? <Page data-part="contents" size="A4" style={look} /> : null}
          {parts.map((part, i) => (
            <Page key={i} data-part="chapter" size="A4" style={look}>
              {part}
            </Page>
          ))}
        </Document>
      </WithSetting>
    ),
  };
}

/** The digest in groups of eight, as people compare it. */
function groupedDigest(sha256: string): string {
  return sha256.replace(/(.{8})(?=.)/g, "$1 ");
}

export interface CoverProps {
  readonly locale: PdfLocale;
  readonly title: string;
  readonly kind: string;
  readonly sector: string;
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly body: string;
  readonly date: string;
  readonly seal: PdfSeal;
}

/** The first sheet of reports and plans: what it is, of whom, by whom, and the digest that seals it. */
export function Cover({ locale, title, kind, sector, rows, body, date, seal }: CoverProps): ReactElement {
  const width = MEASURE;
  return (
    <View style={{ height: PAPER.height, paddingLeft: MARGINS.left, paddingRight: MARGINS.right }}>
      <View style={{ marginTop: 92, borderTopWidth: 3, borderTopColor: INK.accent, paddingTop: 12 }}>
        <Text style={{ fontSize: 12, lineHeight: 1.5, color: INK.accent, fontWeight: 700 }}>{sector}</Text>
      </View>
      <Text data-balance style={{ marginTop: 108, fontSize: 27, lineHeight: 1.42, fontWeight: 700, width: width - 30 }}>
        {title}
      </Text>
      <Text style={{ marginTop: 12, fontSize: 14, lineHeight: 1.5, color: INK.soft }}>{kind}</Text>
      <View style={{ position: "absolute", top: 470, left: 0, width }}>
        {rows.map(([label, value], i) => (
          <View
            key={i}
            style={{ flexDirection: "row", paddingVertical: 6, borderTopWidth: 0.4, borderTopColor: INK.hairline }}
          >
            <Text style={{ width: 104, fontSize: 10, lineHeight: 1.5, color: INK.soft }}>{label}</Text>
            <Text style={{ flexGrow: 1, fontSize: 10.5, lineHeight: 1.5 }}>{value}</Text>
          </View>
        ))}
      </View>
      <View style={{ position: "absolute", top: 664, left: 0, width }}>
        <Text style={{ fontSize: 13, lineHeight: 1.6, fontWeight: 700 }}>{body}</Text>
        <Text style={{ fontSize: 11, lineHeight: 1.6 }}>{date}</Text>
      </View>
      <View
        style={{
          position: "absolute",
          top: 752,
          left: 0,
          width,
          borderTopWidth: 0.6,
          borderTopColor: INK.accent,
          paddingTop: 6,
        }}
      >
        <SealLines locale={locale} seal={seal} />
      </View>
    </View>
  );
}

export function SealLines({ locale, seal }: { readonly locale: PdfLocale; readonly seal: PdfSeal }): ReactElement {
  const small = { fontSize: 7.5, lineHeight: 1.55, color: INK.soft, fontFamily: "sans" };
  if (!seal.sha256) return <Text style={small}>{m.pdf_unsealed({}, { locale })}</Text>;
  return (
    <View>
      <Text style={small}>{m.pdf_seal({ digest: groupedDigest(seal.sha256) }, { locale })}</Text>
      {seal.verifyUrl ? <Text style={small}>{m.pdf_verify({ url: seal.verifyUrl }, { locale })}</Text> : null}
    </View>
  );
}
