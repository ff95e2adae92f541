// Worker entry: a WebSocket server that plays a hostile relay, on a thread of its own so that its floods don't slow
// down whoever measures. Told a behaviour, it shows it to every connection from then on.

import type { Buffer } from "node:buffer";
import { type WebSocket, WebSocketServer } from "ws";
import { type Behaviour, ODD_IDS } from "./hostile_behaviour.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { fastIdentity } from "./fast_identity.ts";

interface Scope {
  onmessage: ((event: MessageEvent<Behaviour>) => void) | null;
  postMessage(message: { port: number } | { connections: number }): void;
}

const scope = self as unknown as Scope;
const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
const PIECE = "x".repeat(65_536);
/** What a line of one gigabit a second brings in a millisecond, and what may wait for a reader that is slower; bytes. */
const BYTES_A_MS = 125_000;
const MOST_BUFFERED = 8 * 1024 * 1024;
/** What a frame takes beside its text. */
const FRAME_HEAD = 8;
const stranger = fastIdentity(7);

let behaviour: Behaviour = "silent";
let connections = 0;

server.on("listening", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) {
    scope.postMessage({ port: address.port });
  }
});
server.on("connection", (socket: WebSocket) => {
  scope.postMessage({ connections: ++connections });
  const shown = behaviour;
  socket.on("error", () => socket.terminate());
  socket.on("message", (data: Buffer) => answer(socket, shown, String(data)));
});
scope.onmessage = ({ data }) => {
  behaviour = data;
  for (const socket of server.clients) socket.terminate();
};

function answer(socket: WebSocket, shown: Behaviour, text: string): void {
  const { type, room } = JSON.parse(text);
  const say = (frame: object) => socket.send(JSON.stringify(frame));
  switch (type) {
    case "hello":
      if (shown !== "silent") challenge(say, shown);
      return;
    case "hello.pow":
      say({ type: "welcome", relay: "hostile", features: [] });
      return attack(socket, shown);
    case "ping":
      return say({ type: "pong" });
    case "room.join":
      say({ type: "room.joined", room, topic: "", tags: [], members: [] });
      if (shown === "odd ids") ODD_IDS.forEach((id) => say(signed(id, room)));
      return;
    case "rooms.list":
      return say({
        type: "rooms.list.result",
        rooms: [{
          name: "tea",
          topic: "",
          tags: [],
          agents: 1,
          last_active: 1,
        }],
        has_more: true,
        cursor: "again",
      });
  }
}

function challenge(say: (frame: object) => void, shown: Behaviour): void {
  const difficulty = shown === "too hard" ? 30 : shown === "hard" ? 24 : 1;
  say({
    ...{ type: "pow.challenge", challenge: `c${connections}`, difficulty },
    expires: Date.now() + 60_000,
  });
}

function attack(socket: WebSocket, shown: Behaviour): void {
  switch (shown) {
    case "large frame":
      return socket.send("x".repeat(1_100_000));
    case "fragments":
      return flood(socket, () => PIECE);
    case "garbage":
      return flood(socket, garbage);
    case "forged":
      return flood(socket, forged);
    case "big frames":
      return flood(socket, () => BIG);
  }
}

const GARBAGE = [
  "",
  "{",
  "null",
  "[]",
  '{"type":5}',
  '{"type":"room.joined","room":5,"members":{}}',
  '{"type":"message","id":"1"}',
  '{"type":"welcome"}',
  '{"type":"error","code":["x"]}',
  '{"type":"message.ack","id":"never","seq":-1}',
  `{"type":"nobody knows","x":${"[".repeat(40)}${"]".repeat(40)}}`,
];
const BIG = JSON.stringify({
  type: "nobody knows",
  rows: Array.from({ length: 20_000 }, (_, n) => ({ n, text: "0123456789" })),
});

function garbage(n: number): string {
  return GARBAGE[n % GARBAGE.length] as string;
}

/** Of the right shape, in a room that the agent is in, and signed by nobody. */
function forged(n: number): string {
  return JSON.stringify({
    ...{ type: "message", id: `f${n}`, room: "tea", from: stranger.id },
    content: { type: "text", text: "believe me" },
    ...{ timestamp: Date.now(), nonce: `n${n}` },
    signature: "5".repeat(86),
  });
}

/** A right message under this id; its text is the id too. */
function signed(id: string, room: string): object {
  return signFrame({
    ...{ type: "message", id, room, from: stranger.id },
    content: { type: "text", text: id },
    ...{ timestamp: Date.now(), nonce: crypto.randomUUID() },
  }, stranger.sign);
}

/** As fast as the line and the reader take it, while the socket lives. */
function flood(socket: WebSocket, frame: (n: number) => string): void {
  const began = performance.now();
  let bytes = 0;
  let n = 0;
  const more = () => {
    if (socket.readyState !== 1) return;
    const due = (performance.now() - began) * BYTES_A_MS;
    while (bytes < due && socket.bufferedAmount < MOST_BUFFERED) {
      const text = frame(n++);
      bytes += text.length + FRAME_HEAD;
      socket.send(text, { fin: text !== PIECE });
    }
    if (bytes < due) bytes = due;
    setTimeout(more, 1);
  };
  more();
}
