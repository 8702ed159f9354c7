import { Text, View } from "@react-pdf/renderer";
import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Approval } from "../types.ts";
import { INK, useSetting } from "./theme.ts";

function Field({
  label,
  value,
  width,
}: {
  readonly label: string;
  readonly value: string;
  readonly width: string;
}): ReactElement {
  return (
    <View style={{ width, flexDirection: "row", alignItems: "flex-end", paddingRight: 10 }}>
      <Text style={{ width: 40, fontSize: 8.5, lineHeight: 1.5, color: INK.soft }}>{label}</Text>
      <View style={{ flexGrow: 1, borderBottomWidth: 0.5, borderBottomColor: INK.text, minHeight: 17 }}>
        <Text style={{ fontSize: 9.5, lineHeight: 1.6 }}>{value || " "}</Text>
      </View>
    </View>
  );
}

/** Lines of approval: who signs for what, with name and date when given and room to sign when not. */
export function SignatureBlock({ approvals }: { readonly approvals: readonly Approval[] }): ReactElement {
  const { locale } = useSetting();
  return (
    <View data-flow="flow" style={{ marginTop: 10 }}>
      {approvals.map((approval, i) => (
        <View
          key={i}
          style={{
            paddingVertical: 9,
            borderTopWidth: i === 0 ? 0.8 : 0.35,
            borderTopColor: i === 0 ? INK.rule : INK.hairline,
          }}
        >
          <View style={{ flexDirection: "row", marginBottom: 5 }}>
            <Text style={{ width: "34%", fontSize: 10, fontWeight: 700, lineHeight: 1.5 }}>{approval.role}</Text>
            <Text style={{ width: "66%", fontSize: 9.5, lineHeight: 1.5 }}>{approval.unit}</Text>
          </View>
          {approval.opinion ? (
            <Text style={{ fontSize: 9.5, lineHeight: 1.6, marginBottom: 5 }}>
              {m.pdf_opinion({ opinion: approval.opinion }, { locale })}
            </Text>
          ) : null}
          <View style={{ flexDirection: "row" }}>
            <Field label={m.pdf_signed_by({}, { locale })} value={approval.name ?? ""} width="55%" />
            <Field label={m.pdf_signed_on({}, { locale })} value={approval.date ?? ""} width="45%" />
          </View>
        </View>
      ))}
    </View>
  );
}
