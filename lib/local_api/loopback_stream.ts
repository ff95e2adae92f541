import { challengeListener } from "./challenge.ts";
import { CutOff } from "./cut_off.ts";
import { dialLoopback } from "./dial.ts";
import { Unproven } from "./unproven.ts";

/** A request whose body, or whose answer, is too large to be held. */
export interface StreamRequest {
  readonly method: "GET" | "PUT";
  readonly token: string;
  /** Of a PUT. */
  readonly body?: {
    readonly size: number;
    readonly pieces: AsyncIterable<Uint8Array>;
  };
  readonly signal: AbortSignal;
}

/** An answer that comes piece by piece; what it holds is to be read to its end, or given up by `return`. */
export interface StreamedAnswer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Asks for what {@link loopbackStream} asks for; tests stand in for it. */
export type Stream = (
  url: string,
  request: StreamRequest,
) => Promise<StreamedAnswer>;

const PIECE = 64 * 1024;
const MOST_HEAD = 16 * 1024;

/**
 * One request to the daemon on this host, as {@link loopbackFetch} makes it, with bodies of any length. It speaks
 * HTTP/1.0, to which an answer without a length comes as it is, and ends with the connection (RFC 9112, section 6.3).
 *
 * @param url `http://` with a loopback address and a port.
 * @throws as {@link loopbackFetch}; and what `pieces` throws.
 */
export const loopbackStream: Stream = async (url, request) => {
  const to = new URL(url);
  const { host, pathname, search } = to;
  const { signal, token } = request;
  signal.throwIfAborted();
  const connection = await dialLoopback(to);
  const line = new Line(connection, signal);
  try {
    await challengeListener(connection, { token, host });
    const writing = line.send(head(host, pathname + search, request), request);
    const status = await line.status();
    return { status, body: line.rest(writing) };
  } catch (error) {
    line.close();
    if (error instanceof Unproven) throw error;
    throw line.reason(error);
  }
};

/** The connection, and what was read ahead of it. */
class Line {
  readonly #connection: Deno.Conn;
  readonly #signal: AbortSignal;
  readonly #hangUp = () => this.close();
  #ahead: Uint8Array = new Uint8Array();
  #isClosed = false;
  /** Why the body could not be sent, where that is no fault of the line. */
  #unread: { readonly error: unknown } | undefined;

  constructor(connection: Deno.Conn, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
    signal.addEventListener("abort", this.#hangUp, { once: true });
  }

  /** Never rejects: what the other end says of a body that broke off comes first. */
  async send(head: Uint8Array, { body }: StreamRequest): Promise<void> {
    const pieces = body?.pieces[Symbol.asyncIterator]();
    try {
      await this.#write(head);
      for (;;) {
        const next = await this.#next(pieces);
        if (next === null) return;
        await this.#write(next);
      }
    } catch (error) {
      // The answer tells why it is not taken, or that there is none.
      if (!(error instanceof Error)) throw error;
    } finally {
      await pieces?.return?.();
    }
  }

  async status(): Promise<number> {
    let text = "";
    for (;;) {
      const end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        this.#ahead = this.#ahead.subarray(end + 4);
        const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(text) ?? [];
        if (status === undefined) throw new SyntaxError("no HTTP answer");
        return Number(status);
      }
      const piece = await this.#read();
      if (piece === null || text.length > MOST_HEAD) {
        throw new SyntaxError("no HTTP answer");
      }
      text += new TextDecoder("latin1").decode(piece);
      const whole = new Uint8Array(this.#ahead.length + piece.length);
      whole.set(this.#ahead);
      whole.set(piece, this.#ahead.length);
      this.#ahead = whole;
    }
  }

  async *rest(writing: Promise<void>): AsyncGenerator<Uint8Array> {
    try {
      if (this.#ahead.length > 0) yield this.#ahead;
      for (;;) {
        const piece = await this.#read();
        if (piece === null) break;
        yield piece;
      }
      await writing;
    } catch (error) {
      throw this.reason(error);
    } finally {
      this.close();
    }
  }

  /** What is to be said of a fault. */
  reason(error: unknown): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    return this.#unread?.error ?? new CutOff(error);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal.removeEventListener("abort", this.#hangUp);
    this.#connection.close();
  }

  /** What can't be read ends the connection: the other end must not take what came for all of it. */
  async #next(
    pieces: AsyncIterator<Uint8Array> | undefined,
  ): Promise<Uint8Array | null> {
    try {
      const { done, value } = await pieces?.next() ??
        { done: true, value: undefined };
      return done ? null : value;
    } catch (error) {
      this.#unread = { error };
      this.close();
      throw error;
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#connection.write(bytes.subarray(at));
    }
  }

  async #read(): Promise<Uint8Array | null> {
    const piece = new Uint8Array(PIECE);
    const read = await this.#connection.read(piece);
    return read === null ? null : piece.subarray(0, read);
  }
}

function head(
  host: string,
  target: string,
  { method, token, body }: StreamRequest,
): Uint8Array {
  if (/[^\x20-\x7e]/.test(token)) {
    throw new TypeError("the token can't be sent");
  }
  const lines = [
    `${method} ${target} HTTP/1.0`,
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    ...(body === undefined ? [] : [
      "content-type: application/octet-stream",
      `content-length: ${body.size}`,
    ]),
    ...["", ""],
  ];
  return new TextEncoder().encode(lines.join("\r\n"));
}
