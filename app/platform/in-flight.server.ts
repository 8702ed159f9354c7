/*
 * What the main thread is at, in memory that another thread reads while the main one stands still: nothing can be asked
 * of it then. Writing an entry costs a microsecond.
 */

const slots = 32;
/** One slot: when it began, the length of its text, the text. */
const slotBytes = 256;
const textAt = 16;

class InFlight {
  private readonly encoder = new TextEncoder();
  private readonly bytes: Uint8Array;
  private readonly times: BigInt64Array;
  private readonly lengths: Int32Array;
  private readonly free = Array.from({ length: slots }, (_, n) => slots - 1 - n);
  constructor(readonly memory = new SharedArrayBuffer(slots * slotBytes)) {
    this.bytes = new Uint8Array(memory);
    this.times = new BigInt64Array(memory);
    this.lengths = new Int32Array(memory);
  }

  /** @returns what to call at its end. Beyond the number of slots nothing is noted. */
  begin(what: string): () => void {
    const slot = this.free.pop();
    if (slot === undefined) return () => undefined;
    const at = slot * slotBytes;
    const { written } = this.encoder.encodeInto(what, this.bytes.subarray(at + textAt, at + slotBytes));
    this.times[at / 8] = process.hrtime.bigint();
    Atomics.store(this.lengths, at / 4 + 2, written);
    return () => {
      Atomics.store(this.lengths, at / 4 + 2, 0);
      this.free.push(slot);
    };
  }
}

/** Of this process. */
export const inFlight = new InFlight();
