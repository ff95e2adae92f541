import assert from "node:assert/strict";
import { EffectQueue } from "../../../../relay/core/effects.ts";
import { LogHealth } from "../../../../relay/core/log/log_health.ts";
import { LogPlace } from "../../../../relay/core/log/log_place.ts";

function bed() {
  const effects = new EffectQueue();
  const health = new LogHealth();
  /** What the log's worker was told since the last call. */
  const told = () =>
    effects.take().map((effect) =>
      effect.kind === "log" && effect.message.type === "taken"
        ? effect.message.position
        : effect
    );
  return { place: new LogPlace(effects, health), health, told };
}

Deno.test("LogPlace: the log's worker is told of sixteen entries at once, and of what is left with a tick, of nothing twice", () => {
  const { place, told } = bed();
  place.restore(100);
  for (let position = 101; position <= 140; position++) place.passed(position);
  assert.equal(place.position, 140);
  assert.deepEqual(told(), [116, 132]);
  place.tick();
  assert.deepEqual(told(), [140]);
  place.tick();
  assert.deepEqual(told(), []);
  place.passed(141);
  place.tick();
  assert.deepEqual(told(), [141]);
});

Deno.test("LogPlace: the end is where the log ended when it was opened last before that, and is reached once", () => {
  const { place, health } = bed();
  place.restore(3);
  assert.equal(place.reaches(), false);
  place.opened(5);
  place.passed(4);
  assert.deepEqual([place.reaches(), health.behind], [false, 1]);
  place.opened(6);
  place.passed(5);
  assert.deepEqual([place.reaches(), place.isAtEnd], [false, false]);
  place.passed(6);
  assert.deepEqual([place.reaches(), place.isAtEnd], [true, true]);
  assert.equal(health.behind, 0);
  place.opened(9);
  assert.deepEqual([place.reaches(), place.isAtEnd], [false, true]);
});
