import type { ByteSource } from "./byte_source.ts";
import type { BodyForm } from "./http_head.ts";

/** The body of one request (RFC 9112, sections 6 and 7.1), read as somebody asks for it. */
export class RequestBody {
  readonly #source: ByteSource;
  readonly #form: BodyForm;
  /** What is left of the body, or of its chunk. */
  #left: number;
  #isFirstChunk = true;
  #isWhole: boolean;

  constructor(source: ByteSource, form: BodyForm) {
    this.#source = source;
    this.#form = form;
    this.#left = form.kind === "length" ? form.bytes : 0;
    this.#isWhole = form.kind === "none";
  }

  /** Whether nothing of it is left on the connection. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * The next bytes; null at the end.
   *
   * @throws {SyntaxError} when it breaks off or its chunks are none.
   */
  async read(): Promise<Uint8Array | null> {
    if (this.#isWhole) return null;
    if (this.#left === 0) this.#left = await this.#nextChunk();
    if (this.#left === 0) {
      this.#isWhole = true;
      return null;
    }
    const bytes = await this.#source.read(this.#left);
    if (bytes === null) throw broken();
    this.#left -= bytes.length;
    const isLast = this.#left === 0 && this.#form.kind === "length";
    if (isLast) this.#isWhole = true;
    return bytes;
  }

  async #nextChunk(): Promise<number> {
    if (!this.#isFirstChunk && await this.#line() !== "") throw broken();
    this.#isFirstChunk = false;
    const [, size] = /^([0-9A-Fa-f]{1,8})(?:;.*)?$/.exec(await this.#line()) ??
      [];
    if (size === undefined) throw broken();
    const length = Number.parseInt(size, 16);
    if (length === 0) await this.#skipTrailers();
    return length;
  }

  async #skipTrailers(): Promise<void> {
    for (let lines = 0; await this.#line() !== ""; lines++) {
      if (lines === 16) throw broken();
    }
  }

  async #line(): Promise<string> {
    const line = await this.#source.readUntil("\r\n", 256);
    if (line === null) throw broken();
    return line;
  }
}

const broken = () => new SyntaxError("the body of the request broke off");
