// Bursts of one member to rooms of several sizes, counted by readers that parse
// nothing, beside a bare server that passes on what it hears.

import type { WebSocket } from "ws";
import type { RelayPeer } from "../../tests/fakes/relay_peer.ts";
import { CountedReaders } from "../../tests/scenarios/counted_readers.ts";
import {
  closeAll,
  gather,
  inBatches,
  logInMany,
  OPEN_RELAY,
} from "../../tests/scenarios/crowd.ts";
import { Stage } from "../stage.ts";
import { openSocket, withFloorServer } from "./floor_server.ts";
import { type BenchRow, benchRow } from "./table.ts";

const SERVER = new URL("./fan_out_worker.ts", import.meta.url);
const MEMBERS = [10, 100, 300, 1_000];
const DELIVERIES = 100_000;
const ROOM = "fan-out";
const TEXT = "x".repeat(100);

/** What is said in a room: a little, for both sides to be warm, then the burst that is measured. */
interface Words {
  readonly warm: readonly string[];
  readonly burst: readonly string[];
}

/** Deliveries a second of a relay, verified and stored, and of a server that does nothing but write to each. */
export async function benchFanOut(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const members of MEMBERS) rows.push(await benchRoom(members));
  return rows;
}

async function benchRoom(members: number): Promise<BenchRow> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay(OPEN_RELAY);
  const peers = await logInMany(relay.url, members, { first: 400_000 });
  await gather(peers, ROOM);
  await Promise.all(peers.map((peer) => peer.pong()));
  const words = wordsOf(peers[0] as RelayPeer, Math.ceil(DELIVERIES / members));
  const figure = await burst(peers.map(({ socket }) => socket), words);
  closeAll(peers);
  return benchRow({
    name: `relay, a burst to ${members} members`,
    figure,
    unit: "deliveries/s",
    floor: "npm:ws passes on; no rules, no storage",
    floorFigure: await bareBurst(members, words),
  });
}

function wordsOf(sender: RelayPeer, count: number): Words {
  const say = (length: number, kind: string) =>
    Array.from({ length }, (_, i) => sender.message(ROOM, TEXT, kind + i));
  return { warm: say(Math.ceil(count / 10), "warm"), burst: say(count, "m") };
}

async function burst(
  [sender, ...readers]: readonly WebSocket[],
  words: Words,
): Promise<number> {
  const counted = new CountedReaders(readers as [WebSocket, ...WebSocket[]]);
  await counted.burst(words.warm, sender as WebSocket);
  return await counted.burst(words.burst, sender as WebSocket);
}

async function bareBurst(members: number, words: Words): Promise<number> {
  return await withFloorServer(SERVER, async (url) => {
    const sockets = await inBatches(members, () => openSocket(url));
    const figure = await burst(sockets, words);
    for (const socket of sockets) socket.terminate();
    return figure;
  });
}
