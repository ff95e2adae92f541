import type { Clock, Timer } from "../clock.ts";
import { ByteSource } from "./byte_source.ts";
import { parseRequestHead, type RequestHead } from "./http_head.ts";
import { RequestBody } from "./request_body.ts";

/** Bounds of one connection. */
export const HTTP_CONNECTION = {
  /** From connecting to the whole head of the request. */
  headMs: 10_000,
  headBytes: 16 * 1024,
  /** Within which a reader takes something of the answer. */
  writeMs: 30_000,
  writeBytes: 64 * 1024,
  /** How long, and how much, is read on after the answer: closed at once, the answer itself could be lost. */
  lingerMs: 1_000,
  lingerBytes: 1024 * 1024,
} as const;

export interface HttpConnectionOptions {
  readonly connection: Deno.Conn;
  /** `http://host:port`, without what callers say of it. */
  readonly base: string;
  readonly handler: (request: Request) => Promise<Response>;
  readonly clock: Clock;
  /** Called with what a handler threw. */
  readonly failed: (error: unknown) => void;
}

/** One connection to a listener on loopback: one request, one answer, and its end. */
export class HttpConnection {
  readonly #options: HttpConnectionOptions;
  readonly #source: ByteSource;
  readonly #gone = new AbortController();
  #isSilent = true;
  #isClosed = false;

  constructor(options: HttpConnectionOptions) {
    this.#options = options;
    this.#source = new ByteSource(options.connection);
  }

  /** Whether no whole request has come yet. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Returns when the answer has gone out, or nobody is there to take it. Never throws. */
  async serve(): Promise<void> {
    try {
      const head = await this.#readHead();
      this.#isSilent = false;
      if (head !== null) await this.#answer(head);
      await this.#options.connection.closeWrite();
    } catch {
      // Whoever asked has gone, or was ended: there is nobody to tell.
      this.close();
    }
  }

  /** Reads on for a moment after the answer, and closes. Never throws. */
  async linger(): Promise<void> {
    const timer = this.#closeAfter(HTTP_CONNECTION.lingerMs);
    await this.#source.drain(HTTP_CONNECTION.lingerBytes);
    timer.cancel();
    this.close();
  }

  /** Ends it, whatever it was about. */
  close(): void {
    this.#gone.abort();
    if (!this.#isClosed) this.#options.connection.close();
    this.#isClosed = true;
  }

  /** null when there is none to answer. */
  async #readHead(): Promise<RequestHead | null> {
    const timer = this.#closeAfter(HTTP_CONNECTION.headMs);
    try {
      const text = await this.#source.readUntil(
        "\r\n\r\n",
        HTTP_CONNECTION.headBytes,
      );
      if (text === null) return null;
      const head = parseRequestHead(text);
      if (head === null) await this.#refuse("400 Bad Request");
      return head;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      await this.#refuse("431 Request Header Fields Too Large");
      return null;
    } finally {
      timer.cancel();
    }
  }

  async #answer(head: RequestHead): Promise<void> {
    const body = new RequestBody(this.#source, head.body);
    if (body.isWhole) this.#watchCaller();
    const request = this.#request(head, body);
    const response = await this.#responseTo(request);
    await this.#write(head, response);
  }

  #request(
    { method, target, headers, isHttp10 }: RequestHead,
    body: RequestBody,
  ): Request {
    const { base } = this.#options;
    const init = { method, headers, signal: this.#gone.signal };
    if (body.isWhole || method === "GET" || method === "HEAD") {
      return new Request(base + target, init);
    }
    const expects = headers.get("expect")?.toLowerCase() === "100-continue";
    let mustSayGoOn = expects && !isHttp10;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        if (mustSayGoOn) await this.#send("HTTP/1.1 100 Continue\r\n\r\n");
        mustSayGoOn = false;
        const bytes = await body.read();
        if (bytes !== null) return controller.enqueue(bytes.slice());
        controller.close();
        this.#watchCaller();
      },
    }, { highWaterMark: 0 });
    return new Request(base + target, { ...init, body: stream });
  }

  /** What comes after the request is nobody's: it is read to notice when the caller goes away. */
  #watchCaller(): void {
    void this.#source.drain(HTTP_CONNECTION.lingerBytes)
      .then(() => this.#gone.abort());
  }

  async #responseTo(request: Request): Promise<Response> {
    try {
      return await this.#options.handler(request);
    } catch (error) {
      this.#options.failed(error);
      return new Response("internal error\n", { status: 500 });
    }
  }

  /** A stream of events goes out as it comes, up to the connection's end; all else has a length. */
  async #write(head: RequestHead, response: Response): Promise<void> {
    const { status, headers } = response;
    const isStream = headers.get("content-type")?.startsWith(
      "text/event-stream",
    );
    if (isStream && response.body !== null) {
      await this.#send(headText(status, headers));
      return await this.#stream(response.body);
    }
    const body = new Uint8Array(await response.arrayBuffer());
    headers.set("content-length", String(body.length));
    const top = new TextEncoder().encode(headText(status, headers));
    await this.#sendBytes(
      head.method === "HEAD" ? top : joined(top, body),
    );
  }

  async #stream(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const cancel = () => void reader.cancel();
    this.#gone.signal.addEventListener("abort", cancel, { once: true });
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        await this.#sendBytes(value);
      }
    } finally {
      this.#gone.signal.removeEventListener("abort", cancel);
      await reader.cancel();
    }
  }

  #refuse(status: string): Promise<void> {
    return this.#send(
      `HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );
  }

  #send(text: string): Promise<void> {
    return this.#sendBytes(new TextEncoder().encode(text));
  }

  async #sendBytes(bytes: Uint8Array): Promise<void> {
    const { writeMs, writeBytes } = HTTP_CONNECTION;
    for (let at = 0; at < bytes.length;) {
      const timer = this.#closeAfter(writeMs);
      try {
        at += await this.#options.connection.write(
          bytes.subarray(at, at + writeBytes),
        );
      } finally {
        timer.cancel();
      }
    }
  }

  #closeAfter(ms: number): Timer {
    return this.#options.clock.after(ms, () => this.close());
  }
}

function headText(status: number, headers: Headers): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${REASON[status] ?? "Status"}\r\n${
    lines.join("")
  }connection: close\r\n\r\n`;
}

/** For people who look at the bytes; nobody decides by it (RFC 9112, section 4). */
const REASON: Readonly<Record<number, string>> = {
  200: "OK",
  202: "Accepted",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
