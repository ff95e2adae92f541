import { Buffer } from "node:buffer";

const NOTHING = Buffer.alloc(0);

/**
 * Frames that go out in one write, in order. Peers that are due the same frames have the same bundle, so their bytes are
 * joined once for all of them.
 */
export class Bundle {
  /** Bytes of all its frames. */
  readonly length: number;
  /** The frames but for the last one; null where there is none. */
  readonly #before: Bundle | null;
  readonly #last: Buffer;
  /** What was made of this one last: a broadcast asks for the same a thousand times. */
  #next: Bundle | null = null;
  #joined: Buffer | null = null;

  private constructor(before: Bundle | null, last: Buffer) {
    this.length = (before?.length ?? 0) + last.length;
    this.#before = before;
    this.#last = last;
  }

  /** A bundle without frames, which the others begin with. */
  static empty(): Bundle {
    return new Bundle(null, NOTHING);
  }

  /** These frames and one more, which is not empty. */
  with(frame: Buffer): Bundle {
    const next = this.#next;
    if (next !== null && next.#last === frame) return next;
    return this.#next = new Bundle(this, frame);
  }

  /** Its frames, one behind the other; not to be written to. */
  get bytes(): Buffer {
    return this.#joined ??= Bundle.#join(this);
  }

  static #join(whole: Bundle): Buffer {
    if (whole.length === whole.#last.length) return whole.#last;
    const joined = Buffer.allocUnsafe(whole.length);
    let end = whole.length;
    for (let part = whole; part.#before !== null; part = part.#before) {
      end -= part.#last.length;
      joined.set(part.#last, end);
    }
    return joined;
  }
}
