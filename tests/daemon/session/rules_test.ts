import assert from "node:assert/strict";
import fc from "fast-check";
import {
  brake,
  Brakes,
  COOL_DOWN_MS,
} from "../../../daemon/session/core/brakes.ts";
import { missingBefore } from "../../../daemon/session/core/gap_count.ts";
import { SenderOrder } from "../../../daemon/session/core/sender_order.ts";
import { uuid } from "../../../lib/conversation/message_id.ts";
import {
  nextState,
  type ReconnectState,
  STARTING,
} from "../../../daemon/session/core/reconnect_state.ts";

Deno.test("nextState: waits grow to 30 s with full jitter, and start small after a stable minute", () => {
  let state: ReconnectState = STARTING;
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    state = nextState(state, {
      type: "failed",
      code: "NOT_CONNECTED",
      reason: "x",
      wall: 0,
      random: 0.999999,
    });
    waits.push(state.retryAt ?? -1);
    state = nextState(state, { type: "dialling" });
  }
  assert.deepEqual(waits.slice(0, 3), [499, 999, 1_999]);
  assert.equal(Math.max(...waits), 29_999);
  state = nextState(state, { type: "connected", relay: "r" });
  assert.equal(state.attempt, 12, "a short connection resets nothing");
  assert.equal(nextState(state, { type: "stable" }).attempt, 0);
});

Deno.test("nextState: whatever a relay does, the wait is never over 30 s, and 60 s after a newer login", () => {
  const kinds = ["lost", "silent", "relay_refused", "frame_too_large"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.nat(1_000),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (kind, attempt, random) => {
        const end = { kind, reason: "x" };
        const event = { type: "ended", end, wall: 5, random } as const;
        const next = nextState({ ...STARTING, attempt }, event);
        assert.ok((next.retryAt ?? 0) - 5 <= 30_000);
      },
    ),
  );
  const end = { kind: "newer_login", reason: "" } as const;
  const event = { type: "ended", end, wall: 5, random: 0.1 } as const;
  assert.equal(nextState(STARTING, event).retryAt, 60_005);
});

Deno.test("nextState: a refusal of ours or the relay's is shown as refused", () => {
  const at = { wall: 0, random: 0 };
  const failed = (code: "POW_TOO_HARD" | "NOT_CONNECTED") =>
    nextState(STARTING, { type: "failed", code, reason: "x", ...at }).phase;
  assert.equal(failed("POW_TOO_HARD"), "refused");
  assert.equal(failed("NOT_CONNECTED"), "waiting");
});

Deno.test("missingBefore: counts holes of one room's life, and no more", () => {
  const minute = { elapsedMs: 60_000 };
  assert.equal(missingBefore(11, { lastSeq: 10, ...minute }), 0);
  assert.equal(missingBefore(5, { lastSeq: 10, ...minute }), 0);
  assert.equal(missingBefore(15, { lastSeq: 10, ...minute }), 4);
  assert.equal(missingBefore(10 ** 12, { lastSeq: undefined, ...minute }), 0);
  assert.equal(missingBefore(10 ** 12, { lastSeq: 0, ...minute }), 0);
  assert.equal(
    missingBefore(10 + 60_000, { lastSeq: 10, ...minute }),
    undefined,
  );
});

Deno.test("brake: five in a row in a room, twenty a minute, until time cures it", () => {
  const free = { inARow: 0, lastAt: 0, recent: [] };
  assert.equal(brake({ ...free, inARow: 4 }, 0), null);
  assert.equal(
    brake({ ...free, inARow: 5 }, 10)?.retryAfterMs,
    COOL_DOWN_MS - 10,
  );
  assert.equal(brake({ ...free, inARow: 5 }, COOL_DOWN_MS), null);
  const recent = Array.from({ length: 20 }, (_, i) => i * 1_000);
  assert.equal(brake({ ...free, recent }, 20_000)?.retryAfterMs, 40_000);
  assert.equal(brake({ ...free, recent }, 60_000), null);
});

Deno.test("brake: another voice ends a row sooner, and does nothing for the minute", () => {
  const row = brake({ inARow: 5, lastAt: 0, recent: [] }, 10);
  assert.match(row?.fix ?? "", /another voice/);
  const recent = Array.from({ length: 20 }, () => 0);
  const minute = brake({ inARow: 0, lastAt: 0, recent }, 10);
  assert.doesNotMatch(minute?.fix ?? "", /voice/);
});

Deno.test("Brakes: two agents that answer everything by themselves are held by the minute", () => {
  const brakes = new Brakes();
  let now = 0;
  let sent = 0;
  for (let i = 0; i < 600; i++, now += 100) {
    brakes.heard("tea");
    if (brakes.check("tea", now) !== null) continue;
    brakes.spoke("tea", now);
    sent++;
  }
  assert.equal(sent, 20);
});

Deno.test("Brakes: one voice alone stops after five, in each room for itself", () => {
  const brakes = new Brakes();
  for (let i = 0; i < 5; i++) brakes.spoke("tea", i);
  assert.equal(brakes.check("tea", 5)?.code, "BRAKES");
  assert.equal(brakes.check("lab", 5), null);
  brakes.heard("tea");
  assert.equal(brakes.check("tea", 5), null);
});

Deno.test("SenderOrder: an earlier message of the same author, or one of long ago, is late", () => {
  const order = new SenderOrder();
  const at = (timestamp: number, from = "A") => ({
    room: "tea",
    from,
    timestamp,
  });
  assert.equal(order.isLate(at(1_000), 1_000), false);
  assert.equal(order.isLate(at(999), 1_000), true);
  assert.equal(order.isLate(at(999, "B"), 1_000), false);
  assert.equal(order.isLate(at(1_000, "C"), 500_000), true);
});

Deno.test("uuid: version and variant stand where RFC 9562 puts them, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      assert.match(
        uuid(bytes),
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }),
  );
});
