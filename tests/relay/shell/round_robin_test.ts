import assert from "node:assert/strict";
import type { Peer } from "../../../relay/shell/peer.ts";
import { Turns } from "../../../relay/shell/round_robin.ts";

/** The part of a peer that turns look at. */
function peer(id: number, frames: number) {
  const input = Array.from({ length: frames }, (_, i) => `${id}.${i}`);
  return {
    id,
    isQueued: false,
    get hasInput() {
      return input.length > 0;
    },
    shift: () => input.shift(),
  } as unknown as Peer;
}

function bed(costMs: number, mayGoOn: (peer: Peer) => boolean = () => true) {
  const handled: string[] = [];
  const deferred: (() => void)[] = [];
  let now = 0;
  const turns = new Turns({
    handle: (_peer, frame) => {
      handled.push(String(frame));
      now += costMs;
    },
    mayGoOn,
    now: () => now,
    defer: (action) => deferred.push(action),
  });
  return { turns, handled, deferred };
}

Deno.test("Turns: a peer with much to say lets the others speak", () => {
  const { turns, handled, deferred } = bed(0);
  const [loud, quiet] = [peer(1, 100), peer(2, 1)];
  turns.add(loud);
  turns.add(quiet);
  while (deferred.length > 0) deferred.shift()?.();
  assert.equal(handled.indexOf("2.0"), 4);
  assert.equal(handled.length, 101);
  assert.deepEqual(
    handled.filter((name) => name.startsWith("1.")),
    Array.from({ length: 100 }, (_, i) => `1.${i}`),
  );
});

Deno.test("Turns: stops after its slice, so that other IO has its chance, and goes on", () => {
  const { turns, handled, deferred } = bed(3);
  for (let id = 1; id <= 5; id++) turns.add(peer(id, 4));
  deferred.shift()?.();
  assert.ok(handled.length < 20);
  while (deferred.length > 0) deferred.shift()?.();
  assert.equal(handled.length, 20);
});

Deno.test("Turns: a peer whose earlier frames wait is left alone until it is added again", () => {
  let free = false;
  const { turns, handled, deferred } = bed(0, () => free);
  const one = peer(1, 2);
  turns.add(one);
  while (deferred.length > 0) deferred.shift()?.();
  assert.deepEqual(handled, []);
  free = true;
  turns.add(one);
  while (deferred.length > 0) deferred.shift()?.();
  assert.equal(handled.length, 2);
});
