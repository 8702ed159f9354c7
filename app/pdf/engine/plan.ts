import type { ReactElement } from "react";
import type { PdfLocale } from "../types.ts";

/** A4 in points (ISO 216). */
export const PAPER = { width: 595.28, height: 841.89 } as const;

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface ContentsEntry {
  readonly id: string;
  readonly level: number;
  readonly title: string;
  /** Page of the file, from 1: the one a reader's program shows too. */
  readonly page: number;
}

export interface RunningInfo {
  readonly page: number;
  readonly pages: number;
  /** Title of the chapter the page belongs to; empty before the first. */
  readonly chapter: string;
}

export interface DocumentMeta {
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly keywords: string;
  readonly locale: PdfLocale;
  /** Written as creation date; given by the data, so that equal data make equal bytes. */
  readonly created: Date;
}

/** A document ready to be set: its pages as react-pdf elements and the two things that depend on page numbers. */
export interface DocumentPlan {
  readonly meta: DocumentMeta;
  readonly margins: Margins;
  /** `<Document>` of `<Page data-part="cover | contents | chapter">`. */
  readonly document: ReactElement;
  readonly contents: (entries: readonly ContentsEntry[]) => ReactElement;
  readonly header: (info: RunningInfo) => ReactElement;
  readonly footer: (info: RunningInfo) => ReactElement;
}
