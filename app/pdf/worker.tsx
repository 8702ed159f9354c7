import { createHash } from "node:crypto";
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { documentPlan } from "./documents/index.ts";
import { compose } from "./engine/compose.server.ts";
import type { PdfJob, PdfReply } from "./protocol.ts";

/** Progress is told at most this often, milliseconds: a message costs more than a page. */
const TELL_EVERY = 80;

async function render(job: PdfJob, reply: (message: PdfReply, transfer?: ArrayBuffer[]) => void): Promise<void> {
  let told = 0;
  const onProgress = (share: number): void => {
    const now = performance.now();
    if (now - told < TELL_EVERY) return;
    told = now;
    reply({ id: job.id, type: "progress", share });
  };
  const { bytes, pages, missing } = await compose(documentPlan(job.kind, job.data, job.locale), { onProgress });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  reply(
    { id: job.id, type: "done", bytes, sha256, pages, missing },
    bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [],
  );
}

// Pages come first: under Linux a thread has a niceness of its own, elsewhere this would be the whole process's.
if (process.platform === "linux") setPriority(0, 10);

const port = parentPort;
if (!port) throw new Error("This module runs as a worker thread");
port.on("message", (job: PdfJob) => {
  const reply = (message: PdfReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  render(job, reply).catch((error: unknown) => {
    const known = error instanceof Error ? error : new Error(String(error));
    reply({ id: job.id, type: "failed", message: known.message, stack: known.stack ?? "" });
  });
});
