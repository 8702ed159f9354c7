import { trimEnd } from "./trim.ts";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { AwsClient } from "aws4fetch";
import { noSpace, storageUnavailable } from "./errors.ts";
import { onDisk, type Spooled, spool } from "./spool.server.ts";
import { placeOf, type Storage } from "./storage-place.ts";
import { heard } from "./streams.server.ts";

/*
 * Storage in a bucket: Amazon S3 and what speaks its protocol (MinIO, Ceph, the object stores of Chinese clouds). Every
 * request is signed (AWS Signature Version 4) with the digest of the body, so the store refuses what was changed on the way.
 */

export interface S3Options {
  bucket: string;
  /** Path inside the bucket, without slashes at its ends. */
  prefix: string;
  /** Address of a store of one's own, reached by path; Amazon's by region where absent. */
  endpoint?: string | undefined;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Folder for what is on its way. */
  spool: string;
  /** How long a request may stand still; a minute unless a test says otherwise. */
  patienceMs?: number;
}

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const PATIENCE_MS = 60_000;
/** Of what a store says beside a failure, so much is read: bytes, and characters for the log. */
const HEARD = { bytes: 4096, logged: 300 };

/** Ends a request in which nothing has moved for so long. One that moves goes on, however slow the line and big the file. */
class Patience {
  private readonly end = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  readonly signal = this.end.signal;
  constructor(private readonly ms: number) {}
  moved(): void {
    clearTimeout(this.timer);
    const logMessage = `storage stood still for ${this.ms} ms`;
    this.timer = setTimeout(() => this.end.abort(storageUnavailable({ logMessage })), this.ms).unref();
  }
  /** Nothing is waited for at the moment. */
  rest(): void {
    clearTimeout(this.timer);
  }
}

interface Answer {
  ok: boolean;
  headers: Headers;
  body: ReadableStream<Uint8Array> | null;
}

/** A body as it comes. Where it breaks off or stands still, that is the store's failure; that a reader is slow is not. */
function bodyOf(body: ReadableStream<Uint8Array>, patience: Patience): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        patience.moved();
        try {
          const { done, value } = await onDisk(() => reader.read());
          if (done) controller.close();
          else controller.enqueue(value);
        } finally {
          patience.rest();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** How a body begins: what a store says of a failure has no measure of its own. Empty where it breaks off. */
async function beginning(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  if (!body) return "";
  try {
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      pieces.push(piece);
      bytes += piece.byteLength;
      if (bytes >= HEARD.bytes) break;
    }
  } catch {
    // The status has said enough.
  }
  return Buffer.concat(pieces).toString("utf8", 0, HEARD.bytes);
}

/** A file on its way to the store. */
const moving = (file: Readable, patience: Patience): ReadableStream<Uint8Array> =>
  (Readable.toWeb(file) as ReadableStream<Uint8Array>).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        patience.moved();
        controller.enqueue(piece);
      },
    }),
  );

