import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { silentLogger } from "../../../lib/log.ts";
import { OpenSockets } from "../../../relay/shell/open_sockets.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A socket that can only close. */
class Closing extends EventEmitter {
  destroy(): void {
    this.emit("close");
  }
}

function rig(mostSockets: number) {
  const clock = new FakeClock();
  const told: boolean[] = [];
  const said: string[] = [];
  const log = {
    ...silentLogger,
    warn: (event: string) => void said.push(event),
    info: (event: string) => void said.push(event),
  };
  const open = new OpenSockets({
    ...{ clock, log, mostSockets },
    crowded: (isCrowded) => told.push(isCrowded),
  });
  const add = (address: string | null = null) => {
    const socket = new Closing();
    const isIn = open.add(socket as unknown as Socket, address);
    return { isIn, socket };
  };
  return { clock, told, said, open, add };
}

Deno.test("OpenSockets: past those that there are descriptors for each is refused, which is said once a minute, until one closes", async () => {
  const { clock, said, open, add } = rig(2);
  const [first] = [add(), add("a")];
  assert.deepEqual([add().isIn, add("a").isIn, open.size], [false, false, 2]);
  const full = "all connections are taken; more are refused";
  assert.deepEqual(said, [full]);
  await clock.advance(60_000);
  assert.equal(add().isIn, false);
  assert.deepEqual(said, [full, full]);
  first.socket.destroy();
  assert.deepEqual([add().isIn, open.size], [true, 2]);
});

Deno.test("OpenSockets: one address has no more than half of all, a trusted proxy as many as there are", () => {
  const { said, open, add } = rig(Infinity);
  const ofOne = Array.from({ length: 12_000 }, () => add("a"));
  assert.equal(ofOne.every(({ isIn }) => isIn), true);
  assert.equal(add("a").isIn, false);
  assert.deepEqual([add("b").isIn, add().isIn, said.length], [true, true, 0]);
  ofOne[0]?.socket.destroy();
  assert.deepEqual([add("a").isIn, open.size], [true, 12_002]);
  while (open.size < 24_000) add();
  assert.equal(add().isIn, false);
});

Deno.test("OpenSockets: few free descriptors lower the limit, and free ones raise it again, never past the first", () => {
  const { said, open, add } = rig(100);
  for (let i = 0; i < 60; i++) add();
  open.descriptors({ kind: "spare", descriptors: 12 });
  for (let i = 0; i < 60; i++) add();
  assert.equal(open.size, 60);
  open.descriptors({ kind: "spare", descriptors: 50 });
  assert.equal(add().isIn, false);
  open.descriptors({ kind: "spare_again", descriptors: null });
  for (let i = 0; i < 60; i++) add();
  assert.equal(open.size, 100);
  assert.deepEqual(said.filter((event) => !event.startsWith("all")), [
    "fewer connections are taken from now on",
    "more connections are taken again",
  ]);
});

Deno.test("OpenSockets: a crowd is more than 32 of them, until there are 16", () => {
  const { told, open, add } = rig(100);
  open.tellCrowd();
  const sockets = Array.from({ length: 32 }, () => add().socket);
  assert.deepEqual(told, [false]);
  sockets.push(add().socket);
  assert.deepEqual(told, [false, true]);
  while (open.size > 17) sockets.pop()?.destroy();
  assert.deepEqual(told, [false, true]);
  sockets.pop()?.destroy();
  assert.deepEqual(told, [false, true, false]);
  open.destroy();
  assert.deepEqual([open.size, told.length], [0, 3]);
});
