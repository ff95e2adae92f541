import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import {
  percentile,
  residentBytes,
  watchMemory,
} from "../fakes/process_figures.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, pause } from "./crowd.ts";
import { honestLogins } from "./honest_logins.ts";

/** What an honest agent and the relay's memory felt of one stranger. */
export interface StrangerResult {
  readonly honestLogins: number;
  /** Before the stranger came, by the median, in milliseconds. */
  readonly calmLoginMs: number;
  /** The slowest, in milliseconds. */
  readonly worstLoginMs: number;
  /** Resident memory at its peak over the start, in bytes. */
  readonly peakBytes: number;
}

/** Does harm for about as long as it is told. */
export type Stranger = (url: string, ms: number) => Promise<void>;

/** Lets one stranger at a relay while an honest agent logs in over and over from another address. */
export async function withStranger(
  relay: StagedRelay,
  stranger: Stranger,
  ms: number,
): Promise<StrangerResult> {
  const calm = await honestLogins(relay.url);
  await pause(500);
  const calmLoginMs = percentile(await calm.stop(), 0.5);
  const honest = await honestLogins(relay.url);
  const memory = watchMemory(relay.process.pid);
  await stranger(relay.url, ms);
  const peakBytes = memory.stop();
  const times = await honest.stop();
  return {
    ...{ honestLogins: times.length, calmLoginMs },
    worstLoginMs: Math.max(...times),
    peakBytes,
  };
}

/** Warms a relay up, so that the code and heap of a first login count as no stranger's. */
export async function warmUp(relay: StagedRelay): Promise<number> {
  await inBatches(100, async (i) => {
    const peer = await RelayPeer.login(relay.url, {
      identity: fastIdentity(800_000 + i),
    });
    peer.close();
  });
  return residentBytes(relay.process.pid);
}

/** The strangers by name. */
export const STRANGERS: Readonly<Record<string, Stranger>> = {
  "endless fragments": endlessFragments,
  "a frame of 64 MB": hugeFrame,
  "hellos with long nonces": longNonces,
  "half-open sockets": (url, ms) => halfOpen(url, 5_000, ms),
  "deep JSON": deepJson,
};

/** Fragments of one text frame that never ends, on four lines, opened again whenever the relay ends one. */
async function endlessFragments(url: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const first = fragment(0x01, 16_384);
  const next = fragment(0x00, 16_384);
  await inBatches(4, async () => {
    while (performance.now() < end) {
      const socket = await upgraded(url);
      socket.write(first);
      while (!socket.destroyed && performance.now() < end) {
        if (!socket.write(next)) await pause(1);
      }
      socket.destroy();
    }
  }, 4);
}

/** A frame whose head says 64 MB, with as much of it as the relay takes. */
async function hugeFrame(url: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const head = new Uint8Array(14);
  head.set([0x81, 0xff]);
  new DataView(head.buffer).setBigUint64(2, 64n * 2n ** 20n);
  const piece = new Uint8Array(65_536);
  while (performance.now() < end) {
    const socket = await upgraded(url);
    socket.write(head);
    for (let i = 0; i < 1024 && !socket.destroyed; i++) {
      if (!socket.write(piece)) await pause(1);
    }
    socket.destroy();
  }
}

/** Nonces of so many hellos would together take 125 MB, more than a relay may grow by. */
const LEAST_HELLOS = 2_500;

/** Signed hellos whose nonces fill the frame, a few lines at once, each dropped after its challenge or error. */
async function longNonces(url: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  let begun = 0;
  const identity = fastIdentity(700_000);
  const nonce = "n".repeat(50_000);
  await inBatches(16, async () => {
    while (performance.now() < end || begun < LEAST_HELLOS) {
      const peer = await RelayPeer.open(url, { identity });
      peer.sign({
        type: "hello",
        profile: { id: identity.id, name: "x", version: "1" },
        nonce: nonce + begun++,
        timestamp: Date.now(),
      });
      await peer.nextWhere(() => true);
      peer.socket.terminate();
    }
  }, 16);
}

/** Sockets that are opened and say nothing more, half of them after an upgrade. */
async function halfOpen(url: string, count: number, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const sockets = await inBatches(count, async (i) => {
    return i % 2 === 0 ? await opened(url) : await upgraded(url);
  }, 100);
  await pause(end - performance.now());
  for (const socket of sockets) socket.destroy();
}

/** Frames of nested arrays and objects, a new line whenever one is ended. */
async function deepJson(url: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const identity = fastIdentity(700_001);
  const depths = ["[".repeat(65_000), '{"a":'.repeat(13_000)];
  while (performance.now() < end) {
    const peer = await RelayPeer.open(url, { identity });
    for (let i = 0; i < 20; i++) peer.text(depths[i % 2] as string);
    await peer.nextWhere(() => true);
    peer.socket.terminate();
  }
}

/** A masked fragment; opcode 1 begins a text, 0 goes on with it. */
function fragment(opcode: number, bytes: number): Uint8Array {
  const frame = new Uint8Array(8 + bytes).fill(0x61, 8);
  frame.set([opcode, 0xfe]);
  new DataView(frame.buffer).setUint16(2, bytes);
  return frame;
}

/** A TCP connection that has said nothing yet. One that is refused is as good as opened. */
export function opened(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on("error", () => socket.destroy());
    socket.once("connect", () => resolve(socket));
    socket.once("close", () => resolve(socket));
    socket.resume();
  });
}

/** A connection after a WebSocket handshake, without a library that would keep to the protocol. */
async function upgraded(url: string): Promise<Socket> {
  const { host, pathname } = new URL(url);
  const socket = await opened(url);
  const answered = new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.once("close", () => resolve());
  });
  const key = randomBytes(16).toString("base64");
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await answered;
  return socket;
}
