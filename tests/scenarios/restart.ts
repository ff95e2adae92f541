import { sandboxed } from "../../lib/sandbox.ts";
import type { StoreAnswer, StoreRequest } from "../../relay/store/contract.ts";
import { StoreClient } from "../../relay/store/store_client.ts";
import { Stage } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { OPEN_RELAY } from "./crowd.ts";

const IN_FLIGHT = 4_000;

export interface RestartResult {
  /** From starting the process until it says that it listens, in milliseconds. */
  readonly readyMs: number;
  /** Rooms that it then lists. */
  readonly rooms: number;
}

/** Starts a relay on a database of so many rooms and messages. */
export async function restart(
  size: { readonly rooms: number; readonly messages: number },
): Promise<RestartResult> {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  await Deno.mkdir(data, { mode: 0o700 });
  await fill(data, size);
  const from = performance.now();
  const { url } = await stage.startRelay(OPEN_RELAY, { data });
  const readyMs = performance.now() - from;
  const peer = await RelayPeer.login(url, { identity: fastIdentity(1) });
  peer.close();
  return { readyMs, rooms: await countRooms(url) };
}

async function countRooms(url: string): Promise<number> {
  let rooms = 0;
  for (let cursor = "";;) {
    const path = `/api/rooms?limit=100${cursor}`;
    const answer = await fetch(new URL(path, url.replace(/^ws/, "http")));
    const page = await answer.json();
    rooms += page.rooms.length;
    if (page.cursor === undefined) return rooms;
    cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
  }
}

/** Fills a database through the relay's own store. */
export async function fill(
  data: string,
  { rooms, messages }: { readonly rooms: number; readonly messages: number },
): Promise<void> {
  const worker = new Worker(
    new URL("../../relay/store/store_worker.ts", import.meta.url),
    sandboxed("store", { net: false, read: [data], write: [data], env: false }),
  );
  const { port1, port2 } = new MessageChannel();
  const done = Promise.withResolvers<void>();
  const total = rooms + messages;
  let sent = 0;
  let answered = 0;
  const refill = () => {
    for (; sent < total && sent - answered < IN_FLIGHT; sent++) {
      client.send(sent < rooms ? opened(sent) : message(sent, rooms));
    }
  };
  const client = new StoreClient({
    onReady: refill,
    onRemoved: () => {},
    onAnswers: (answers: readonly StoreAnswer[]) => {
      if (answers.some(({ kind }) => kind !== "stored")) {
        return done.reject(new Error(JSON.stringify(answers[0])));
      }
      answered += answers.length;
      if (answered === total) done.resolve();
      else refill();
    },
  });
  const path = `${data}/relay.db`;
  worker.postMessage({ type: "init", path, options: {}, port: port2 }, [port2]);
  client.connect(port1);
  await done.promise;
  worker.terminate();
  port1.close();
}

function opened(token: number): StoreRequest {
  return {
    kind: "room_opened",
    token,
    room: `room-${token}`,
    topic: `Topic of room ${token}`,
    tags: ["a", `t${token % 20}`],
    ...{ created_by: "a", created_from: "" },
    created_at: Date.now(),
  };
}

function message(token: number, rooms: number): StoreRequest {
  return {
    kind: "message",
    token,
    room: `room-${token % rooms}`,
    id: `m${token}`,
    from: `agent-${token % 500}`.padEnd(44, "x"),
    from_name: "An Agent",
    frame: "x".repeat(450),
    text_hash: "a".repeat(64),
    timestamp: Date.now(),
    received_at: Date.now(),
  };
}
