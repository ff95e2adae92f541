import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import {
  oneOf,
  readLogSettings,
  urlOf,
} from "../../../lib/host/settings_readers.ts";

Deno.test("oneOf: a value that is none names the flag and those that are", () => {
  assert.equal(oneOf("history", "off", ["on", "off"]), "off");
  assert.throws(
    () => oneOf("history", "Off", ["on", "off"]),
    (error) =>
      error instanceof Failure && error.code === "USAGE" &&
      error.message.includes("--history can't be 'Off'") &&
      error.fix === "use on, off",
  );
});

Deno.test("readLogSettings: text and info when nothing is said, else what is said", () => {
  assert.deepEqual(readLogSettings({}), {
    logFormat: "text",
    logLevel: "info",
  });
  const said = { logFormat: "json", logLevel: "debug" } as const;
  assert.deepEqual(readLogSettings(said), said);
  assert.throws(() => readLogSettings({ logFormat: "xml" }), /--log-format/);
  assert.throws(() => readLogSettings({ logLevel: "loud" }), /--log-level/);
});

Deno.test("urlOf: as the runtime writes it; another scheme, or none, is null", () => {
  const schemes = ["ws:", "wss:"];
  assert.equal(
    urlOf("WSS://Relay.example:443/v1/ws", schemes),
    "wss://relay.example/v1/ws",
  );
  for (const text of ["", "relay.example", "https://x", "wss://", "ws"]) {
    assert.equal(urlOf(text, schemes), null, text);
  }
});
