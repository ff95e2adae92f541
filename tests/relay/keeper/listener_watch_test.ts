import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import {
  type Call,
  ListenerWatch,
} from "../../../relay/keeper/listener_watch.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";

/** A watch whose calls come to these; what it told, in order. */
function watching(outcomes: readonly Call[]) {
  const clock = new FakeClock();
  const told: string[] = [];
  let calls = 0;
  const watch = new ListenerWatch({
    call: () => Promise.resolve(outcomes[calls++] ?? "heard"),
    unheard: () => void told.push("unheard"),
    deaf: () => void told.push("deaf"),
    outOfDescriptors: () => void told.push("out"),
    clock,
    log: silentLogger,
  });
  watch.start();
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      await clock.advance(500);
      await settle();
    }
  };
  return { watch, told, pass, calls: () => calls };
}

Deno.test("ListenerWatch: who is heard is called every 2 s, and nothing is told", async () => {
  const { told, pass, calls, watch } = watching([]);
  await pass(10_000);
  assert.equal(calls(), 5);
  assert.deepEqual(told, []);
  watch.stop();
  await pass(10_000);
  assert.equal(calls(), 5);
});

Deno.test("ListenerWatch: one that stays unheard is opened anew, and started anew at the tenth call", async () => {
  const { told, pass } = watching(Array(10).fill("unheard"));
  await pass(10_000);
  assert.deepEqual(told, [...Array(9).fill("unheard"), "deaf"]);
});

Deno.test("ListenerWatch: without a descriptor nobody is called deaf, and it is told once", async () => {
  const { told, pass } = watching([
    ...Array<Call>(20).fill("no descriptor"),
    "unheard",
    "heard",
    "no descriptor",
  ]);
  await pass(20_000);
  assert.deepEqual(told, ["out", "unheard", "out"]);
});
