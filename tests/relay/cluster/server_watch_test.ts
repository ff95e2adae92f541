import assert from "node:assert/strict";
import type { LogFields } from "../../../lib/log.ts";
import { silentLogger } from "../../../lib/log.ts";
import { ServerWatch } from "../../../relay/cluster/server_watch.ts";
import type { ServerState } from "../../../relay/cluster/synced_servers.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

function rig(looks: (ServerState | null)[]) {
  const clock = new FakeClock();
  const errors: LogFields[] = [];
  const good = { name: "n1", version: "2.15.1", isSynced: true };
  const watch = new ServerWatch({
    ask: () => {
      const second = looks.shift();
      assert.notEqual(second, undefined, "asked once too often");
      return Promise.resolve(new Map([["a", good], ["b", second ?? null]]));
    },
    clock,
    log: {
      ...silentLogger,
      error: (_event, fields = {}) => void errors.push(fields),
    },
  });
  watch.start();
  return { watch, clock, errors };
}

const server = (isSynced: boolean) => ({
  ...{ name: "n2", version: "2.15.1", isSynced },
});

Deno.test("ServerWatch: looks until each server has answered, and no longer", async () => {
  const { clock, errors } = rig([null, null, server(true)]);
  await clock.advance(10 * 60_000);
  assert.deepEqual([errors, clock.pending], [[], 0]);
});

Deno.test("ServerWatch: one that comes up without syncing is an error of the log, by name", async () => {
  const { clock, errors } = rig([null, server(false)]);
  await clock.advance(10 * 60_000);
  assert.equal(errors.length, 1);
  assert.match(`${errors[0]?.reason}`, /n2/);
  assert.match(`${errors[0]?.fix}`, /sync_interval: always/);
});

Deno.test("ServerWatch: ends when it is told to", async () => {
  const { clock, watch } = rig([null]);
  await clock.advance(60_000);
  watch.stop();
  await clock.advance(10 * 60_000);
  assert.equal(clock.pending, 0);
});
