import type { PdfData, PdfKind, PdfLocale } from "./types.ts";

/** What the pool and its workers say to each other. */
export interface PdfJob {
  readonly id: number;
  readonly kind: PdfKind;
  readonly data: PdfData[PdfKind];
  readonly locale: PdfLocale;
}

export type PdfReply =
  | { readonly id: number; readonly type: "progress"; readonly share: number }
  | {
      readonly id: number;
      readonly type: "done";
      readonly bytes: Uint8Array;
      readonly sha256: string;
      readonly pages: number;
      readonly missing: readonly string[];
    }
  | { readonly id: number; readonly type: "failed"; readonly message: string; readonly stack: string };
