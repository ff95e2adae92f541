import type { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { fastIdentity } from "../../../tests/fakes/fast_identity.ts";
import type { RelayPeer } from "../../../tests/fakes/relay_peer.ts";
import {
  gather,
  inBatches,
  logInMany,
  OPEN_RELAY,
} from "../../../tests/scenarios/crowd.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";
import { deliveredText } from "../../../relay/core/replies.ts";
import { Background } from "../../background.ts";
import { Stage } from "../../stage.ts";
import { RawLine } from "./raw_line.ts";
import { clientFrames, serverFrames } from "./wire_bytes.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FLOORS = fileURLToPath(new URL("./floors.ts", import.meta.url));
const ROOM = "bench";
const TEXT = "x".repeat(100);
const START_MS = 60_000;

/** A server's process. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  readonly end: () => Promise<unknown>;
}

/** Who is connected to a server, quiet and in one room where it has rooms. */
export interface Members {
  readonly sender: RawLine;
  readonly readers: readonly RawLine[];
  /** So many new messages as the sender writes them; it is those that the readers are then due. */
  readonly messages: (count: number) => readonly Buffer[];
  /** What each says so that it does not count as gone, and is answered by one frame. */
  readonly sign: Buffer | null;
}

/** What is measured: how it starts, and how members get there. */
export interface Kind {
  readonly name: string;
  readonly start: () => Promise<Server>;
  readonly gather: (url: string, members: number) => Promise<Members>;
}

/** A relay without limits. @param root of the checkout whose relay it is */
export function relayKind(name: string, root = ROOT): Kind {
  return { name, start: () => startRelay(root), gather: gatherAtRelay };
}

/** Servers that write to each member what one says, as long as a relay's frames; no rules, no storage. */
export const FLOOR_KINDS: readonly Kind[] = [
  {
    name: "Deno.serve passes on",
    start: () => startFloor("deno"),
    gather: gatherSockets,
  },
  {
    name: "npm:ws passes on",
    start: () => startFloor("ws"),
    gather: gatherSockets,
  },
  {
    name: "TCP passes on",
    start: () => startFloor("tcp"),
    gather: gatherStreams,
  },
];

export async function startRelay(root = ROOT): Promise<Server> {
  const stage = await Stage.open({ program: `${root}/scripts/agentnet` });
  const { url, process: { pid } } = await stage.startRelay(OPEN_RELAY);
  return { url, pid, end: () => stage[Symbol.asyncDispose]() };
}

/** @param floor one of floors.ts. */
export async function startFloor(floor: string): Promise<Server> {
  const rights = ["--no-prompt", "--allow-net=127.0.0.1:0", "--allow-env"];
  const process = new Background(
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...rights, FLOORS, floor],
      ...{ cwd: ROOT, stdin: "null", stdout: "piped", stderr: "piped" },
    }).spawn(),
  );
  const [, port] = await process.line(/port (\d+)/, START_MS);
  const { pid } = process;
  return { url: `ws://127.0.0.1:${port}/`, pid, end: () => process.end() };
}

async function gatherAtRelay(url: string, members: number): Promise<Members> {
  const peers = await logInMany(url, members, { first: 400_000 });
  await gather(peers, ROOM);
  await Promise.all(peers.map((peer) => peer.pong()));
  const [sender, ...readers] = peers.map(({ socket }) =>
    RawLine.under(socket)
  ) as [RawLine, ...RawLine[]];
  const say = ([peer]: readonly RelayPeer[], id: string) =>
    peer?.message(ROOM, TEXT, id) ?? "";
  const messages = numbered((id) => clientFrames([say(peers, id)]));
  return { sender, readers, messages, sign: clientFrames(['{"type":"ping"}']) };
}

async function gatherSockets(url: string, members: number): Promise<Members> {
  const lines = await inBatches(members, () => RawLine.dial(url));
  const [sender, ...readers] = lines as [RawLine, ...RawLine[]];
  const messages = numbered((id) => clientFrames([likeDelivered(id)]));
  return { sender, readers, messages, sign: null };
}

async function gatherStreams(url: string, members: number): Promise<Members> {
  const lines = await inBatches(members, () => RawLine.connect(url));
  const [sender, ...readers] = lines as [RawLine, ...RawLine[]];
  const messages = numbered((id) => serverFrames([likeDelivered(id)]));
  return { sender, readers, messages, sign: null };
}

function numbered(make: (id: string) => Buffer): Members["messages"] {
  let made = 0;
  return (count) => Array.from({ length: count }, () => make(`m${made++}`));
}

/** As long as what a relay's readers hear. */
function likeDelivered(id: string): string {
  const { id: from, sign } = fastIdentity(400_000);
  const frame = signFrame({
    ...{ type: "message", id, room: ROOM, from, nonce: "n12x7abcdefg" },
    content: { type: "text", text: TEXT },
    timestamp: Date.now(),
  }, sign);
  return deliveredText({
    frame: JSON.stringify(frame),
    from_name: "peer",
    seq: 1_000,
    received_at: Date.now(),
  });
}
