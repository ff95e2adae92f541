import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import {
  type Call,
  ListenerWatch,
} from "../../../relay/keeper/listener_watch.ts";
import { FakeClock, settle } from "../../fakes/fake_clock.ts";

const HEARD: Call = { isHeard: true, spare: null };
const UNHEARD: Call = { isHeard: false, spare: null };
const SHORT: Call = { isHeard: false, spare: 3 };
const NONE: Call = { isHeard: null, spare: 3 };

/** A watch whose calls come to these; what it told, in order. */
function watching(
  outcomes: readonly Call[],
  { accepted = () => 0, isCrowded = () => true }: {
    readonly accepted?: () => number;
    readonly isCrowded?: () => boolean;
  } = {},
) {
  const clock = new FakeClock();
  const told: string[] = [];
  let calls = 0;
  const watch = new ListenerWatch({
    call: () => Promise.resolve(outcomes[calls++] ?? HEARD),
    accepted: () => Promise.resolve(accepted()),
    isCrowded,
    unheard: () => void told.push("unheard"),
    deaf: () => void told.push("deaf"),
    fewDescriptors: (spare) => void told.push(`${spare} free`),
    descriptorsAgain: () => void told.push("free again"),
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

Deno.test("ListenerWatch: one at rest is called every 30 s, and as soon as it has a crowd every 2 s", async () => {
  let crowded = false;
  const { pass, calls } = watching([], { isCrowded: () => crowded });
  await pass(2_000);
  assert.equal(calls(), 1);
  await pass(90_000);
  assert.equal(calls(), 4);
  await pass(10_000);
  assert.equal(calls(), 4);
  crowded = true;
  await pass(2_000);
  assert.equal(calls(), 5);
  await pass(8_000);
  assert.equal(calls(), 9);
});

Deno.test("ListenerWatch: one at rest that is not heard, or short of descriptors, is called until it is sound", async () => {
  const short = [UNHEARD, UNHEARD, SHORT, ...Array<Call>(10).fill(HEARD)];
  const isCrowded = () => false;
  const { pass, calls, told } = watching(short, { isCrowded });
  await pass(2_000 + 3 * 500 + 9 * 2_000);
  assert.equal(calls(), short.length);
  assert.equal(told.at(-1), "free again");
  await pass(20_000);
  assert.equal(calls(), short.length);
});

Deno.test("ListenerWatch: one at rest that could not be called for want of a descriptor is called again at once, free as they are by then", async () => {
  const free: Call = { isHeard: null, spare: null };
  const { pass, calls } = watching([HEARD, free], { isCrowded: () => false });
  await pass(32_000);
  assert.equal(calls(), 2);
  await pass(500);
  assert.equal(calls(), 3);
  await pass(20_000);
  assert.equal(calls(), 3);
});

Deno.test("ListenerWatch: one in a crowd that is heard is called every 2 s, and nothing is told", async () => {
  const { told, pass, calls, watch } = watching([]);
  await pass(10_000);
  assert.equal(calls(), 5);
  assert.deepEqual(told, []);
  watch.stop();
  await pass(10_000);
  assert.equal(calls(), 5);
});

Deno.test("ListenerWatch: one that stays unheard is opened anew, and started anew at the tenth call", async () => {
  const { told, pass } = watching(Array(10).fill(UNHEARD));
  await pass(10_000);
  assert.deepEqual(told, [...Array(9).fill("unheard"), "deaf"]);
});

Deno.test("ListenerWatch: one that accepts and is full again at once, or does not say, is never started anew", async () => {
  let accepted = 0;
  for (const said of [() => ++accepted, () => NaN]) {
    const { told, pass } = watching(Array(30).fill(UNHEARD), {
      accepted: said,
    });
    await pass(20_000);
    assert.deepEqual(new Set(told), new Set(["unheard"]));
  }
});

Deno.test("ListenerWatch: descriptors that are short are told, one call without any is no word on the listener", async () => {
  const { told, pass } = watching([...Array<Call>(3).fill(SHORT), NONE]);
  await pass(20_000);
  const one = ["3 free", "unheard"];
  assert.deepEqual(told, [...Array(3).fill(one).flat(), "3 free"]);
});

Deno.test("ListenerWatch: descriptors that suffice again for ten calls are told, once each time", async () => {
  const short = [SHORT, ...Array<Call>(9).fill(HEARD), SHORT];
  const { told, pass } = watching([...short, ...Array(20).fill(HEARD), SHORT]);
  await pass(80_000);
  const one = ["3 free", "unheard"];
  assert.deepEqual(told, [
    ...[...one, ...one, "free again"],
    ...[...one, "free again"],
  ]);
});
