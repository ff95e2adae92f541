import assert from "node:assert/strict";
import { FairTurns, type Source } from "../../../relay/shell/fair_turns.ts";

/** A loop whose time moves by work alone. */
function bed() {
  const done: string[] = [];
  const deferred: { action: () => void; isBusy: boolean }[] = [];
  let now = 0;
  const turns = new FairTurns({
    now: () => now,
    defer: (action, isBusy) => deferred.push({ action, isBusy }),
  });
  const source = (payer: string, costs: readonly number[]): Source => {
    const left = [...costs];
    return {
      payer,
      isQueued: false,
      get mayWork() {
        return left.length > 0;
      },
      work() {
        now += left.shift() ?? 0;
        done.push(payer);
      },
    };
  };
  const turn = () => deferred.shift()?.action();
  const all = () => {
    while (deferred.length > 0) turn();
  };
  return { turns, done, deferred, source, turn, all, time: () => now };
}

const many = (cost: number, count: number) => new Array(count).fill(cost);

Deno.test("FairTurns: who asks for little waits for one piece of who asks for much, however dear", () => {
  const { turns, done, source, turn, all } = bed();
  turns.add(source("much", many(40, 50)));
  for (let i = 0; i < 10; i++) turn();
  const before = done.length;
  turns.add(source("little", [1]));
  all();
  assert.ok(done.indexOf("little") <= before + 1, done.join(" "));
  assert.equal(done.length, 51);
});

Deno.test("FairTurns: payers have the same time, not the same number of pieces", () => {
  const { turns, done, source, turn, time } = bed();
  turns.add(source("dear", many(10, 100)));
  turns.add(source("cheap", many(1, 1000)));
  while (time() < 400) turn();
  const dear = done.filter((payer) => payer === "dear").length * 10;
  assert.ok(Math.abs(dear - time() / 2) <= 20, `${dear} of ${time()}`);
});

Deno.test("FairTurns: many sources of one payer have its one share", () => {
  const { turns, done, source, turn, time } = bed();
  for (let i = 0; i < 50; i++) turns.add(source("many", many(2, 100)));
  turns.add(source("one", many(2, 100)));
  while (time() < 200) turn();
  const one = done.filter((payer) => payer === "one").length * 2;
  assert.ok(one >= 90, `${one} of ${time()}`);
});

Deno.test("FairTurns: what was done elsewhere counts too, and is not forgotten in between", () => {
  const { turns, done, source, all } = bed();
  turns.charge("debtor", 100);
  turns.add(source("debtor", [1]));
  turns.add(source("a", many(5, 10)));
  turns.add(source("b", many(5, 10)));
  all();
  assert.ok(done.indexOf("debtor") >= 19, done.join(" "));
});

Deno.test("FairTurns: stops after a slice, lets other IO have its chance, and goes on", () => {
  const { turns, deferred, source, turn, time } = bed();
  turns.add(source("a", many(3, 10)));
  assert.equal(deferred[0]?.isBusy, false);
  turn();
  assert.ok(time() <= 11, `${time()} ms`);
  assert.equal(deferred[0]?.isBusy, true);
});

Deno.test("FairTurns: a source that may not work now is left alone until it is added again", () => {
  const { turns, done, all } = bed();
  const state = { isFree: false, left: 2 };
  const waiting: Source = {
    payer: "a",
    isQueued: false,
    get mayWork() {
      return state.isFree && state.left > 0;
    },
    work: () => {
      state.left--;
      done.push("a");
    },
  };
  turns.add(waiting);
  all();
  assert.deepEqual(done, []);
  state.isFree = true;
  turns.add(waiting);
  all();
  assert.deepEqual(done, ["a", "a"]);
});

Deno.test("FairTurns: the order is that of a plain list searched for the least, for random work", () => {
  let seed = 7;
  const random = (most: number) =>
    (seed = seed * 48_271 % 2_147_483_647) % most;
  const { turns, done, source, all } = bed();
  const plan = Array.from({ length: 40 }, (_, i) => ({
    payer: `p${i}`,
    costs: Array.from({ length: 1 + random(8) }, () => 1 + random(30)),
  }));
  for (const { payer, costs } of plan) turns.add(source(payer, costs));
  all();
  const used = new Map(plan.map(({ payer }) => [payer, 0]));
  const at = new Map(plan.map(({ payer }) => [payer, 0]));
  for (const payer of done) {
    const open = plan.filter((one) =>
      (at.get(one.payer) ?? 0) < one.costs.length
    );
    const least = Math.min(...open.map((one) => used.get(one.payer) ?? 0));
    assert.equal(used.get(payer), least);
    const costs = plan.find((one) => one.payer === payer)?.costs ?? [];
    const place = at.get(payer) ?? 0;
    used.set(payer, (used.get(payer) ?? 0) + (costs[place] ?? 0));
    at.set(payer, place + 1);
  }
});

/** Sources that have work, which may be done once somebody opens them. */
function held(count: number) {
  const asked: number[] = [];
  const done: number[] = [];
  const open = new Set<number>();
  const sources = Array.from({ length: count }, (_, i): Source => ({
    payer: `${i}`,
    isQueued: false,
    get awaitsRelease() {
      return !done.includes(i);
    },
    get mayWork() {
      asked.push(i);
      return open.has(i) && !done.includes(i);
    },
    work: () => void done.push(i),
  }));
  return { sources, open, done, asked };
}

Deno.test("FairTurns: what is released is looked at again, what had its turn or has no work is not", () => {
  const { turns, all } = bed();
  const { sources, open, done, asked } = held(1_000);
  for (const i of sources.keys()) if (i >= 3) open.add(i);
  for (const source of sources) turns.add(source);
  all();
  assert.equal(done.length, 997);
  open.add(1);
  asked.length = 0;
  turns.release();
  all();
  assert.deepEqual(done.slice(997), [1]);
  assert.deepEqual(new Set(asked), new Set([0, 1, 2]));
  for (const i of [0, 2]) open.add(i);
  turns.release();
  all();
  assert.equal(done.length, 1_000);
  asked.length = 0;
  turns.release();
  assert.deepEqual(asked, []);
});

Deno.test("FairTurns: a source that may go on no more in the middle of its work is held", () => {
  const { turns, done, all } = bed();
  let may = true;
  const left = [1, 2];
  turns.add({
    payer: "one",
    isQueued: false,
    get awaitsRelease() {
      return left.length > 0;
    },
    get mayWork() {
      return may && left.length > 0;
    },
    work() {
      done.push(`${left.shift()}`);
      may = false;
    },
  });
  all();
  assert.deepEqual(done, ["1"]);
  may = true;
  turns.release();
  all();
  assert.deepEqual(done, ["1", "2"]);
});

Deno.test("FairTurns: of a source that is gone nothing is kept while it may not go on", () => {
  const { turns, all } = bed();
  const { sources: [gone, there], done, open, asked } = held(2);
  assert.ok(gone && there);
  for (const source of [gone, there]) turns.add(source);
  turns.forget(gone);
  for (const i of [0, 1]) open.add(i);
  asked.length = 0;
  turns.release();
  all();
  assert.deepEqual([done, asked.includes(0)], [[1], false]);
});
