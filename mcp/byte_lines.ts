/** A line without its end, or that it was longer than it may be: then nothing of it was kept. */
export type ByteLine = Uint8Array | "too long";

const NEWLINE = 0x0a;

/** Cuts bytes into lines, and holds no more than one line of the longest length. */
export class ByteLines {
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #length = 0;

  /** @param longest bytes that a line may have. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that these bytes end, in order. */
  *add(bytes: Uint8Array): Generator<ByteLine> {
    for (let from = 0; from < bytes.length;) {
      const at = bytes.indexOf(NEWLINE, from);
      this.#keep(bytes.subarray(from, at < 0 ? bytes.length : at));
      if (at < 0) return;
      yield this.#take();
      from = at + 1;
    }
  }

  /** What stands after the last line's end. */
  rest(): ByteLine {
    return this.#take();
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#longest) this.#parts = [];
    else this.#parts.push(part);
  }

  #take(): ByteLine {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    if (length > this.#longest) return "too long";
    const line = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      line.set(part, at);
      at += part.length;
    }
    return line;
  }
}
