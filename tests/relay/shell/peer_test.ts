import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { FakeSocket, peerOn } from "../../fakes/peer_rig.ts";

const LONG = "x".repeat(65_000);

Deno.test("Peer: past its bounds reading pauses, and goes on once they are half free", () => {
  const socket = new FakeSocket();
  const peer = peerOn(socket);
  for (let i = 0; i < 5; i++) peer.push(LONG);
  assert.equal(socket.isPaused, true);
  while (peer.awaitsRelease) peer.shift();
  assert.equal(socket.isPaused, false);
});

Deno.test("Peer.close: what waits and what still comes is dropped, and reading goes on, so that its end is seen", () => {
  const socket = new FakeSocket();
  const peer = peerOn(socket);
  for (let i = 0; i < 5; i++) peer.push(LONG);
  peer.close(4000, "over");
  for (let i = 0; i < 40; i++) peer.push(LONG);
  assert.equal(socket.closed, 4000);
  assert.equal(peer.awaitsRelease, false);
  assert.equal(socket.isPaused, false);
});

Deno.test("Peer: before its login one frame waits at a time, and a long one is not even read", () => {
  const socket = new FakeSocket();
  const peer = peerOn(socket, { agent: "" });
  peer.heard(Buffer.from(LONG), false);
  assert.equal(socket.isPaused, true);
  const frame = peer.shift()?.content;
  assert.equal(socket.isPaused, false);
  assert.ok(typeof frame === "object" && frame.code === "INVALID_MESSAGE");
  assert.equal(peer.payer, "address 192.0.2.1");
});

Deno.test("Peer.close: one that goes on sending is read no more after a while, and not cut before it has the reason", () => {
  const socket = new FakeSocket();
  const peer = peerOn(socket);
  peer.close(1008, "over");
  peer.heard(Buffer.from(LONG), false);
  assert.equal(socket.isPaused, false);
  peer.heard(Buffer.from(LONG), false);
  assert.equal(socket.isPaused, true);
});
