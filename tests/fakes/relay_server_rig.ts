import assert from "node:assert/strict";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { type Logger, silentLogger } from "../../lib/log.ts";
import { RelayCore } from "../../relay/core/core.ts";
import type { CoreSettings } from "../../relay/core/settings.ts";
import { RelayServer } from "../../relay/shell/relay_server.ts";
import { CheckPool } from "../../relay/shell/checks/check_pool.ts";
import { parseCidr } from "../../relay/shell/address.ts";
import { agent } from "./agents.ts";
import { CORE_SETTINGS } from "./core_bed.ts";
import { roomName } from "./plain.ts";
import { FakeStore } from "./fake_store.ts";
import { FrameMaker } from "./relay_agent.ts";

/** What is otherwise than usual. */
export interface RelayMore {
  readonly settings?: Partial<CoreSettings>;
  readonly hasPage?: boolean;
  /** Whether agents are let in. Default: they are. */
  readonly isOpen?: () => boolean;
  readonly store?: FakeStore;
  /** Called for the files' worker that is wanted. */
  readonly wantBlobs?: () => void;
  readonly crowded?: (isCrowded: boolean) => void;
  readonly isStoreFull?: () => boolean;
  /** Has the figures too. */
  readonly log?: Logger;
}

/** A relay on a free port of this host, its store in memory. */
export async function relay(
  rooms: readonly string[] = [],
  clock: Clock = systemClock,
  more: RelayMore = {},
) {
  const server = serverOf(rooms, clock, 0, more);
  const port = await server.start();
  return {
    server,
    port,
    url: `ws://127.0.0.1:${port}/v1/ws`,
    http: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** The same before it listens. */
export function serverOf(
  rooms: readonly string[],
  clock: Clock,
  port: number,
  {
    settings,
    hasPage = true,
    isOpen = () => true,
    store = new FakeStore(),
    wantBlobs = () => {},
    crowded = () => {},
    isStoreFull = () => false,
    log,
  }: RelayMore = {},
): RelayServer {
  const inForce = { ...CORE_SETTINGS, ...settings };
  const core = new RelayCore({
    settings: inForce,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  const now = { wall: clock.wall(), mono: clock.monotonic() };
  core.restore({
    kind: "ready",
    ...{ nonces: [], closed: [] },
    rooms: rooms.map((name) => ({
      name: roomName(name),
      topic: "",
      tags: [],
      ...{ created_by: "", created_from: "", messages: 0, bytes: 0 },
      created_at: now.wall,
      last_active: now.wall,
    })),
  }, now);
  for (const name of rooms) store.rooms.set(name, []);
  const server: RelayServer = new RelayServer({
    core,
    checks: new CheckPool({ want: () => {}, now: () => clock.monotonic() }),
    store: (request) =>
      queueMicrotask(() => server.answered([store.answer(request)])),
    isStoreReady: () => true,
    isOpen,
    isStoreFull,
    hostname: "127.0.0.1",
    port,
    trusted: [parseCidr("127.0.0.1") ?? { bytes: [], bits: 0 }],
    metrics: [],
    reports: log !== undefined,
    mostSockets: Infinity,
    crowded,
    history: inForce.history,
    limits: inForce.limits,
    blobs: inForce.blobs,
    wantBlobs,
    page: hasPage ? { version: "0.0.0" } : null,
    clock,
    log: log ?? silentLogger,
  });
  return server;
}

/** An agent's line with an inbox. */
export class Line {
  readonly socket: WebSocket;
  readonly maker: FrameMaker;
  readonly ended = Promise.withResolvers<CloseEvent>();
  readonly #inbox: Record<string, unknown>[] = [];
  #wake = () => {};

  constructor(url: string, number: number, clock: Clock = systemClock) {
    this.socket = new WebSocket(url);
    this.maker = new FrameMaker(agent(number), () => clock.wall());
    this.socket.onmessage = ({ data }) => {
      this.#inbox.push(JSON.parse(data));
      this.#wake();
    };
    this.socket.onclose = (event) => this.ended.resolve(event);
  }

  async next(): Promise<Record<string, unknown>> {
    for (;;) {
      const frame = this.#inbox.shift();
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  opened(): Promise<unknown> {
    return new Promise((resolve) => this.socket.onopen = resolve);
  }

  async login(): Promise<this> {
    await this.opened();
    this.socket.send(this.maker.hello());
    this.socket.send(this.maker.helloPow(await this.next()));
    assert.equal((await this.next()).type, "welcome");
    return this;
  }

  async ask(text: string | Uint8Array<ArrayBuffer>) {
    this.socket.send(text);
    return await this.next();
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.ended.promise;
  }
}
