import { Link, Text, View } from "@react-pdf/renderer";
import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList } from "#app/i18n/pick.ts";
import { NumberedList } from "../kit/prose.tsx";
import { bodyOf, INK } from "../kit/theme.ts";
import type { Clause, ClauseTags, PdfLocale } from "../types.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function tagLine(tags: ClauseTags, locale: PdfLocale): string {
  const join = (values: readonly string[]): string => joinList(values, locale) || "–";
  return m.pdf_spec_tags(
    {
      dimensions: join(tags.dimensions),
      objects: join(tags.objects),
      lifecycle: join(tags.lifecycle),
      mechanisms: join(tags.mechanisms),
    },
    { locale },
  );
}

/** Marks that lead to the annex of pilot data, small and in the accent colour. */
function marks(provenance: readonly string[] | undefined): ReactElement | null {
  if (!provenance || provenance.length === 0) return null;
  return (
    <Text
      style={{ fontSize: 7, fontWeight: 700, color: INK.accent, verticalAlign: "super", fontFamily: "sans" }}
    >{` [${provenance.join(" ")}]`}</Text>
  );
}

function ClauseBody({
  clause,
  locale,
  inset,
}: {
  readonly clause: Clause;
  readonly locale: PdfLocale;
  readonly inset: number;
}): ReactElement {
  const small = { fontSize: 9, lineHeight: 1.5, paddingLeft: inset };
  const target = clause.provenance?.[0]?.split(".")[0];
  return (
    <>
      {clause.items ? (
        <NumberedList
          items={clause.items}
          mark={(i) => (locale === "zh-CN" ? `${LETTERS[i] ?? i + 1}）` : `${LETTERS[i] ?? i + 1})`)}
          indent={inset}
        />
      ) : null}
      {clause.note ? <Text style={small}>{m.pdf_spec_note({ text: clause.note }, { locale })}</Text> : null}
      {clause.tags ? (
        <Text style={{ ...small, fontSize: 7.5, fontFamily: "sans", color: INK.soft, marginBottom: 4 }}>
          {tagLine(clause.tags, locale)}
        </Text>
      ) : null}
      {target && !clause.text ? (
        <Link src={`#annex-${target}`}>
          <Text style={small}>{marks(clause.provenance)}</Text>
        </Link>
      ) : null}
    </>
  );
}

/** A clause: a titled one is a heading, a plain one a paragraph; the number hangs in front of either. */
function OneClause({
  clause,
  depth,
  locale,
}: {
  readonly clause: Clause;
  readonly depth: number;
  readonly locale: PdfLocale;
}): ReactElement {
  const body = bodyOf(locale);
  const hang = 14 + clause.no.length * 5.4;
  const target = clause.provenance?.[0]?.split(".")[0];
  const anchor = clause.title
    ? { "data-anchor": `clause-${clause.no}`, "data-level": depth + 1, "data-title": `${clause.no} ${clause.title}` }
    : {};
  const text = clause.text ? (
    <Text style={{ flexGrow: 1, fontSize: body.size, lineHeight: body.lineHeight, textAlign: body.align }}>
      {clause.text}
      {marks(clause.provenance)}
    </Text>
  ) : null;
  const row = (
    <View style={{ flexDirection: "row" }}>
      <Text style={{ width: hang, fontSize: body.size, lineHeight: body.lineHeight, fontWeight: 700 }}>
        {clause.title ? "" : clause.no}
      </Text>
      {text}
    </View>
  );
  const keep = clause.items ? { "data-keep-next": true } : {};
  return (
    <>
      {clause.title ? (
        <View
          {...anchor}
          data-keep-next
          style={{ flexDirection: "row", marginTop: depth === 1 ? 11 : 7, marginBottom: 4 }}
        >
          <Text style={{ width: hang, fontSize: body.size, lineHeight: 1.5, fontWeight: 700 }}>{clause.no}</Text>
          <Text style={{ flexGrow: 1, fontSize: body.size, lineHeight: 1.5, fontWeight: 700 }}>{clause.title}</Text>
        </View>
      ) : null}
      {text ? (
        <View {...keep} style={{ marginBottom: 3 }}>
          {target ? <Link src={`#annex-${target}`}>{row}</Link> : row}
        </View>
      ) : null}
      <ClauseBody clause={clause} locale={locale} inset={hang} />
      {clause.clauses ? <Clauses clauses={clause.clauses} depth={depth + 1} locale={locale} /> : null}
    </>
  );
}

/** Clauses of one level, with those below them. */
export function Clauses({
  clauses,
  locale,
  depth = 1,
}: {
  readonly clauses: readonly Clause[];
  readonly locale: PdfLocale;
  readonly depth?: number;
}): ReactElement {
  return (
    <>
      {clauses.map((clause) => (
        <OneClause key={clause.no} clause={clause} depth={depth} locale={locale} />
      ))}
    </>
  );
}
