import assert from "node:assert/strict";
import fc from "fast-check";
import { PEER } from "../../../relay/shell/peer.ts";
import { Peers } from "../../../relay/shell/peers.ts";
import { textFrame } from "../../../relay/shell/websocket_frame.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeSocket, peerOn } from "../../fakes/peer_rig.ts";

/** That many peers, numbered from 1. */
function bed(count: number) {
  const clock = new FakeClock();
  const peers = new Peers(clock);
  const sockets = Array.from({ length: count }, (_, i) => {
    const socket = new FakeSocket();
    peers.add(peerOn(socket, { id: i + 1 }));
    return socket;
  });
  const conns = sockets.map((_, i) => i + 1);
  const writes = (i: number) => sockets[i]?.stream.writes ?? [];
  const text = (i: number) => writes(i).map(String).join("");
  return { clock, peers, sockets, conns, writes, text };
}

const turnsEnd = () => Promise.resolve();
const framed = (...texts: string[]) =>
  texts.map((text) => textFrame(text).toString()).join("");

Deno.test("Peers: what a peer is due in one turn goes out in one write, in order, at the turn's end", async () => {
  const { clock, peers, writes, text } = bed(2);
  peers.send(1, "a");
  peers.broadcast([1, 2], "b");
  peers.send(1, "c");
  assert.equal(writes(0).length, 0);
  await turnsEnd();
  assert.equal(writes(0).length, 1);
  assert.equal(text(0), framed("a", "b", "c"));
  assert.equal(text(1), framed("b"));
  assert.equal(clock.pending, 0);
});

Deno.test("Peers: what many are due is joined once for them all, turn by turn", async () => {
  const { peers, conns, writes } = bed(3);
  for (const word of ["a", "b", "c"]) peers.broadcast(conns, word);
  await turnsEnd();
  for (const word of ["d", "e"]) peers.broadcast(conns, word);
  await turnsEnd();
  for (const i of [1, 2]) assert.deepEqual(writes(i), writes(0));
  assert.ok(conns.every((_, i) => writes(i)[0] === writes(0)[0]));
  assert.equal(writes(0)[1]?.toString(), framed("d", "e"));
});

Deno.test("Peers: each hears what a naive relay would write to it, frame by frame, however turns fall", async () => {
  const say = fc.record({
    to: fc.subarray([1, 2, 3, 4], { minLength: 1 }),
    text: fc.string({ maxLength: 200 }),
    endsTurn: fc.boolean(),
  });
  await fc.assert(fc.asyncProperty(fc.array(say), async (says) => {
    const { peers, conns, text } = bed(4);
    const heard = conns.map(() => "");
    for (const { to, text, endsTurn } of says) {
      if (to.length === 1) peers.send(to[0] ?? 0, text);
      else peers.broadcast(to, text);
      for (const conn of to) heard[conn - 1] += framed(text);
      if (endsTurn) await turnsEnd();
    }
    await turnsEnd();
    assert.deepEqual(conns.map((_, i) => text(i)), heard);
  }));
});

Deno.test("Peers.close: what is due goes out before the close, and nothing behind it", async () => {
  const { peers, text } = bed(1);
  peers.send(1, "last words");
  peers.close(1, 1008, "over");
  peers.send(1, "too late");
  await turnsEnd();
  assert.equal(text(0), `${framed("last words")}closed`);
});

Deno.test("Peers: much is written before the turn ends, and who does not read is ended within it", () => {
  const { peers, sockets, conns, writes } = bed(2);
  const reader = sockets[0] as FakeSocket;
  const stalled = sockets[1] as FakeSocket;
  stalled.stream.isRead = false;
  const text = "x".repeat(30_000);
  let sent = 0;
  while (!stalled.isTerminated && sent < 3 * PEER.outputBytes) {
    peers.broadcast(conns, text);
    sent += text.length;
  }
  assert.ok(sent < PEER.outputBytes + 4 * text.length, `${sent} bytes`);
  assert.equal(reader.isTerminated, false);
  assert.ok(writes(0).every(({ length }) => length < 2 * PEER.writeBytes));
});
