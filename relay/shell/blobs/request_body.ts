/** Longest line between chunks, and bytes of trailers, that are read. */
const MOST_LINE = 256;
const MOST_TRAILERS = 2_048;
/** Chunks may be as small as they like up to so many; more of them have at least so many bytes on the average. */
const SMALL_CHUNKS = 64;
const CHUNK_BYTES = 64;
const LF = 0x0a;
const CR = 0x0d;

/** How a request's body is marked off (RFC 9112 section 6): by its length, or in chunks. */
export type Framing = { readonly length: number } | "chunked";

/** How a request says that its body is marked off; null where it does not, or in a way that is not read here. */
export function framingOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Framing | null {
  const coding = headers["transfer-encoding"];
  const length = headers["content-length"];
  if (coding !== undefined) {
    const isChunked = `${coding}`.trim().toLowerCase() === "chunked";
    return isChunked && length === undefined ? "chunked" : null;
  }
  return typeof length === "string" && /^\d{1,15}$/.test(length)
    ? { length: Number(length) }
    : null;
}

/** Takes a request's body out of what comes over its connection, piece by piece; no piece is kept. */
export class RequestBody {
  /** Bytes of the body, or of the chunk, that are to come. */
  #left: number;
  /** Between chunks: what is read next; null where all is marked off by its length. */
  #next: "size" | "data" | "data end" | "trailer" | null;
  #line = "";
  #trailers = 0;
  #chunks = 0;
  /** Bytes of them. */
  #bytes = 0;
  #isDone = false;
  /** Why it can't be read any further. */
  fault: string | null = null;

  constructor(framing: Framing) {
    this.#next = framing === "chunked" ? "size" : null;
    this.#left = framing === "chunked" ? 0 : framing.length;
    this.#isDone = framing !== "chunked" && framing.length === 0;
  }

  /** Whether all of it came. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** @returns what of it came, in order; what is behind its end is passed over. */
  take(bytes: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let rest = bytes;
    while (rest.length > 0 && !this.#isDone && this.fault === null) {
      if (this.#next === null || this.#next === "data") {
        const piece = rest.subarray(0, this.#left);
        pieces.push(piece);
        this.#left -= piece.length;
        rest = rest.subarray(piece.length);
        if (this.#left === 0) this.#filled();
      } else rest = this.#readLine(rest);
    }
    return pieces;
  }

  #filled(): void {
    if (this.#next === null) this.#isDone = true;
    else this.#next = "data end";
  }

  #readLine(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(LF);
    const part = bytes.subarray(0, end < 0 ? bytes.length : end + 1);
    this.#line += String.fromCharCode(...part.subarray(0, MOST_LINE + 1));
    if (this.#line.length > MOST_LINE) {
      this.fault = "a chunk's line is too long";
    } else if (end >= 0) this.#lineEnded();
    return bytes.subarray(part.length);
  }

  #lineEnded(): void {
    const cut = this.#line.charCodeAt(this.#line.length - 2) === CR ? 2 : 1;
    const line = this.#line.slice(0, -cut);
    this.#line = "";
    if (this.#next === "size") this.#sizeSaid(line);
    else if (this.#next === "data end") {
      if (line !== "") this.fault = "a chunk is longer than it says";
      this.#next = "size";
    } else if (line === "") this.#isDone = true;
    else if ((this.#trailers += line.length) > MOST_TRAILERS) {
      this.fault = "its trailers are too long";
    }
  }

  /** An extension may stand behind the size; none is known. */
  #sizeSaid(line: string): void {
    const [, size] = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line) ?? [];
    if (size === undefined) return void (this.fault = "a chunk has no size");
    this.#left = Number.parseInt(size, 16);
    this.#bytes += this.#left;
    const isLittle = this.#bytes < ++this.#chunks * CHUNK_BYTES;
    if (isLittle && this.#chunks > SMALL_CHUNKS) {
      return void (this.fault = "its chunks are too small");
    }
    this.#next = this.#left === 0 ? "trailer" : "data";
  }
}
