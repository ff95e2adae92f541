import assert from "node:assert/strict";
import { prove } from "../../../lib/client/proving.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const CHALLENGE = {
  type: "pow.challenge",
  challenge: "c",
  difficulty: 24,
  expires: 1_800_000_060_000,
} as const;

/** A search that never ends by itself. */
const endless = () => new Promise<never>(() => {});

for (const purpose of ["login", "create"] as const) {
  Deno.test(`prove: the work for a ${purpose} is given up after 20 s`, async () => {
    const clock = new FakeClock();
    const signal = new AbortController().signal;
    const options = { purpose, clock, findProof: endless, signal };
    let code = "";
    const ended = prove(CHALLENGE, options).catch((error) => code = error.code);
    await clock.advance(19_999);
    assert.equal(code, "");
    await clock.advance(1);
    await ended;
    assert.equal(code, "POW_TIMEOUT");
  });

  Deno.test(`prove: 25 bits for a ${purpose} are too hard`, async () => {
    const clock = new FakeClock();
    const signal = new AbortController().signal;
    const options = { purpose, clock, findProof: endless, signal };
    await assert.rejects(prove({ ...CHALLENGE, difficulty: 25 }, options), {
      code: "POW_TOO_HARD",
    });
  });
}

Deno.test("prove: work that a stopping daemon ends is NOT_CONNECTED", async () => {
  const stop = new AbortController();
  const clock = new FakeClock();
  const proof = prove(CHALLENGE, {
    purpose: "create",
    clock,
    findProof: endless,
    signal: stop.signal,
  });
  stop.abort();
  await assert.rejects(proof, { code: "NOT_CONNECTED" });
  assert.equal(clock.pending, 0);
});
