import assert from "node:assert/strict";
import type { Signed } from "../../../../lib/protocol/frames.ts";
import { NonceUse } from "../../../../relay/core/edge/nonce_use.ts";
import { BOUNDS } from "../../../../relay/core/settings.ts";

const WALL = 1_800_000_000_000;
const DAY = 86_400_000;

let made = 0;
const frame = (timestamp: number): Signed => ({
  nonce: `n${++made}`,
  timestamp,
  signature: "",
});

/** Fills so many rows with the nonces of ever new agents, stamped at `timestamp`. */
function fill(use: NonceUse, rows: number, timestamp: number, wall: number) {
  const refused = [];
  for (let i = 0; i < rows; i++) {
    const refusal = use.keep(`filler-${i >> 10}`, frame(timestamp), wall);
    if (refusal !== null) refused.push(refusal);
  }
  return refused;
}

Deno.test("NonceUse: an agent that fills its share is refused alone", () => {
  const use = new NonceUse(() => {});
  for (let i = 0; i < BOUNDS.noncesPerAgent; i++) {
    assert.equal(use.keep("greedy", frame(WALL), WALL), null);
  }
  const refusal = use.keep("greedy", frame(WALL), WALL);
  assert.equal(refusal?.code, "RATE_LIMITED");
  assert.ok((refusal?.retryAfterMs ?? 0) > 0);
  assert.equal(use.keep("other", frame(WALL), WALL), null);
});

Deno.test("NonceUse: a table filled by many shuts nobody out, holds its bound, and takes no frame twice", () => {
  const use = new NonceUse(() => {});
  const early = frame(WALL - 50_000);
  use.keep("early", early, WALL);
  assert.deepEqual(fill(use, BOUNDS.nonces - 1, WALL - 40_000, WALL), []);
  const honest = frame(WALL);
  assert.equal(use.check("honest", honest, WALL), null);
  assert.equal(use.keep("honest", honest, WALL), null);
  assert.equal(use.check("honest", honest, WALL)?.code, "AUTH_FAILED");
  assert.equal(use.check("early", early, WALL)?.code, "AUTH_FAILED");
  assert.equal(use.check("slow clock", frame(WALL - 9_000), WALL), null);
  assert.ok(use.size <= BOUNDS.nonces);
});

Deno.test("NonceUse: after a restart with more nonces than it holds, what is older is refused, never taken twice", () => {
  const use = new NonceUse(() => {});
  const lost = frame(WALL - 1_000);
  const expires_at = WALL + 60_000;
  use.restore(Array.from({ length: BOUNDS.nonces }, (_, i) => ({
    agent: "a",
    nonce: `kept-${i}`,
    expires_at,
  })));
  assert.equal(use.check("a", lost, WALL)?.code, "AUTH_FAILED");
  assert.equal(use.check("a", frame(WALL + 1), WALL), null);
});

Deno.test("NonceUse: a clock 40 days ahead for 4 s makes no frame good again; one that stays is believed", () => {
  const use = new NonceUse(() => {});
  const used = frame(WALL + 200_000);
  let mono = 0;
  const run = (seconds: number, ahead: number) => {
    for (let i = 0; i < seconds; i++, mono += 1_000) {
      use.sweep({ wall: WALL + mono + ahead, mono });
    }
  };
  run(200, 0);
  use.keep("a", used, WALL + mono);
  run(4, 40 * DAY);
  run(1, 0);
  assert.equal(use.check("a", used, WALL + mono)?.code, "AUTH_FAILED");
  run(200, 40 * DAY);
  assert.equal(use.size, 0);
});
