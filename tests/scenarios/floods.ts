import { fastIdentity } from "../fakes/fast_identity.ts";
import { freshNonce, RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, gather, inBatches, logInMany, pause } from "./crowd.ts";
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

/** Floods that read what three members have written within the limits: 150 messages of 60 KB, all of one moment. */
export const READING: Readonly<
  Record<string, (url: string, ms: number, at: number) => Promise<void>>
> = {
  "pages that nobody reads": (url: string, ms: number, at: number) =>
    pages(url, ms, { at, isRead: false }),
  "pages that are read": (url: string, ms: number, at: number) =>
    pages(url, ms, { at, isRead: true }),
  "ten members' histories": (url: string, ms: number) => histories(url, ms),
};

const ROOM = "large";

/** Writes, before a {@link READING} flood. @returns the moment of all messages. */
export async function fillRoom(url: string): Promise<number> {
  const writers = await logInMany(url, 3, {
    first: 740_000,
    features: ["ack"],
  });
  await gather(writers, ROOM);
  const timestamp = Date.now();
  for (const writer of writers) {
    for (let i = 0; i < 50; i++) {
      writer.sign({
        type: "message",
        id: freshNonce(),
        room: ROOM,
        from: writer.identity.id,
        content: { type: "text", text: "x".repeat(60_000) },
        timestamp,
        nonce: freshNonce(),
      });
      await writer.next("message.ack");
    }
  }
  writers[1]?.close();
  writers[2]?.close();
  return timestamp;
}

/** Asks for pages over twenty connections, each with its requests in one piece. */
async function pages(
  url: string,
  ms: number,
  { at, isRead }: { at: number; isRead: boolean },
): Promise<void> {
  const end = performance.now() + ms;
  const path = `/api/rooms/${ROOM}/messages?limit=1&before=${at + 1}`;
  const request = `GET ${path} HTTP/1.1\r\nHost: relay\r\n\r\n`;
  await inBatches(20, async () => {
    while (performance.now() < end) {
      const socket = await opened(url);
      if (!isRead) socket.pause();
      socket.write(request.repeat(10));
      const patience = performance.now() + 1_000;
      while (
        !socket.destroyed && performance.now() < Math.min(end, patience)
      ) await pause(20);
      socket.destroy();
    }
  }, 20);
}

/** Ten members ask for their sixty pages at once. */
async function histories(url: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const readers = await logInMany(url, 10, {
    first: 750_000,
    features: ["history"],
  });
  await inBatches(10, async (i) => await readers[i]?.join(ROOM));
  for (const reader of readers) {
    reader.onText = () => {};
    for (let i = 0; i < 60; i++) {
      reader.signed({ type: "room.history", room: ROOM, limit: 200 });
    }
  }
  await pause(end - performance.now());
  closeAll(readers);
}

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
