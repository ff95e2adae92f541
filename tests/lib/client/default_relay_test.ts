import assert from "node:assert/strict";
import { DEFAULT_RELAY } from "../../../lib/client/default_relay.ts";
import { parseDaemonSettings } from "../../../daemon/keeper/settings.ts";
import { Failure } from "../../../lib/errors.ts";

const OWN = "wss://relay.example.org/v1/ws";

function relayOf(given: string | undefined, madeFor: string | undefined) {
  const source = {
    env: (name: string) => name === "HOME" ? "/home/ada" : undefined,
    hostname: () => "host",
    madeFor,
  };
  return parseDaemonSettings({ relay: given }, source).relay.href;
}

Deno.test("DEFAULT_RELAY: from source there is none, so one has to be named", () => {
  assert.equal(DEFAULT_RELAY, undefined);
  assert.throws(
    () => relayOf(undefined, undefined),
    (error) => error instanceof Failure && error.code === "RELAY_URL_MISSING",
  );
});

Deno.test("parseDaemonSettings: a file made for a relay has it as default, and takes other paths there", () => {
  assert.equal(relayOf(undefined, OWN), OWN);
  assert.equal(
    relayOf("wss://relay.example.org:443/v2/ws", OWN),
    "wss://relay.example.org/v2/ws",
  );
});

Deno.test("parseDaemonSettings: a file made for a relay refuses every other host or port, and says so", () => {
  for (
    const other of [
      "wss://other.example",
      "ws://relay.example.org",
      `${OWN}`
        .replace("org", "org:444"),
    ]
  ) {
    assert.throws(
      () => relayOf(other, OWN),
      (error) =>
        error instanceof Failure && error.code === "USAGE" &&
        error.message.includes("made for relay.example.org:443 alone"),
      other,
    );
  }
});
