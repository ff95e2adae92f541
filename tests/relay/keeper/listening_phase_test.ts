import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { ListeningPhase } from "../../../relay/keeper/listening_phase.ts";

const failure = new Failure("INTERNAL", { fields: { reason: "x" } });

function phase() {
  const lost: Failure[] = [];
  const made = new ListeningPhase((one) => void lost.push(one));
  const outcome: unknown[] = [];
  made.started.then((port) => outcome.push(port), (why) => outcome.push(why));
  return { made, lost, outcome };
}

Deno.test("ListeningPhase: what goes wrong before it has listened ends the start, after that the relay", async () => {
  const early = phase();
  early.made.ends(failure);
  await Promise.resolve();
  assert.deepEqual([early.outcome, early.lost], [[failure], []]);
  const late = phase();
  late.made.listens(8080);
  late.made.ends(failure);
  await Promise.resolve();
  assert.deepEqual([late.outcome, late.lost], [[8080], [failure]]);
});

Deno.test("ListeningPhase: a worker that ends ends the start, but neither a relay that has started nor one whose view is made anew", async () => {
  const early = phase();
  early.made.workerEnded("it threw");
  await Promise.resolve();
  assert.equal((early.outcome[0] as Failure).code, "INTERNAL");
  for (const begin of ["listens", "renew"] as const) {
    const { made, lost, outcome } = phase();
    if (begin === "listens") made.listens(8080);
    else made.renew();
    made.begin();
    made.workerEnded("it threw");
    assert.equal(made.isListening, false);
    made.listens(8080);
    await Promise.resolve();
    assert.deepEqual([outcome, lost], [[8080], []]);
    assert.deepEqual([made.isListening, made.isRenewing], [true, false]);
  }
});