class S3Storage implements Storage {
  private readonly client: AwsClient;
  private readonly base: string;
  constructor(private readonly options: S3Options) {
    const { accessKeyId, secretAccessKey, region, bucket, prefix, endpoint } = options;
    // What is sent is a stream, which can be sent once: whoever called decides whether to try again.
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 0 });
    const root =
      endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${trimEnd(endpoint, "/")}/${bucket}`;
    this.base = prefix === "" ? root : `${root}/${prefix}`;
  }

  private async ask(method: string, place: string, sent?: Spooled): Promise<Answer> {
    const headers = {
      "x-amz-content-sha256": sent?.sha256 ?? EMPTY,
      ...(sent ? { "content-length": String(sent.bytes), "content-type": "application/octet-stream" } : {}),
    };
    const url = `${this.base}/${place}`;
    const signed = await this.client.sign(url, { method, headers });
    const patience = new Patience(this.options.patienceMs ?? PATIENCE_MS);
    const file = sent && heard(createReadStream(sent.path));
    patience.moved();
    try {
      const answer = await onDisk(() =>
        fetch(url, {
          method,
          headers: signed.headers,
          // Signed for this place: another, named by an answer, is none of ours.
          redirect: "manual",
          signal: patience.signal,
          ...(file ? { body: moving(file, patience), duplex: "half" as const } : {}),
        }),
      );
      const body = answer.body && bodyOf(answer.body, patience);
      if (answer.ok) return { ok: true, headers: answer.headers, body };
      const words = await beginning(body);
      // Without its bucket a store knows nothing of any place in it.
      if (answer.status === 404 && !words.includes("NoSuchBucket"))
        return { ok: false, headers: answer.headers, body: null };
      // The store's own words are for the log; they name the bucket.
      const logMessage = `storage answered ${answer.status} to ${method} ${place}: ${words.slice(0, HEARD.logged)}`;
      throw answer.status === 507 ? noSpace({ logMessage }) : storageUnavailable({ logMessage });
    } finally {
      patience.rest();
      // A store that answers before it has read everything leaves the file open: nobody reads it to its end any more.
      file?.destroy();
    }
  }
  private async send(place: string, body: Spooled): Promise<void> {
    const answer = await this.ask("PUT", place, body);
    if (!answer.ok) throw storageUnavailable({ logMessage: `storage has no such bucket: ${this.options.bucket}` });
    await answer.body?.cancel();
  }
  private async fetch(place: string): Promise<ReadableStream<Uint8Array> | null> {
    const answer = await this.ask("GET", place);
    if (answer.ok && answer.body) return answer.body;
    await answer.body?.cancel();
    return null;
  }

  put(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    return this.putStream(new Blob([new Uint8Array(bytes)]).stream(), bytes.byteLength);
  }
  async putStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<{ sha256: string; bytes: number }> {
    const spooled = await spool(stream, this.options.spool, limit);
    try {
      const place = placeOf.digest(spooled.sha256);
      if ((await this.size(spooled.sha256)) !== spooled.bytes) await this.send(place, spooled);
      return { sha256: spooled.sha256, bytes: spooled.bytes };
    } finally {
      await spooled.discard();
    }
  }
  async size(sha256: string): Promise<number | null> {
    const answer = await this.ask("HEAD", placeOf.digest(sha256));
    await answer.body?.cancel();
    return answer.ok ? Number(answer.headers.get("content-length")) : null;
  }
  async read(sha256: string): Promise<Uint8Array> {
    const stream = await this.fetch(placeOf.digest(sha256));
    if (!stream) throw new Error(`nothing lies under ${sha256}`);
    return new Uint8Array(await onDisk(() => new Response(stream).arrayBuffer()));
  }
  stream(sha256: string): ReadableStream<Uint8Array> {
    const place = placeOf.digest(sha256);
    const later = async function* (get: () => Promise<ReadableStream<Uint8Array> | null>) {
      const found = await get();
      if (!found) throw new Error(`nothing lies under ${sha256}`);
      yield* found as unknown as AsyncIterable<Uint8Array>;
    };
    return Readable.toWeb(
      Readable.from(
        later(() => this.fetch(place)),
        { objectMode: false },
      ),
    ) as ReadableStream<Uint8Array>;
  }

  async keep(id: string, spooled: Spooled): Promise<void> {
    return this.send(placeOf.id(id), spooled);
  }
  async open(id: string): Promise<ReadableStream<Uint8Array> | null> {
    return this.fetch(placeOf.id(id));
  }
  async remove(id: string): Promise<void> {
    await (await this.ask("DELETE", placeOf.id(id))).body?.cancel();
  }
  async forget(sha256: string): Promise<void> {
    await (await this.ask("DELETE", placeOf.digest(sha256))).body?.cancel();
  }
  /**
   * Whether it answers, takes our signature and has our bucket; writing is not tried, because each object costs. Asked by
   * GET: an answer to HEAD has no words, and a bucket that is not there is the same 404 as an object.
   */
  async check(): Promise<void> {
    await (await this.fetch(placeOf.digest(EMPTY)))?.cancel();
  }
}

export const s3Storage = (options: S3Options): Storage => new S3Storage(options);
