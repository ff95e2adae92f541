import assert from "node:assert/strict";
import { type ErrorCode, Failure } from "../../lib/errors.ts";
import { type PlainCalls, plainCalls } from "../fakes/plain.ts";
import { type LocalApi, localApi } from "../../lib/local_api/client.ts";
import type { Gap } from "../../lib/local_api/types/mailbox.ts";
import type {
  HistoryMessage,
  ReceivedMessage,
} from "../../lib/local_api/types/messages.ts";
import type { Background } from "../../scripts/background.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { FaultProxy } from "../fakes/fault_proxy.ts";

/** How much is said, and what happens meanwhile. */
export interface BadNetworkSize {
  /** Over all rooms, both daemons together. */
  readonly messages: number;
  readonly rooms: number;
  readonly cuts: number;
  /** kill -9 of each daemon. */
  readonly kills: number;
  readonly relayRestarts: number;
}

/** What became of the messages. */
export interface BadNetworkResult {
  readonly sent: number;
  readonly received: number;
  /** Inside a counted gap. */
  readonly gaps: number;
  readonly late: number;
}

const RELAY_FLAGS = [
  "--join-age",
  "0",
  "--create-age",
  "0",
  "--limits",
  "off",
  "--room-grace",
  "10m",
];
/** What passes: the daemon was killed, is not yet back in its rooms, or has as many to send as it keeps. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "NO_DAEMON",
  "NOT_IN_ROOM",
  "QUEUE_FULL",
  "RATE_LIMITED",
]);
/** Longest time for all to arrive after the last fault, in milliseconds. */
const SETTLE_MS = 90_000;

/** One agent's side: its daemon, what it sent and what it has been shown. */
class Side {
  readonly agent: StagedAgent;
  readonly relay: string;
  readonly sent: { id: string; room: string }[] = [];
  daemon!: Background;
  api!: PlainCalls<LocalApi>;

  constructor(agent: StagedAgent, relay: string) {
    this.agent = agent;
    this.relay = relay;
  }

  async start(): Promise<void> {
    const flags = [
      "--brakes",
      "off",
      "--buffer",
      "100000",
      "--queue-for",
      "10m",
    ];
    this.daemon = await this.agent.startDaemon({ relay: this.relay, flags });
    const token = (await Deno.readTextFile(`${this.agent.dataDir}/api.token`))
      .trim();
    const address = (await Deno.readTextFile(`${this.agent.dataDir}/api.addr`))
      .trim();
    this.api = plainCalls(localApi({ address, token }, fetch));
  }

  async kill(): Promise<void> {
    this.daemon.kill("SIGKILL");
    await this.daemon.status;
    await this.start();
  }

  /** Sends one message and doesn't give up: the same id and text again is the same message. */
  async send(room: string, text: string): Promise<void> {
    const id = crypto.randomUUID();
    this.sent.push({ id, room });
    for (;;) {
      try {
        await this.api.send({ room, text, id });
        return;
      } catch (error) {
        if (!(error instanceof Failure) || !PASSING.has(error.code)) {
          throw error;
        }
        await pause(100);
      }
    }
  }

  async received(): Promise<
    { messages: ReceivedMessage[]; gaps: readonly Gap[] }
  > {
    const messages: ReceivedMessage[] = [];
    for (let after = 0;;) {
      const page = await this.api.messages({ after, limit: 500, all: true });
      messages.push(...page.messages.filter(({ you }) => !you));
      const last = page.messages.at(-1);
      if (last === undefined || page.remaining === 0) {
        return { messages, gaps: page.gaps };
      }
      after = last.cursor;
    }
  }
}

/** Two daemons talk in several rooms over a line that is cut, stalled and split, and are killed, and so is the relay. */
export async function badNetwork(
  size: BadNetworkSize,
): Promise<BadNetworkResult> {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  const port = stage.port();
  let relay = await stage.startRelay(RELAY_FLAGS, { data, port });
  using proxy = new FaultProxy(port);
  const sides = ["ada", "bob"].map((name) =>
    new Side(stage.agent(name), proxy.url)
  ) as [Side, Side];
  await Promise.all(sides.map((side) => side.start()));
  const rooms = Array.from({ length: size.rooms }, (_, i) => `room-${i}`);
  await enterAll(sides, rooms);

  const faults = shuffled([
    ...Array.from({ length: size.cuts }, (_, i) => () => disturb(proxy, i)),
    ...sides.flatMap((side) =>
      Array.from({ length: size.kills }, () => () => side.kill())
    ),
    ...Array.from({ length: size.relayRestarts }, () => async () => {
      relay.process.kill("SIGKILL");
      await relay.process.status;
      relay = await stage.startRelay(RELAY_FLAGS, { data, port });
    }),
  ]);
  const talking = sides.map((side) => talk(side, rooms, size.messages / 2));
  await Promise.all([befall(faults), ...talking]);
  return await settled(sides);
}

