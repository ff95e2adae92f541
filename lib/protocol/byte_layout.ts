/** Reads one thing after the other; past the end everything is empty, and it is never done. */
export class ByteReader {
  #rest: Uint8Array;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#rest = bytes;
  }

  /** Whether all was read, and nothing past the end. */
  get isDone(): boolean {
    return !this.#isShort && this.#rest.length === 0;
  }

  /** The next bytes; fewer past the end. */
  take(count: number): Uint8Array {
    if (count > this.#rest.length) this.#isShort = true;
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** Of so many bytes, the highest first. */
  number(count: number): number {
    return this.take(count).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** What is left. */
  rest(): Uint8Array {
    return this.take(this.#rest.length);
  }

  /** UTF-8 with its length before it; null for what is none. */
  text(lengthBytes: number): string | null {
    return utf8Text(this.take(this.number(lengthBytes)));
  }
}

/** The text of UTF-8 bytes, each kept; null for what is no UTF-8. */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    const decoder = new TextDecoder("utf-8", {
      fatal: true,
      ignoreBOM: true,
    });
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** UTF-8 with its length before it, in so many bytes. @throws {RangeError} for a longer one. */
export function counted(text: string, lengthBytes: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return joined(bigEndian(bytes.length, lengthBytes), bytes);
}

/** A whole number in so many bytes, the highest first. @throws {RangeError} where it does not fit. */
export function bigEndian(value: number, count: number): Uint8Array {
  if (value >= 256 ** count) throw new RangeError("it is too large");
  return Uint8Array.from(
    { length: count },
    (_, at) => Math.floor(value / 256 ** (count - 1 - at)) % 256,
  );
}

/** One after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
