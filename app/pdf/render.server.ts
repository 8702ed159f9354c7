import { Worker } from "node:worker_threads";
import { PdfRenderError } from "./errors.ts";
import type { PdfJob, PdfReply } from "./protocol.ts";
import type { PdfData, PdfKind, PdfLocale } from "./types.ts";
import { workerEntry } from "./worker-entry.server.ts";

export { PdfRenderError } from "./errors.ts";

export interface PdfResult {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hexadecimal. Equal data and language give equal bytes. */
  readonly sha256: string;
  readonly pages: number;
  /** Characters that no font has: printed as 〓, still there for search and copying. */
  readonly missing: readonly string[];
}

export interface RenderOptions {
  /** Aborting drops a waiting job and stops a running one; the promise rejects with `pdf_aborted`. */
  readonly signal?: AbortSignal;
  /** Share of the work done, 0…1. */
  readonly onProgress?: (share: number) => void;
}

export interface PoolOptions {
  /** Threads at most; they are started when needed. */
  readonly workers?: number;
  /** Documents a thread makes before a fresh one takes its place: fonts and caches never grow without end. */
  readonly recycleAfter?: number;
}

interface Waiting {
  readonly job: PdfJob;
  readonly options: RenderOptions;
  readonly resolve: (result: PdfResult) => void;
  readonly reject: (error: PdfRenderError) => void;
  readonly unlisten: () => void;
}

class Thread {
  readonly worker: Worker;
  made = 0;
  current: Waiting | undefined;

  constructor(private readonly pool: PdfPool) {
    const entry = workerEntry();
    this.worker = new Worker(entry.source, {
      eval: entry.evaluate,
      env: { ...process.env, ...entry.env },
      execArgv: [],
    });
    this.worker.on("message", (reply: PdfReply) => this.pool.replied(this, reply));
    this.worker.on("error", (error) => this.pool.lost(this, error));
    this.worker.on("exit", (code) => this.pool.lost(this, new Error(`The PDF worker ended with code ${code}`)));
    // A waiting pool must not keep a finished process alive.
    this.worker.unref();
  }
}

/** Worker threads that make documents; a page loop would otherwise hold up every request for as long as a report takes. */
export class PdfPool {
  private readonly threads = new Set<Thread>();
  private readonly queue: Waiting[] = [];
  private closed = false;
  private count = 0;
  private readonly size: number;
  private readonly recycleAfter: number;

  constructor({ workers = 2, recycleAfter = 50 }: PoolOptions = {}) {
    this.size = Math.max(1, workers);
    this.recycleAfter = Math.max(1, recycleAfter);
  }

  /** Makes one document. Rejects with PdfRenderError only. */
  render<K extends PdfKind>(
    kind: K,
    data: PdfData[K],
    locale: PdfLocale,
    options: RenderOptions = {},
  ): Promise<PdfResult> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new PdfRenderError("pdf_closed", "The PDF pool is closed"));
      if (options.signal?.aborted) return reject(new PdfRenderError("pdf_aborted", "Aborted before it began"));
      this.count += 1;
      const onAbort = (): void => this.abort(waiting);
      const waiting: Waiting = {
        job: { id: this.count, kind, data, locale },
        options,
        resolve,
        reject,
        unlisten: () => options.signal?.removeEventListener("abort", onAbort),
      };
      options.signal?.addEventListener("abort", onAbort, { once: true });
      this.queue.push(waiting);
      this.next();
    });
  }

  /** Lets running documents finish, refuses waiting ones, ends the threads. */
  async close(): Promise<void> {
    this.closed = true;
    for (const waiting of this.queue.splice(0))
      this.fail(waiting, new PdfRenderError("pdf_closed", "The PDF pool is closed"));
    await Promise.all([...this.threads].map((thread) => (thread.current ? this.finished(thread) : this.end(thread))));
  }

  private finished(thread: Thread): Promise<void> {
    return new Promise((resolve) => {
      thread.worker.once("exit", () => resolve());
    });
  }

  private async end(thread: Thread): Promise<void> {
    this.threads.delete(thread);
    await thread.worker.terminate();
  }

  private next(): void {
    if (this.queue.length === 0) return;
    const idle = [...this.threads].find((thread) => !thread.current);
    const thread = idle ?? (this.threads.size < this.size ? this.start() : undefined);
    const waiting = thread ? this.queue.shift() : undefined;
    if (!thread || !waiting) return;
    thread.current = waiting;
    thread.worker.ref();
    try {
      thread.worker.postMessage(waiting.job, []);
    } catch (error) {
      // Data that cannot be copied to a thread (a function, a class with private state) is the caller's mistake.
      thread.current = undefined;
      thread.worker.unref();
      this.fail(
        waiting,
        new PdfRenderError("pdf_failed", "The data of the document cannot be sent to the worker", { cause: error }),
      );
      this.next();
    }
  }

  private start(): Thread {
    const thread = new Thread(this);
    this.threads.add(thread);
    return thread;
  }

  private fail(waiting: Waiting, error: PdfRenderError): void {
    waiting.unlisten();
    waiting.reject(error);
  }

  private abort(waiting: Waiting): void {
    const place = this.queue.indexOf(waiting);
    if (place >= 0) this.queue.splice(place, 1);
    const thread = [...this.threads].find((candidate) => candidate.current === waiting);
    if (thread) {
      // Setting type is one long calculation: the only way to stop it is to stop its thread.
      thread.current = undefined;
      void this.end(thread);
    }
    this.fail(waiting, new PdfRenderError("pdf_aborted", "Aborted"));
    this.next();
  }

  /** A worker's message. @internal */
  replied(thread: Thread, reply: PdfReply): void {
    const waiting = thread.current;
    if (!waiting || waiting.job.id !== reply.id) return;
    if (reply.type === "progress") {
      waiting.options.onProgress?.(reply.share);
      return;
    }
    thread.current = undefined;
    thread.made += 1;
    thread.worker.unref();
    if (reply.type === "done") {
      waiting.unlisten();
      waiting.options.onProgress?.(1);
      waiting.resolve({ bytes: reply.bytes, sha256: reply.sha256, pages: reply.pages, missing: reply.missing });
    } else {
      this.fail(waiting, new PdfRenderError("pdf_failed", reply.message, { cause: reply.stack }));
    }
    if (this.closed || thread.made >= this.recycleAfter) void this.end(thread);
    this.next();
  }

  /** A worker that ended, whether it was told to or crashed. @internal */
  lost(thread: Thread, error: unknown): void {
    const waiting = thread.current;
    thread.current = undefined;
    this.threads.delete(thread);
    if (waiting)
      this.fail(
        waiting,
        new PdfRenderError("pdf_worker_crashed", "The PDF worker stopped while making the document", { cause: error }),
      );
    if (!this.closed) this.next();
  }
}

let shared: PdfPool | undefined;

/** Makes a document in the shared pool: the one entry for the rest of the application. */
export function renderPdf<K extends PdfKind>(
  kind: K,
  data: PdfData[K],
  locale: PdfLocale,
  options: RenderOptions = {},
): Promise<PdfResult> {
  shared ??= new PdfPool();
  return shared.render(kind, data, locale, options);
}

/** Ends the shared pool: running documents finish, waiting ones are refused. A later call starts anew. */
export async function closePdfPool(): Promise<void> {
  const pool = shared;
  shared = undefined;
  await pool?.close();
}
