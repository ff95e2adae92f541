/** What is read of a connection, with bytes that were read too early put first. */
export class ByteSource {
  readonly #connection: Pick<Deno.Conn, "read">;
  #early: Uint8Array = new Uint8Array();

  constructor(connection: Pick<Deno.Conn, "read">) {
    this.#connection = connection;
  }

  /** The next bytes, at most so many; null at the end. */
  async read(most: number): Promise<Uint8Array | null> {
    if (this.#early.length > 0) {
      const bytes = this.#early.subarray(0, most);
      this.#early = this.#early.subarray(bytes.length);
      return bytes;
    }
    const buffer = new Uint8Array(Math.min(most, 16 * 1024));
    const read = await this.#connection.read(buffer);
    return read === null ? null : buffer.subarray(0, read);
  }

  /**
   * Everything up to `end`, which is left out; null when the connection ends before.
   *
   * @throws {RangeError} when that is more than `most` bytes.
   */
  async readUntil(end: string, most: number): Promise<string | null> {
    let text = "";
    for (;;) {
      const bytes = await this.read(4_096);
      if (bytes === null) return null;
      const from = Math.max(0, text.length - end.length + 1);
      text += latin1(bytes);
      const at = text.indexOf(end, from);
      if (at > most || (at < 0 && text.length > most + end.length)) {
        throw new RangeError("too long");
      }
      if (at < 0) continue;
      this.#putBack(bytes, text.length - at - end.length);
      return text.slice(0, at);
    }
  }

  /** Reads on and drops what comes, until the connection ends, breaks, or so many bytes have come. Never throws. */
  async drain(most: number): Promise<void> {
    for (let bytes = 0; bytes < most;) {
      const count = await this.read(16 * 1024).then(lengthOf, ended);
      if (count === null) return;
      bytes += count;
    }
  }

  /** Gives the last bytes of what was just read out again. */
  #putBack(bytes: Uint8Array, count: number): void {
    const rest = bytes.subarray(bytes.length - count);
    const early = new Uint8Array(rest.length + this.#early.length);
    early.set(rest);
    early.set(this.#early, rest.length);
    this.#early = early;
  }
}

const lengthOf = (bytes: Uint8Array | null) => bytes?.length ?? null;
/** A connection that broke has ended too. */
const ended = () => null;

/** A character a byte. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
