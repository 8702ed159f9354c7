export type PdfErrorCode = "pdf_failed" | "pdf_worker_crashed" | "pdf_aborted" | "pdf_closed";

/** A document that could not be made. `code` is stable; `cause` holds what the worker threw. */
export class PdfRenderError extends Error {
  override readonly name = "PdfRenderError";

  constructor(
    readonly code: PdfErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
