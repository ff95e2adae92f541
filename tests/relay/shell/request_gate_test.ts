import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { FairTurns } from "../../../relay/shell/fair_turns.ts";
import { RequestGate } from "../../../relay/shell/request_gate.ts";

/** A socket to push bytes into. */
class FakeSocket extends Duplex {
  remoteAddress = "192.0.2.1";
  override _read(): void {}
  override _write(_bytes: Buffer, _encoding: string, done: () => void): void {
    done();
  }
  setTimeout(): this {
    return this;
  }
  resetAndDestroy(): void {
    this.destroy();
  }
}

/** A gate, the pieces that it has let through, and turns that are taken at once. */
function bed() {
  const deferred: (() => void)[] = [];
  const turns = new FairTurns({
    now: () => 0,
    defer: (action) => void deferred.push(action),
  });
  const socket = new FakeSocket();
  const gate = new RequestGate(socket as unknown as Socket, {
    payer: "a",
    turns,
  });
  const passed: string[] = [];
  gate.on("data", (bytes: Buffer) => {
    passed.push(bytes.toString());
    if (passed.join("").endsWith("\r\n\r\n")) gate.began();
  });
  gate.on("error", () => {});
  /** Lets streams and turns do all that they can. */
  const settle = async () => {
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((resolve) => setTimeout(resolve));
      deferred.shift()?.();
    }
  };
  return { socket, gate, passed, settle };
}

const A = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
const B = "GET /b HTTP/1.1\r\nHost: x\r\n\r\n";

Deno.test("RequestGate: the next request passes when the one before is answered", async () => {
  const { socket, gate, passed, settle } = bed();
  socket.push(A + B + A);
  await settle();
  assert.deepEqual(passed, [A]);
  gate.answered();
  await settle();
  assert.deepEqual(passed, [A, B]);
});

Deno.test("RequestGate: a head in pieces passes as it comes, whichever place it was cut at", async () => {
  for (let cut = 1; cut < A.length; cut++) {
    const { socket, gate, passed, settle } = bed();
    socket.push(A.slice(0, cut));
    await settle();
    socket.push(A.slice(cut) + B);
    await settle();
    assert.equal(passed.join(""), A, `cut at ${cut}`);
    gate.destroy();
  }
});

Deno.test("RequestGate: more than 64 KB ahead of the answers ends the connection", async () => {
  const { socket, gate, settle } = bed();
  for (let i = 0; i < 200; i++) socket.push(A.repeat(40));
  await settle();
  gate.on("data", () => {});
  for (let i = 0; i < 200 && !socket.destroyed; i++) {
    socket.resume();
    await settle();
  }
  assert.equal(socket.destroyed, true);
});

Deno.test("RequestGate.leave: gives back the socket, and what came behind the head", async () => {
  const { socket, gate, passed, settle } = bed();
  socket.push(A + "first bytes");
  await settle();
  const left = gate.leave();
  assert.equal(left.socket as unknown, socket);
  assert.equal(left.rest.toString(), "first bytes");
  assert.deepEqual(passed, [A]);
  gate.destroy();
  assert.equal(socket.destroyed, false);
});
