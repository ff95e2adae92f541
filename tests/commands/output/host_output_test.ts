import assert from "node:assert/strict";
import { OutputClosed } from "../../../commands/cli/cli_context.ts";
import { HostOutput } from "../../../commands/output/host_output.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const bytes = new TextEncoder().encode("an answer\n");

Deno.test("HostOutput: a full pipe is tried again until all of it is written", async () => {
  const clock = new FakeClock();
  let written = "";
  let isFull = true;
  const output = new HostOutput(clock, {
    write: (some) => {
      isFull = !isFull;
      if (isFull) return Promise.reject(new Deno.errors.WouldBlock("full"));
      written += new TextDecoder().decode(some.subarray(0, 4));
      return Promise.resolve(Math.min(4, some.length));
    },
  });
  const writing = output.write(bytes);
  for (let i = 0; i < 4; i++) await clock.advance(5);
  await writing;
  assert.equal(written, "an answer\n");
  output.check();
});

Deno.test("HostOutput: a lost answer ends the program: a broken pipe as such, else with what it failed of", async () => {
  const failing = (error: Error) =>
    new HostOutput(new FakeClock(), { write: () => Promise.reject(error) });
  const gone = failing(new Deno.errors.BrokenPipe("gone"));
  await assert.rejects(gone.write(bytes), Deno.errors.BrokenPipe);
  assert.throws(() => gone.check(), OutputClosed);
  const full = failing(new Error("no space left"));
  await assert.rejects(full.write(bytes), /no space left/);
  assert.throws(() => full.check(), /no space left/);
});
