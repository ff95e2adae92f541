import assert from "node:assert/strict";
import type { Peer } from "../../../relay/shell/peer.ts";
import { RoundRobin } from "../../../relay/shell/round_robin.ts";

/** The part of a peer that is looked at. */
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
  const rounds = new RoundRobin({
    handle: (_peer, frame) => {
      handled.push(String(frame));
      now += costMs;
    },
    mayGoOn,
    now: () => now,
    defer: (action) => deferred.push(action),
  });
  return { rounds, handled, deferred };
}

Deno.test("RoundRobin: a peer with much to say lets the others speak", () => {
  const { rounds, handled, deferred } = bed(0);
  const [loud, quiet] = [peer(1, 100), peer(2, 1)];
  rounds.add(loud);
  rounds.add(quiet);
  while (deferred.length > 0) deferred.shift()?.();
  assert.equal(handled.indexOf("2.0"), 4);
  assert.equal(handled.length, 101);
  assert.deepEqual(
    handled.filter((name) => name.startsWith("1.")),
    Array.from({ length: 100 }, (_, i) => `1.${i}`),
  );
});

Deno.test("RoundRobin: stops after its slice, so that other IO has its chance, and goes on", () => {
  const { rounds, handled, deferred } = bed(3);
  for (let id = 1; id <= 5; id++) rounds.add(peer(id, 4));
  deferred.shift()?.();
  assert.ok(handled.length < 20);
  while (deferred.length > 0) deferred.shift()?.();
  assert.equal(handled.length, 20);
});

Deno.test("RoundRobin: a peer whose earlier frames wait is left alone until it is added again", () => {
  let free = false;
  const { rounds, handled, deferred } = bed(0, () => free);
  const one = peer(1, 2);
  rounds.add(one);
  while (deferred.length > 0) deferred.shift()?.();
  assert.deepEqual(handled, []);
  free = true;
  rounds.add(one);
  while (deferred.length > 0) deferred.shift()?.();
  assert.equal(handled.length, 2);
});
