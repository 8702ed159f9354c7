import type { ReactElement } from "react";
import { DataTable } from "../kit/table.tsx";
import { Paras, Section } from "../kit/prose.tsx";
import type { PdfSection, PdfTable } from "../types.ts";
import type { Captions } from "./captions.ts";

/** Tables given as data, numbered as they come. */
export function givenTables(tables: readonly PdfTable[] | undefined, captions: Captions): ReactElement[] {
  return (tables ?? []).map((table, i) => (
    <DataTable
      key={`given-${i}`}
      caption={captions.table(table.caption)}
      columns={table.columns}
      rows={table.rows}
      {...(table.note ? { note: table.note } : {})}
    />
  ));
}

/** Sections given as data: number, title, paragraphs, tables. */
export function givenSections(prefix: string, sections: readonly PdfSection[], captions: Captions): ReactElement[] {
  return sections.map((section) => (
    <Section key={section.no} id={`${prefix}-${section.no}`} no={section.no} title={section.title}>
      <Paras of={section.paragraphs} />
      {givenTables(section.tables, captions)}
    </Section>
  ));
}
