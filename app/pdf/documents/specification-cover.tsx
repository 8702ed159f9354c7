import { Text, View } from "@react-pdf/renderer";
import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { PAPER } from "../engine/plan.ts";
import { MARGINS, MEASURE, SealLines } from "../kit/document-shell.tsx";
import { INK } from "../kit/theme.ts";
import type { PdfLocale, SpecificationData } from "../types.ts";

/** Name, English name, conformity and status, in the middle of the sheet. */
function Names({ data }: { readonly data: SpecificationData }): ReactElement {
  return (
    <View style={{ position: "absolute", top: 348, left: 0, width: MEASURE }}>
      <Text data-balance style={{ fontSize: 25, lineHeight: 1.45, fontWeight: 700, textAlign: "center" }}>
        {data.title}
      </Text>
      {data.englishTitle === data.title ? null : (
        <Text data-balance style={{ marginTop: 16, fontSize: 12.5, lineHeight: 1.5, textAlign: "center" }}>
          {data.englishTitle}
        </Text>
      )}
      {data.conformity ? (
        <Text style={{ marginTop: 14, fontSize: 10.5, lineHeight: 1.5, textAlign: "center" }}>{data.conformity}</Text>
      ) : null}
      <Text style={{ marginTop: 22, fontSize: 10.5, lineHeight: 1.5, textAlign: "center", color: INK.soft }}>
        {data.status}
      </Text>
    </View>
  );
}

/** Cover of a standard: classification, level, number, name and English name, dates, issuer (GB/T 1.1-2020, 8.1). */
export function StandardCover({
  data,
  locale,
}: {
  readonly data: SpecificationData;
  readonly locale: PdfLocale;
}): ReactElement {
  const width = MEASURE;
  const plain = { fontSize: 10.5, lineHeight: 1.6 };
  return (
    <View style={{ height: PAPER.height, paddingLeft: MARGINS.left, paddingRight: MARGINS.right }}>
      <View style={{ marginTop: 62, flexDirection: "row" }}>
        <View style={{ width: "50%" }}>
          <Text style={{ ...plain, fontWeight: 700 }}>{data.ics}</Text>
          <Text style={{ ...plain, fontWeight: 700 }}>{data.ccs}</Text>
        </View>
        <Text style={{ width: "50%", fontSize: 34, lineHeight: 1.2, fontWeight: 700, textAlign: "right" }}>
          {data.code}
        </Text>
      </View>
      <Text
        style={{
          marginTop: 42,
          fontSize: 22,
          lineHeight: 1.4,
          fontWeight: 700,
          textAlign: "center",
          letterSpacing: locale === "zh-CN" ? 5 : 0,
        }}
      >
        {data.level}
      </Text>
      <View style={{ marginTop: 34, paddingBottom: 7, borderBottomWidth: 1, borderBottomColor: INK.rule }}>
        <Text style={{ fontSize: 12, lineHeight: 1.5, fontWeight: 700, textAlign: "right" }}>{data.number}</Text>
        {data.replaces ? (
          <Text style={{ fontSize: 9.5, lineHeight: 1.5, textAlign: "right" }}>
            {m.pdf_spec_replaces({ number: data.replaces }, { locale })}
          </Text>
        ) : null}
      </View>
      <Names data={data} />
      <View
        style={{
          position: "absolute",
          top: 668,
          left: 0,
          width,
          flexDirection: "row",
          paddingBottom: 7,
          borderBottomWidth: 1,
          borderBottomColor: INK.rule,
        }}
      >
        <Text style={{ width: "50%", fontSize: 12, lineHeight: 1.5, fontWeight: 700 }}>
          {m.pdf_spec_published({ date: data.published }, { locale })}
        </Text>
        <Text style={{ width: "50%", fontSize: 12, lineHeight: 1.5, fontWeight: 700, textAlign: "right" }}>
          {m.pdf_spec_effective({ date: data.effective }, { locale })}
        </Text>
      </View>
      <Text
        style={{
          position: "absolute",
          top: 704,
          left: 0,
          width,
          fontSize: 15,
          lineHeight: 1.6,
          fontWeight: 700,
          textAlign: "center",
        }}
      >
        {m.pdf_spec_issued_by({ issuer: data.issuer }, { locale })}
      </Text>
      <View style={{ position: "absolute", top: 764, left: 0, width }}>
        <SealLines locale={locale} seal={data.seal} />
      </View>
    </View>
  );
}
