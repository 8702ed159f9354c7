import { Text, View } from "@react-pdf/renderer";
import type { ReactElement } from "react";
import type { DocumentPlan } from "../engine/plan.ts";
import { documentShell, SealLines } from "../kit/document-shell.tsx";
import { NumberedList, Paras, Section } from "../kit/prose.tsx";
import { SignatureBlock } from "../kit/signature.tsx";
import { KeyValue } from "../kit/table.tsx";
import { INK, LEVEL_FILL } from "../kit/theme.ts";
import type { CertificateData, PdfLocale } from "../types.ts";
import { Captions } from "./captions.ts";
import { givenTables } from "./text-sections.tsx";

function Head({ data }: { readonly data: CertificateData }): ReactElement {
  return (
    <View style={{ borderTopWidth: 3, borderTopColor: INK.accent, paddingTop: 10, marginBottom: 12 }}>
      <Text style={{ fontSize: 11, lineHeight: 1.5, color: INK.accent, fontWeight: 700 }}>{data.of}</Text>
      <Text data-balance style={{ marginTop: 8, fontSize: 21, lineHeight: 1.4, fontWeight: 700 }}>
        {data.heading}
      </Text>
      <Text style={{ marginTop: 2, fontSize: 10.5, lineHeight: 1.5, color: INK.soft }}>{data.kind}</Text>
    </View>
  );
}

/** The verdict: a bar at left, dark red where something is wrong, so that it is told apart in grey too by its word. */
function Verdict({ verdict }: { readonly verdict: CertificateData["verdict"] }): ReactElement {
  const colour = verdict.bad ? LEVEL_FILL[5] : INK.accent;
  return (
    <View
      style={{
        marginBottom: 6,
        paddingLeft: 12,
        paddingVertical: 8,
        paddingRight: 10,
        borderLeftWidth: 4,
        borderLeftColor: colour,
        backgroundColor: INK.faint,
      }}
    >
      <Text style={{ fontSize: 14, fontWeight: 700, lineHeight: 1.5, color: colour }}>{verdict.word}</Text>
      <Text style={{ fontSize: 10.5, lineHeight: 1.6 }}>{verdict.text}</Text>
    </View>
  );
}

/** A certificate: what was found on top, then how it was found, what it does not say, and how to verify it. */
export function certificate(data: CertificateData, locale: PdfLocale): DocumentPlan {
  const captions = new Captions(locale);
  const mark = (i: number): string => (locale === "zh-CN" ? `${i + 1}）` : `${i + 1})`);
  return documentShell({
    meta: {
      title: data.title,
      author: data.body,
      subject: data.subject,
      keywords: [data.of, data.number].join(", "),
      locale,
      created: new Date(data.createdAt),
    },
    family: "sans",
    headerRight: data.number,
    footerLeft: data.body,
    parts: [
      <>
        <Head data={data} />
        <Verdict verdict={data.verdict} />
        <KeyValue rows={data.facts} labelWidth={96} />
        {data.parts.map((part, i) => (
          <Section key={part.title} id={`part-${i + 1}`} no={String(i + 1)} title={part.title}>
            <Paras of={part.paragraphs ?? []} />
            {part.items ? <NumberedList items={part.items} mark={mark} /> : null}
            {part.facts ? <KeyValue rows={part.facts} labelWidth={96} size={9} /> : null}
            {givenTables(part.tables, captions)}
          </Section>
        ))}
        <SignatureBlock approvals={data.approvals} />
        <SealLines locale={locale} seal={data.seal} />
      </>,
    ],
  });
}
