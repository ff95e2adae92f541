import assert from "node:assert/strict";
import { showingProof } from "../../../commands/output/showing_proof.ts";
import type { CliContext } from "../../../commands/cli/cli_context.ts";
import { Failure } from "../../../lib/errors.ts";
import type {
  ProofProgress,
  Status,
} from "../../../lib/local_api/types/status.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** A daemon that searches for so long, and what was said meanwhile. */
async function told(
  options: {
    seconds: number;
    isTerminal: boolean;
    proof?: ProofProgress;
    fails?: boolean;
  },
) {
  const clock = new FakeClock();
  const said: string[] = [];
  const context = {
    clock,
    stderr: {
      isTerminal: options.isTerminal,
      write: (text: string) => said.push(text),
    },
  };
  const status = () =>
    options.fails
      ? Promise.reject(new Failure("NO_DAEMON"))
      : Promise.resolve({ proof: options.proof } as Status);
  const work = Promise.withResolvers<string>();
  const done = showingProof(
    context as unknown as CliContext,
    { status },
    () => work.promise,
  );
  await clock.advance(options.seconds * 1000);
  work.resolve("done");
  assert.equal(await done, "done");
  assert.equal(clock.pending, 0);
  return said;
}

const proof = { hashes: 450_000, expected: 1_000_000, elapsed_ms: 300 };

Deno.test("showingProof: on a terminal each second says how far it is", async () => {
  const line = "agentnet: proof of work: 45 % of the expected work, 0.3 s\n";
  assert.deepEqual(await told({ seconds: 3.5, isTerminal: true, proof }), [
    line,
    line,
    line,
  ]);
});

Deno.test("showingProof: says nothing of what takes less than a second, of other waits, or where nobody watches", async () => {
  assert.deepEqual(await told({ seconds: 0.9, isTerminal: true, proof }), []);
  assert.deepEqual(await told({ seconds: 5, isTerminal: true }), []);
  assert.deepEqual(await told({ seconds: 5, isTerminal: false, proof }), []);
});

Deno.test("showingProof: a status that can't be had changes nothing", async () => {
  assert.deepEqual(
    await told({ seconds: 5, isTerminal: true, fails: true }),
    [],
  );
});
