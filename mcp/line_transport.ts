import type { Transport } from "@modelcontextprotocol/sdk/shared/transport";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";
import type { Clock } from "../lib/clock.ts";
import { Failure } from "../lib/errors.ts";
import { type ByteLine, ByteLines } from "./byte_lines.ts";
import { type Refusal, refusal, RPC_CODE } from "./json_rpc.ts";
import { OpenRequests } from "./open_requests.ts";

/** Longest line that is read, in bytes: a text of 32 KB with every character escaped takes 200,000. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** How long answers may take once the input has ended, in milliseconds: a host that is gone waits for none. */
const LAST_ANSWERS_MS = 2_000;

/** The two ways to a host. */
export interface HostStreams {
  readonly input: ReadableStream<Uint8Array>;
  /** Writes all of it; rejects when the host can't have it, and knows of it: the transport then only closes. */
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * JSON values, one a line, over two streams or one socket for both (MCP, "stdio"). It is closed when the host has
 * gone, by whatever way that shows: the end of the input, an error of it, an output that can't be written. A line
 * that is no JSON is answered. What the values are is not looked at: {@link CheckedTransport} does.
 */
export class LineTransport implements Transport {
  readonly #clock: Clock;
  readonly #streams: HostStreams;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #written: Promise<Error | null> = Promise.resolve(null);
  readonly #requests = new OpenRequests();
  #isClosed = false;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;

  constructor(clock: Clock, streams: HostStreams) {
    this.#clock = clock;
    this.#streams = streams;
    this.#reader = streams.input.getReader();
  }

  start(): Promise<void> {
    this.#read().catch((error) => this.#inputFailed(error));
    return Promise.resolve();
  }

  /** Rejects when the host can't have it. */
  async send(message: JSONRPCMessage): Promise<void> {
    const failure = await this.#write(message);
    if (failure !== null) throw failure;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#end();
    await this.#reader.cancel();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onclose?.();
  }

  async #read(): Promise<void> {
    const lines = new ByteLines(LONGEST_LINE);
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (this.#isClosed) return;
      if (done) break;
      for (const line of lines.add(value)) this.#hear(line);
    }
    this.#hear(lines.rest());
    await this.#lastAnswers();
    this.#end();
  }

  #hear(line: ByteLine): void {
    if (line === "too long") {
      const why = `a line has to be at most ${LONGEST_LINE} bytes long`;
      return this.#refuse(refusal(null, RPC_CODE.request, why));
    }
    const read = readJson(line);
    if (read === "no json") {
      const why = "a line has to be one JSON object, in UTF-8";
      return this.#refuse(refusal(null, RPC_CODE.parse, why));
    }
    if (read === "blank") return;
    this.#requests.heard(read.value);
    this.onmessage?.(read.value as JSONRPCMessage);
  }

  /** Waits until all that was asked is answered, so that `printf … | agentnet mcp` gets it, or the host had its time. */
  #lastAnswers(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(LAST_ANSWERS_MS, resolve);
      this.#requests.none().then(() => this.#written).then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #refuse(answer: Refusal): void {
    this.#write(answer);
  }

  /** Writes after all that came before; resolves to what it failed of, if it did. */
  #write(message: JSONRPCMessage | Refusal): Promise<Error | null> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    this.#written = this.#written.then(() => this.#streams.write(bytes)).then(
      () => {
        this.#requests.sent(message);
        return null;
      },
      async (error: Error) => {
        await this.close();
        return error;
      },
    );
    return this.#written;
  }

  #inputFailed(cause: Error): void {
    if (this.#isClosed) return;
    if (!isEnd(cause)) {
      const { message: reason } = cause;
      const fields = { action: "read", path: "standard input", reason };
      const fix = "start it with a pipe or a socket there";
      this.onerror?.(
        new Failure("FILE_TROUBLE", { fields: { ...fields, fix }, cause }),
      );
    }
    this.#end();
  }
}

/** A host that goes with answers unread resets the connection, and a terminal that was closed has no input: no trouble. */
function isEnd(error: Error): boolean {
  const { code } = error as { readonly code?: unknown };
  return error instanceof Deno.errors.ConnectionReset || code === "EIO";
}

function readJson(
  line: Uint8Array,
): { readonly value: unknown } | "blank" | "no json" {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(line);
    return text.trim() === "" ? "blank" : { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) {
      return "no json";
    }
    throw error;
  }
}
