import { fastIdentity } from "../fakes/fast_identity.ts";
import { freshNonce, RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, pause } from "./crowd.ts";
import { opened, type Stranger } from "./strangers.ts";

/** Floods by name: cheap to send, dear to handle. */
export const FLOODS: Readonly<Record<string, Stranger>> = {
  "pipelined requests that nobody reads": (url, ms) =>
    pipelined(url, ms, "/health"),
  "pipelined paths that there are none": (url, ms) =>
    pipelined(url, ms, "/x".repeat(20)),
  "pipelined room lists": (url, ms) => pipelined(url, ms, "/api/rooms"),
  "strangers' lists of wrong items": (url, ms) =>
    strangersFrames(url, ms, [
      `{"type":"rooms.list","tags":[${ones(32_000)}]}`,
      `{"type":"hello","features":[${ones(32_000)}]}`,
    ]),
  "strangers' frames of many keys": (url, ms) =>
    strangersFrames(url, ms, [manyKeys("message"), manyKeys("hello")]),
  "a member's lists of wrong items": (url, ms) =>
    membersFrames(url, ms, () => [
      `{"type":"rooms.list","tags":[${ones(32_000)}]}`,
    ]),
  "a member's forged texts": (url, ms) =>
    membersFrames(url, ms, (peer) => [forged(peer, "x".repeat(64_000))]),
  "a member's forged texts that canonical JSON makes longer": (url, ms) =>
    membersFrames(url, ms, (peer) => [forged(peer, "<".repeat(64_000))]),
  "a member's forged numbers": (url, ms) =>
    membersFrames(
      url,
      ms,
      (peer) => [forged(peer, "x", `"n":[${ones(32_000)}]`)],
    ),
};

function ones(count: number): string {
  return "1,".repeat(count - 1) + "1";
}

function manyKeys(type: string): string {
  const keys = Array.from({ length: 7_500 }, (_, i) => `"${i}":1`);
  return `{"type":"${type}",${keys.join(",")}}`;
}

/** A message whose signature is another's. */
function forged(peer: RelayPeer, text: string, more = '"n":0'): string {
  const frame = {
    type: "message",
    id: freshNonce(),
    room: "tea",
    from: peer.identity.id,
    content: { type: "text", text },
    timestamp: Date.now(),
    nonce: freshNonce(),
    signature: "2".repeat(86),
  };
  return `${JSON.stringify(frame).slice(0, -1)},${more}}`;
}

/** Four connections with 3 MB of requests each, opened again as the relay ends them. */
async function pipelined(url: string, ms: number, path: string): Promise<void> {
  const end = performance.now() + ms;
  const request = `GET ${path} HTTP/1.1\r\nHost: relay\r\n\r\n`;
  const requests = request.repeat(Math.ceil(65_536 / request.length));
  await inBatches(4, async () => {
    while (performance.now() < end) {
      const socket = await opened(url);
      socket.pause();
      for (let i = 0; i < 50 && !socket.destroyed; i++) socket.write(requests);
      const patience = performance.now() + 1_000;
      while (
        !socket.destroyed && performance.now() < Math.min(end, patience)
      ) await pause(20);
      socket.destroy();
    }
  }, 4);
}

/** Twenty lines of strangers with such frames, opened again as the relay ends them. */
async function strangersFrames(
  url: string,
  ms: number,
  frames: readonly string[],
): Promise<void> {
  const end = performance.now() + ms;
  const identity = fastIdentity(720_000);
  await inBatches(20, async (lane) => {
    while (performance.now() < end) {
      try {
        const peer = await RelayPeer.open(url, { identity });
        for (let i = 0; i < 8; i++) {
          peer.text(frames[(lane + i) % frames.length] ?? "");
        }
        await peer.ended();
      } catch {
        // Refused: as good as ended.
        await pause(10);
      }
    }
  }, 20);
}

/** Four members that send such frames as fast as they are taken, and log in again when they are cut. */
async function membersFrames(
  url: string,
  ms: number,
  frames: (peer: RelayPeer) => readonly string[],
): Promise<void> {
  const end = performance.now() + ms;
  await inBatches(4, async (lane) => {
    while (performance.now() < end) {
      try {
        const identity = fastIdentity(730_000 + lane);
        const peer = await RelayPeer.login(url, { identity });
        peer.onText = () => {};
        const list = frames(peer);
        while (peer.closed === null && performance.now() < end) {
          if (peer.socket.bufferedAmount < 2 ** 20) {
            for (const frame of list) peer.text(frame);
          } else await pause(1);
        }
        peer.socket.terminate();
      } catch {
        // Refused: as good as ended.
        await pause(10);
      }
    }
  }, 4);
}
