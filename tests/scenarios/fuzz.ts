import { Stage } from "../../scripts/stage.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { openFiles } from "../fakes/process_figures.ts";
import { freshNonce, RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, OPEN_RELAY, pause } from "./crowd.ts";

const ROOM = "fuzz";
const LINES = 16;
/** Frames of one line before a ping tells that they have been handled. */
const BURST = 50;
/** One frame in so many is made of bytes alone, sent binary or as text that is no UTF-8. */
const RAW_EVERY = 97;

/** What a relay came to under frames that are nearly right. */
export interface FuzzResult {
  readonly frames: number;
  /** Lines of its log that tell of a fault. */
  readonly faults: readonly string[];
  /** Open file descriptors after the load, over those before. */
  readonly filesLeft: number;
  /** Times that a line was ended by the relay and opened again. */
  readonly reopened: number;
}

/** Sends frames made by the grammar with wrong parts, and right ones with bytes flipped, to a running relay. */
export async function fuzz(frames: number): Promise<FuzzResult> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([...OPEN_RELAY, "--log-level", "info"]);
  const warm = await login(relay.url, 0);
  await warm.create(ROOM);
  const filesBefore = openFiles(relay.process.pid);
  const alive = setInterval(() => warm.text('{"type":"ping"}'), 20_000);
  let reopened = -LINES;
  await inBatches(LINES, async (line) => {
    let peer: RelayPeer | null = null;
    for (let sent = 0; sent < frames / LINES; sent += BURST) {
      if (peer === null || peer.closed !== null) {
        reopened++;
        peer = await login(relay.url, 1 + line);
      }
      burst(peer);
      await answered(peer);
    }
    peer?.socket.terminate();
  }, LINES);
  clearInterval(alive);
  await warm.pong();
  const filesLeft = await filesOver(filesBefore, relay.process.pid);
  warm.close();
  const faults = relay.process.output.split("\n")
    .filter((line) => /error|uncaught|failed|restart/i.test(line));
  return { frames, faults, filesLeft, reopened };
}

/** Open files more than before, once what is just being closed, or called by the keeper, is: a leak stays. */
async function filesOver(before: number, pid: number): Promise<number> {
  let over = Infinity;
  for (let looks = 0; looks < 80 && over > 0; looks++) {
    await pause(250);
    over = Math.min(over, openFiles(pid) - before);
  }
  return over;
}

async function login(url: string, number: number): Promise<RelayPeer> {
  const peer = await RelayPeer.login(url, {
    identity: fastIdentity(number),
    features: ["ack", "history", "closed"],
  });
  peer.signed({ type: "room.join", room: ROOM });
  await peer.nextWhere(() => true);
  return peer;
}

function burst(peer: RelayPeer): void {
  for (let i = 0; i < BURST; i++) {
    const text = JSON.stringify(
      chance(0.5)
        ? signFrame(anyFrame(peer.identity.id), peer.identity.sign)
        : anyFrame(peer.identity.id),
    );
    if (chance(1 / RAW_EVERY)) {
      const bytes = new TextEncoder().encode(text);
      flip(bytes);
      peer.socket.send(bytes, { binary: chance(0.5) });
    } else peer.text(chance(0.5) ? text : damaged(text));
  }
}

/** Waits until the burst has been handled, or has ended the line. */
async function answered(peer: RelayPeer): Promise<void> {
  peer.text('{"type":"ping"}');
  const pong = Promise.withResolvers<void>();
  peer.onFrame = (frame) => {
    if (frame.type === "pong") pong.resolve();
  };
  const ended = () => pong.resolve();
  peer.socket.once("close", ended);
  if (peer.closed === null) await pong.promise;
  peer.socket.off("close", ended);
}

const TYPES = [
  "message",
  "message",
  "room.join",
  "room.leave",
  "rooms.list",
  "room.history",
  "room.create",
  "hello",
  "hello.pow",
  "ping",
  "__proto__",
  "MESSAGE",
];

/** A frame whose type fits and whose fields fit mostly. */
function anyFrame(id: string): Record<string, unknown> {
  const frame: Record<string, unknown> = {
    type: pick(TYPES),
    id: crypto.randomUUID(),
    room: ROOM,
    from: id,
    content: { type: "text", text: `text ${Math.random()}` },
    profile: { id, name: "fuzz", version: "1" },
    topic: "topic",
    tags: ["a", "b"],
    limit: 10,
    after_seq: 0,
    pow: { challenge: "2".repeat(44), proof: "1" },
    timestamp: Date.now(),
    nonce: freshNonce(),
  };
  if (chance(0.8)) {
    const names = Object.keys(frame);
    for (let i = 0; i < 2; i++) frame[pick(names)] = oddValue();
  }
  if (chance(0.2)) frame[pick(ODD_NAMES)] = oddValue();
  return frame;
}

const ODD_NAMES = [
  "seq",
  "from_name",
  "received_at",
  "Type",
  "constructor",
  "toString",
  "é",
  "",
];

function oddValue(): unknown {
  return pick<() => unknown>([
    () => null,
    () => -1,
    () => 2 ** 53,
    () => 1e21,
    () => 0.5,
    () => "",
    () => "x".repeat(Math.floor(Math.random() * 3_000)),
    () => "\u202e\u0000\ud800",
    () => [],
    () => [[[[]]]],
    () => ({ __proto__: 1, a: { b: {} } }),
    () => true,
    () => "fuzz-" + Math.floor(Math.random() * 50),
    () => Array.from({ length: 200 }, () => "tag"),
    () => Date.now() + Math.floor((Math.random() - 0.5) * 200_000),
  ])();
}

/** One to four characters changed, dropped, doubled, or the end cut off. */
function damaged(text: string): string {
  let out = text;
  for (let i = Math.ceil(Math.random() * 4); i > 0; i--) {
    const at = Math.floor(Math.random() * out.length);
    const code = String.fromCharCode(Math.floor(Math.random() * 128));
    out = pick([
      () => out.slice(0, at) + code + out.slice(at + 1),
      () => out.slice(0, at) + out.slice(at + 3),
      () => out.slice(0, at) + out.slice(at, at + 20) + out.slice(at),
      () => chance(0.1) ? out.slice(0, at) : out,
    ])();
  }
  return out;
}

function flip(bytes: Uint8Array): void {
  for (let i = 0; i < 3; i++) {
    const at = Math.floor(Math.random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8));
  }
}

function chance(part: number): boolean {
  return Math.random() < part;
}

function pick<Value>(values: readonly Value[]): Value {
  return values[Math.floor(Math.random() * values.length)] as Value;
}
