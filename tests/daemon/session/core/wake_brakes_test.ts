import assert from "node:assert/strict";
import { WakeBrakes } from "../../../../daemon/session/core/wake_brakes.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Wakes a watcher if the brakes allow; what held it back otherwise. */
function tryWake(
  brakes: WakeBrakes,
  { watcher = "w", unread, now }: {
    watcher?: string;
    unread: readonly number[];
    now: number;
  },
): true | string | number {
  const verdict = brakes.look(watcher, unread, now);
  if (!verdict.isWoken) return verdict.brake ?? verdict.again;
  brakes.woke(watcher, unread.at(-1) ?? 0, now);
  return true;
}

Deno.test("WakeBrakes.look: one wake is outstanding until it is read, or ten minutes with something newer", () => {
  const brakes = new WakeBrakes();
  assert.equal(tryWake(brakes, { unread: [1], now: 0 }), true);
  assert.equal(tryWake(brakes, { unread: [1], now: HOUR }), Infinity);
  assert.equal(tryWake(brakes, { unread: [1, 2], now: MINUTE }), 10 * MINUTE);
  assert.equal(tryWake(brakes, { unread: [1, 2], now: 10 * MINUTE }), true);
});

Deno.test("WakeBrakes.look: what was read frees the next wake, thirty seconds after the one before", () => {
  const brakes = new WakeBrakes();
  assert.equal(tryWake(brakes, { unread: [1], now: 0 }), true);
  assert.equal(tryWake(brakes, { unread: [2], now: 1 }), 30 * SECOND);
  assert.equal(tryWake(brakes, { unread: [2], now: 30 * SECOND }), true);
});

Deno.test("WakeBrakes.look: each watcher has its own wake, and all share the bounds of the hour, which slide", () => {
  const brakes = new WakeBrakes();
  const wakes = Array.from({ length: 30 }, (_, i) => {
    brakes.human();
    return tryWake(brakes, { watcher: `w${i}`, unread: [i], now: i * MINUTE });
  });
  assert.equal(wakes.filter((one) => one === true).length, 20);
  assert.equal(wakes[20], "20 wakes within an hour");
  const again = { watcher: "later", unread: [99] };
  assert.equal(tryWake(brakes, { ...again, now: HOUR - 1 }), wakes[20]);
  assert.equal(tryWake(brakes, { ...again, now: HOUR }), true);
});

Deno.test("WakeBrakes.look: a hundred wakes a day", () => {
  const brakes = new WakeBrakes();
  let woken = 0;
  let held: unknown;
  for (let minute = 0; minute < 24 * 60; minute += 4) {
    brakes.human();
    const got = tryWake(brakes, {
      ...{ watcher: `w${minute}`, unread: [minute], now: minute * MINUTE },
    });
    if (got === true) woken++;
    else held = got;
  }
  assert.equal(woken, 100);
  assert.equal(held, "100 wakes within a day");
  assert.equal(brakes.today(24 * HOUR - 1), 100);
});

Deno.test("WakeBrakes.look: two agents that wake each other for ever stop after six wakes, until a human speaks or an hour passes", () => {
  const brakes = new WakeBrakes();
  const chat = (from: number) => {
    let woken = 0;
    for (let turn = 0; turn < 50; turn++) {
      const now = from + turn * MINUTE;
      if (tryWake(brakes, { unread: [now], now }) === true) woken++;
    }
    return woken;
  };
  assert.equal(chat(0), 6);
  brakes.human();
  assert.equal(chat(50 * MINUTE), 6);
  const row = "6 wakes without a word from a human";
  assert.equal(brakes.brake(100 * MINUTE)?.name, row);
  // The last wake was at minute 55.
  assert.equal(brakes.brake(115 * MINUTE), undefined);
});

Deno.test("WakeBrakes.isHeard: twenty messages of an author in a minute, then a minute's quiet, and nobody else's", () => {
  const brakes = new WakeBrakes();
  for (let i = 0; i < 19; i++) brakes.heard("pest", i);
  assert.equal(brakes.isHeard("pest", 19), true);
  brakes.heard("pest", 19);
  assert.equal(brakes.isHeard("pest", 20), false);
  assert.equal(brakes.isHeard("other", 20), true);
  assert.equal(brakes.isHeard("pest", 19 + MINUTE), true);
});

Deno.test("WakeBrakes: what it remembers is bounded", () => {
  const brakes = new WakeBrakes();
  for (let i = 0; i < 100_000; i++) {
    brakes.heard(`author-${i}`, i);
    brakes.woke(`watcher-${i}`, i, i);
  }
  const told = Array.from(
    { length: 100_000 },
    (_, i) => brakes.look(`watcher-${i}`, [0], 1e12),
  ).filter((verdict) => !verdict.isWoken);
  assert.equal(told.length, 64);
});

Deno.test("WakeBrakes.takeBack: a wake that came to nobody counts for nothing, and its message may wake anew", () => {
  const brakes = new WakeBrakes();
  for (let n = 0; n < 50; n++) {
    const now = n * MINUTE;
    assert.equal(tryWake(brakes, { unread: [1], now }), true);
    brakes.takeBack("w");
    assert.equal(brakes.today(now), 0);
    assert.equal(brakes.brake(now), undefined);
  }
  tryWake(brakes, { watcher: "v", unread: [1], now: HOUR });
  tryWake(brakes, { watcher: "w", unread: [1], now: HOUR + 1 });
  brakes.takeBack("w");
  brakes.takeBack("w");
  brakes.takeBack("nobody");
  assert.equal(brakes.today(HOUR + 1), 1);
  assert.equal(
    tryWake(brakes, { watcher: "v", unread: [1], now: HOUR + MINUTE }),
    Infinity,
  );
});
