import assert from "node:assert/strict";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import type { Stage, StagedAgent } from "../../scripts/stage.ts";
import type { Background } from "../../scripts/background.ts";
import { stagedApi } from "./staged_api.ts";

export interface ClusterDaemonOptions {
  readonly room: string;
  /** Relays, in the order in which it tries them. */
  readonly urls: readonly string[];
  /** Between two messages that it is given, in milliseconds. */
  readonly everyMs: number;
}

type Api = Awaited<ReturnType<typeof stagedApi>>;

/** Messages that it keeps: more than are said. */
const BUFFER = "100000";
const PAGE = 500;
/** How long what waits in its outbox may stay as many, on any machine; milliseconds. */
const OUT_MS = 120_000;
const LOOK_AGAIN_MS = 250;

/** A real daemon in a room of a cluster: it hears, and says what it is given over its local API. */
export class ClusterDaemon {
  readonly name: string;
  /** Ids of what it took to say. */
  readonly said: string[] = [];
  readonly #api: Api;
  readonly #process: Background;
  readonly #options: ClusterDaemonOptions;
  #isOver = false;

  private constructor(
    { name }: StagedAgent,
    { api, process }: { readonly api: Api; readonly process: Background },
    options: ClusterDaemonOptions,
  ) {
    this.name = name;
    this.#api = api;
    this.#process = process;
    this.#options = options;
  }

  /** Starts it and joins. */
  static async start(
    stage: Stage,
    name: string,
    options: ClusterDaemonOptions,
  ): Promise<ClusterDaemon> {
    const daemon: StagedAgent = stage.agent(name);
    const relay = options.urls.join(",");
    const process = await daemon.online({
      relay,
      flags: ["--buffer", BUFFER, "--brakes", "off"],
    });
    const { code, stderr } = await daemon.run(["join", options.room]);
    assert.equal(code, 0, stderr);
    const api = await stagedApi(daemon);
    return new ClusterDaemon(daemon, { api, process }, options);
  }

  /** Says things until {@link stop}, and then waits until the last of them is in the room. */
  async run(): Promise<void> {
    const { room, everyMs } = this.#options;
    const began = performance.now();
    for (let count = 0; !this.#isOver; count++) {
      const text = `${count} of ${this.name}`;
      const id = crypto.randomUUID();
      const never = new AbortController().signal;
      await this.#api.send({ room, text, id }, never);
      this.said.push(id);
      await pause(began + (count + 1) * everyMs - performance.now());
    }
    await this.#outboxEmpty();
  }

  async #outboxEmpty(): Promise<void> {
    let least = Infinity;
    for (let end = Infinity;;) {
      const { queued } = await this.#api.status({});
      if (queued === 0) return;
      if (queued < least) end = performance.now() + OUT_MS;
      least = Math.min(least, queued);
      assert.ok(performance.now() < end, `${this.name}: ${queued} wait`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** What it printed, for who looks into a failure. */
  get printed(): string {
    return this.#process.output;
  }

  stop(): void {
    this.#isOver = true;
  }

  /** What it heard, in its order, as soon as the last of it is `last`, or when the time is over. */
  async heard(last: string, withinMs: number): Promise<string[]> {
    const end = performance.now() + withinMs;
    const ids: string[] = [];
    for (let after = 0; performance.now() < end;) {
      const page = await this.#page(after);
      ids.push(...page.map(({ id }) => id));
      after = page.at(-1)?.cursor ?? after;
      if (page.length > 0) continue;
      if (ids.at(-1) === last) break;
      await pause(LOOK_AGAIN_MS);
    }
    return ids;
  }

  async #page(after: number): Promise<readonly ReceivedMessage[]> {
    const { room } = this.#options;
    const never = new AbortController().signal;
    const query = { room, after, limit: PAGE };
    return (await this.#api.messages(query, never)).messages;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
