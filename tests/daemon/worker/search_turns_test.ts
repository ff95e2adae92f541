import assert from "node:assert/strict";
import { SearchTurns } from "../../../daemon/worker/search_turns.ts";

const never = new AbortController().signal;

Deno.test("SearchTurns: one search at a time, in the order in which they were asked for", async () => {
  const turns = new SearchTurns();
  const told: string[] = [];
  const search = (name: string, fails = false) => async () => {
    told.push(`${name} begins`);
    await Promise.resolve();
    told.push(`${name} ends`);
    if (fails) throw new Error(name);
    return name;
  };
  const [one, two, three] = await Promise.allSettled([
    turns.take(search("one"), never),
    turns.take(search("two", true), never),
    turns.take(search("three"), never),
  ]);
  assert.deepEqual(told, [
    ...["one begins", "one ends", "two begins", "two ends"],
    ...["three begins", "three ends"],
  ]);
  assert.deepEqual(
    [one?.status, two?.status, three?.status],
    ["fulfilled", "rejected", "fulfilled"],
  );
});

Deno.test("SearchTurns: past 16 that wait the next one is refused at once, and those that wait go on", async () => {
  const turns = new SearchTurns();
  const gate = Promise.withResolvers<number>();
  const first = turns.take(() => gate.promise, never);
  await Promise.resolve();
  const all = Array.from(
    { length: 16 },
    (_, place) => turns.take(() => Promise.resolve(place), never),
  );
  await assert.rejects(
    turns.take(() => assert.fail("it waits"), never),
    { code: "TOO_MANY_WAITING" },
  );
  gate.resolve(0);
  assert.deepEqual(await Promise.all(all), [...all.keys()]);
  assert.equal(await first, 0);
});

Deno.test("SearchTurns: one that nobody wants any more by its turn is not searched", async () => {
  const turns = new SearchTurns();
  const gate = Promise.withResolvers<void>();
  const first = turns.take(() => gate.promise, never);
  const stop = new AbortController();
  const second = turns.take(
    () => assert.fail("it was called off"),
    stop.signal,
  );
  stop.abort(new Error("gone"));
  gate.resolve();
  await first;
  await assert.rejects(second, /gone/);
});