async function befall(
  faults: readonly (() => void | Promise<void>)[],
): Promise<void> {
  for (const fault of faults) {
    await pause(300 + Math.random() * 700);
    await fault();
  }
}

async function enterAll(
  [first, second]: [Side, Side],
  rooms: readonly string[],
): Promise<void> {
  for (const side of [first, second]) await connected(side);
  for (const room of rooms) {
    await first.api.create({ room });
    await second.api.join({ room });
  }
}

async function connected(side: Side): Promise<void> {
  while (!(await side.api.status()).connected) await pause(50);
}

async function talk(
  side: Side,
  rooms: readonly string[],
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    await side.send(
      rooms[i % rooms.length] as string,
      `message ${i} <b> & 漢字`,
    );
  }
}

async function disturb(proxy: FaultProxy, turn: number): Promise<void> {
  if (turn % 4 === 0) return proxy.cut();
  if (turn % 4 === 1) proxy.stall();
  else if (turn % 4 === 2) Object.assign(proxy, { mostBytes: 7, delayMs: 1 });
  else proxy.delayMs = 5;
  await pause(500);
  Object.assign(proxy, { mostBytes: 65_536, delayMs: 0 });
  proxy.resume();
  proxy.cut();
}

async function settled(sides: [Side, Side]): Promise<BadNetworkResult> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    try {
      return await judge(sides);
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(500);
    }
  }
}

/** Everything that one sent, the other has once, in the order in which it was sent, or inside a counted gap. */
async function judge([ada, bob]: [Side, Side]): Promise<BadNetworkResult> {
  let received = 0, gaps = 0, late = 0;
  for (const [from, to] of [[ada, bob], [bob, ada]] as const) {
    const { queued, failed_sends } = await from.api.status();
    assert.deepEqual({ queued, failed_sends }, { queued: 0, failed_sends: 0 });
    const got = await to.received();
    const counted = got.gaps.reduce((sum, gap) => sum + (gap.count ?? 0), 0);
    const ids = got.messages.map((message) => message.id);
    assert.equal(new Set(ids).size, ids.length, "a message was shown twice");
    assert.ok(
      got.messages.every((message) => message.verified),
      "an unverified message",
    );
    const missing = from.sent.filter(({ id }) => !ids.includes(id));
    assert.ok(
      missing.length <= counted,
      `${missing.length} missing, ${counted} in gaps: ${
        JSON.stringify(await told(from, missing))
      }`,
    );
    for (const room of new Set(from.sent.map((each) => each.room))) {
      const order = from.sent.filter((each) => each.room === room).map((each) =>
        each.id
      );
      const shown = got.messages.filter((each) => each.room === room).map((
        each,
      ) => each.id);
      assert.deepEqual(
        shown,
        order.filter((id) => shown.includes(id)),
        "out of order",
      );
    }
    received += ids.length;
    gaps += counted;
    late += got.messages.filter((message) => message.late).length;
  }
  return { sent: ada.sent.length + bob.sent.length, received, gaps, late };
}

/** What sender and relay say of messages that did not arrive. */
async function told(
  from: Side,
  missing: readonly { id: string; room: string }[],
): Promise<object[]> {
  const found = [];
  for (const { id, room } of missing.slice(0, 5)) {
    const place = from.sent.findIndex((each) => each.id === id);
    const kept = await onRelay(from, room);
    const at = kept.findIndex((each) => each.id === id);
    const around = kept.slice(Math.max(0, at - 1), at + 2).map(({ seq }) =>
      seq
    );
    const { sent } = await from.api.sent({ limit: 200 });
    const state = sent.find((each) => each.id === id);
    found.push({
      id,
      room,
      place,
      onRelay: at >= 0,
      around,
      state: state?.status,
      reason: state?.reason,
    });
  }
  return found;
}

async function onRelay(
  from: Side,
  room: string,
): Promise<readonly HistoryMessage[]> {
  const all: HistoryMessage[] = [];
  let before: { before_seq?: number } = {};
  while (true) {
    const page = await from.api.history({ room, limit: 200, ...before });
    all.unshift(...page.messages);
    const first = page.messages[0]?.seq;
    if (!page.has_more || first === undefined) return all;
    before = { before_seq: first };
  }
}

function shuffled<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
