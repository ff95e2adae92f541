import assert from "node:assert/strict";
import { JetStreamApiError, type JetStreamManager } from "@nats-io/jetstream";
import { openLog, type Servers } from "../../../relay/cluster/open_log.ts";
import { Failure } from "../../../lib/errors.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** The code of a server of no cluster, and of one whose cluster has too few. */
const LONE = 10_074, NO_PEERS = 10_005;

/** Servers that have no stream, and refuse to make one. */
function refusing(description: string, code: number): Servers {
  const error = (code: number, text: string) =>
    new JetStreamApiError({ code: 400, err_code: code, description: text });
  const manager = {
    streams: {
      info: () => Promise.reject(error(10_059, "stream not found")),
      add: () => Promise.reject(error(code, description)),
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

async function openedBy(
  description: string,
  code = NO_PEERS,
): Promise<unknown> {
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const settings = { isUnsafe: true, keepMs: 1 };
  const options = { settings, log, clock: new FakeClock() };
  try {
    await openLog(refusing(description, code), options as never);
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

Deno.test("openLog: who refuses is named: a server that is of no cluster, or of one that has too few", async () => {
  const alone = "replicas > 1 not supported in non-clustered mode";
  const lone = await openedBy(alone, LONE);
  assert.ok(lone instanceof Failure);
  assert.match(
    lone.message,
    /the server s1 is of no cluster, and says: replicas > 1 not supported/,
  );
  assert.match(lone.fix, /at least three servers as one cluster/);
  const few = await openedBy("no suitable peers for placement");
  assert.ok(few instanceof Failure);
  assert.match(few.message, /the server s1 says: no suitable peers/);
});
