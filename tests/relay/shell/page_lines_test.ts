import assert from "node:assert/strict";
import { PageLines, type Place } from "../../../relay/shell/page_lines.ts";

Deno.test("PageLines: one of an address at a time, in order; another address does not wait", async () => {
  const lines = new PageLines();
  const order: string[] = [];
  const enter = (address: string, name: string) =>
    lines.enter(address)?.then((place) => {
      order.push(name);
      return place;
    });
  const first = await enter("a", "first");
  const second = enter("a", "second");
  await enter("b", "other");
  assert.deepEqual(order, ["first", "other"]);
  first?.leave();
  first?.leave();
  (await second)?.leave();
  assert.deepEqual(order, ["first", "other", "second"]);
  assert.notEqual(lines.enter("a"), null);
});

Deno.test("PageLines: refuses past eight who wait, and past 64 pages in all", async () => {
  const lines = new PageLines();
  const places: (Promise<Place> | null)[] = [];
  for (let i = 0; i < 10; i++) places.push(lines.enter("a"));
  assert.deepEqual(places.map((place) => place === null), [
    ...new Array(9).fill(false),
    true,
  ]);
  for (let i = 1; i < 64; i++) await lines.enter(`a${i}`);
  assert.equal(lines.enter("late"), null);
});
