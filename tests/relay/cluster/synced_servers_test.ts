import assert from "node:assert/strict";
import {
  parseVarz,
  requireSynced,
  type ServerState,
} from "../../../relay/cluster/synced_servers.ts";
import { judgeVersion } from "../../../relay/cluster/server_version.ts";

const good = (name: string): ServerState => ({
  name,
  version: "2.15.1",
  isSynced: true,
});

function told(answers: Record<string, ServerState | null>, holders: string[]) {
  const map = new Map(Object.entries(answers));
  try {
    requireSynced(map, holders);
    return "good";
  } catch (failure) {
    return `${(failure as Error).message}; ${(failure as { fix: string }).fix}`;
  }
}

Deno.test("requireSynced: three servers that sync each write are good, and two of them while one is down", () => {
  const three = { a: good("n1"), b: good("n2"), c: good("n3") };
  const holders = ["n1", "n2", "n3"];
  assert.equal(told(three, holders), "good");
  assert.equal(told({ ...three, c: null }, holders), "good");
});

Deno.test("requireSynced: one that does not sync, or is too old, is refused with its name and what to set", () => {
  const holders = ["n1", "n2", "n3"];
  const three = { a: good("n1"), b: good("n2"), c: good("n3") };
  assert.match(
    told({ ...three, b: { ...good("n2"), isSynced: false } }, holders),
    /n2 .*sync_interval: always/,
  );
  assert.match(
    told({ ...three, b: { ...good("n2"), version: "2.9.10" } }, holders),
    /n2 is nats-server 2\.9\.10.*2\.12/,
  );
});

Deno.test("requireSynced: a holder of the log that no monitor shows is not taken for good", () => {
  const holders = ["n1", "n2", "n3"];
  assert.match(told({ a: good("n1"), b: good("n2") }, holders), /n3/);
  assert.match(told({ a: null }, holders), /none of a answers/);
});

Deno.test("parseVarz: a server's own words, and null for other JSON", () => {
  const varz = {
    server_name: "n1",
    version: "2.15.1",
    jetstream: { config: { sync_always: true } },
  };
  assert.deepEqual(parseVarz(varz), good("n1"));
  const silent = { ...varz, jetstream: { config: {} } };
  assert.equal(parseVarz(silent)?.isSynced, false);
  for (const other of [null, 1, "x", [], {}, { ...varz, jetstream: {} }]) {
    assert.equal(parseVarz(other), null);
  }
});

Deno.test("judgeVersion: 2.12 is asked for, 2.10 the least", () => {
  const verdicts = ["2.9.99", "2.10.0", "2.11.9", "2.12.0-RC.1", "3.0.0", "dev"]
    .map(judgeVersion);
  assert.deepEqual(verdicts, [
    "too_old",
    "old",
    "old",
    "good",
    "good",
    "too_old",
  ]);
});
