import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";

/** Starts so many daemons of one data dir at once: one runs and its token fits, the others say so and end with 0. */
export async function startsAtOnce(count: number): Promise<void> {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const env = {
    AGENTNET_DATA_DIR: ada.dataDir,
    AGENTNET_RELAY: NO_RELAY,
    AGENTNET_API: "127.0.0.1:0",
  };
  const starts = Array.from(
    { length: count },
    () => stage.start(["daemon"], { env }),
  );
  const allButOne = Promise.withResolvers<void>();
  const codes: number[] = [];
  for (const start of starts) {
    start.status.then(({ code }) => {
      codes.push(code);
      if (codes.length === count - 1) allButOne.resolve();
    });
  }
  await allButOne.promise;
  assert.deepEqual(new Set(codes), new Set([0]));
  const status = await ada.json(["status"]);
  assert.equal(status.code, 0, status.stderr);
  const pid = await Deno.readTextFile(`${ada.dataDir}/daemon.pid`);
  assert.equal(status.value.pid, Number(pid));
  const others = starts.filter((start) => start.pid !== Number(pid));
  assert.equal(others.length, count - 1);
  for (const other of others) assert.match(other.output, /runs already/);
}
