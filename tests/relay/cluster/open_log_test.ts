import assert from "node:assert/strict";
import { JetStreamApiError, type JetStreamManager } from "@nats-io/jetstream";
import { openLog, type Servers } from "../../../relay/cluster/open_log.ts";
import { Failure } from "../../../lib/errors.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** Servers that have no stream, and refuse to make one. */
function refusing(description: string): Servers {
  const error = (code: number, text: string) =>
    new JetStreamApiError({ code: 400, err_code: code, description: text });
  const manager = {
    streams: {
      info: () => Promise.reject(error(10_059, "stream not found")),
      add: () => Promise.reject(error(10_005, description)),
    },
  };
  const info = {
    ...{ server_name: "s1", version: "2.12.0" },
    ...{ max_payload: 1_048_576, jetstream: true },
  };
  return {
    connection: { info } as unknown as Servers["connection"],
    manager: manager as unknown as JetStreamManager,
  };
}

async function openedBy(description: string): Promise<unknown> {
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const settings = { isUnsafe: true, keepMs: 1 };
  const options = { settings, log, clock: new FakeClock() };
  try {
    await openLog(refusing(description), options as never);
  } catch (error) {
    return error;
  }
}

Deno.test("openLog: too few servers are a setting to change; one that is only not there now passes, and is tried again", async () => {
  const few = await openedBy("no suitable peers for placement");
  assert.ok(few instanceof Failure);
  assert.match(few.fix, /at least three servers/);
  const offline = await openedBy(
    "no suitable peers for placement, peer offline",
  );
  assert.ok(offline instanceof JetStreamApiError);
});
