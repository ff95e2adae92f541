import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

/** Nothing listens on the discard port of loopback. */
const NO_RELAY = "ws://127.0.0.1:9/v1/ws";

Deno.test("daemon: a second start beside one that does not answer names its pid, and is 1", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const first = await ada.startDaemon({ relay: NO_RELAY });
  first.kill("SIGSTOP");
  try {
    const second = await ada.run(["daemon", "--relay", NO_RELAY]);
    assert.equal(second.code, 1, second.stderr);
    assert.match(second.stderr, new RegExp(`kill ${first.pid}`));
    assert.match(second.stderr, /^[^\n]+\n$/);
  } finally {
    first.kill("SIGCONT");
  }
});
