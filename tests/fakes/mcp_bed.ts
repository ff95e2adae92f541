// An MCP host in this process, and a daemon that answers by table.

// @ts-types="@modelcontextprotocol/sdk/client/index"
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
// @ts-types="@modelcontextprotocol/sdk/inMemory"
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";
import { Failure } from "../../lib/errors.ts";
import { localApi } from "../../lib/local_api/client.ts";
import type { FileTransfer } from "../../lib/local_api/file_transfer.ts";
import { defined } from "../../lib/defined.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { WakeAnswer } from "../../lib/local_api/types/wakes.ts";
import { serveMcp } from "../../mcp/serve.ts";
import type { WakeOptions } from "../../mcp/wake_ways.ts";
import { somePage } from "./api_values.ts";
import { FakeClock } from "./fake_clock.ts";

/** A request that came to the daemon. */
export interface Call {
  readonly route: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** `METHOD route` to what the daemon answers there; a route without a row is NOT_FOUND. */
export type Answers = Record<string, (call: Call) => unknown>;

/** A server, its daemon, and the way to them; a long poll is answered by {@link McpBed.arrive} alone. */
export class McpBed implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly calls: Call[] = [];
  readonly troubles: Failure[] = [];
  /** A host of the SDK, once {@link McpBed.open} connected it. */
  readonly client: Client;
  /** The host's end, for one that is not of the SDK. */
  readonly transport: InMemoryTransport;
  readonly answers: Answers;
  /** Files to the daemon, and from it. */
  transfer: FileTransfer = {
    put: () => Promise.reject(new Failure("NO_DAEMON")),
    get: () => Promise.reject(new Failure("NO_DAEMON")),
  };
  /** Until then who wants to ask the daemon waits for it. */
  daemonComes: Promise<void> = Promise.resolve();
  readonly #ended = new AbortController();
  readonly #serving: Promise<void>;
  #arrived: (messages: readonly ReceivedMessage[]) => void = () => {};
  readonly #wakes: ((answer: WakeAnswer | Failure) => void)[] = [];

  private constructor(
    answers: Answers,
    wakes?: WakeOptions,
    name = "host",
  ) {
    this.client = new Client({ name, version: "1" });
    this.answers = answers;
    const [here, there] = InMemoryTransport.createLinkedPair();
    this.transport = here;
    const place = { address: "127.0.0.1:9", token: "a-token-of-the-bed" };
    const api = localApi(place, (url, init) => this.#fetch(url, init));
    this.#serving = serveMcp({
      clock: this.clock,
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
      daemon: async () => {
        await this.daemonComes;
        return { api, token: place.token, transfer: this.transfer };
      },
    }, {
      transport: there,
      version: "1",
      ...defined({ wakes }),
      onTrouble: (failure) => this.troubles.push(failure),
      signal: this.#ended.signal,
    });
  }

  /** With a host of the SDK. */
  static async open(
    answers: Answers,
    wakes?: WakeOptions,
    name?: string,
  ): Promise<McpBed> {
    const bed = new McpBed(answers, wakes, name);
    await bed.client.connect(bed.transport);
    return bed;
  }

  /** With a host that says what it likes, and the list of what it was told. */
  static async raw(
    answers: Answers,
  ): Promise<{ bed: McpBed; told: JSONRPCMessage[] }> {
    const bed = new McpBed(answers);
    const told: JSONRPCMessage[] = [];
    bed.transport.onmessage = (message) => told.push(message);
    await bed.transport.start();
    return { bed, told };
  }

  /** Sends a value that need be no message, and waits until the server came to rest. */
  async say(value: unknown): Promise<void> {
    await this.transport.send(value as JSONRPCMessage);
    await this.clock.advance(0);
  }

  /** Ends the long poll with messages. */
  async arrive(messages: readonly ReceivedMessage[]): Promise<void> {
    this.#arrived(messages);
    await this.clock.advance(0);
  }

  /** Answers the request for a wake that waits longest. */
  async woken(answer: WakeAnswer | Failure): Promise<void> {
    this.#wakes.shift()?.(answer);
    await this.clock.advance(0);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { pathname, searchParams: query } = new URL(url);
    const route = `${init.method} ${pathname.replace("/v2/", "")}`;
    if (query.has("wait_ms") && route !== "GET wake") {
      return await this.#poll(init.signal);
    }
    const body = init.body ? JSON.parse(`${init.body}`) : undefined;
    const call = { route, query, body };
    this.calls.push(call);
    const value = route === "GET wake"
      ? await this.#wake(init.signal)
      : this.answers[route]?.(call) ?? new Failure("NOT_FOUND");
    return value instanceof Failure
      ? Response.json({ error: value.toJson() }, { status: value.httpStatus })
      : Response.json(value);
  }

  #poll(signal: AbortSignal | null | undefined): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#arrived = (messages) => resolve(Response.json(somePage(messages)));
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  }

  #wake(signal: AbortSignal | null | undefined) {
    return new Promise<WakeAnswer | Failure>((resolve, reject) => {
      this.#wakes.push(resolve);
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  }

  async text(name: string, input: Record<string, unknown> = {}) {
    const { content } = await this.client.callTool({ name, arguments: input });
    return (content as { text: string }[])[0]?.text ?? "";
  }

  /** What was marked read. */
  get reads(): unknown[] {
    return this.calls.filter(({ route }) => route === "POST read")
      .map(({ body }) => body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#serving;
    await this.client.close();
  }
}
