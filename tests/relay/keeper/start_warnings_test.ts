import assert from "node:assert/strict";
import {
  parseRelayOptions,
  type RelayFlags,
} from "../../../relay/keeper/relay_settings.ts";
import { startWarnings } from "../../../relay/keeper/start_warnings.ts";

const count = (flags: RelayFlags) =>
  startWarnings(parseRelayOptions({ data: "/data", ...flags }, undefined))
    .length;

Deno.test("startWarnings: a relay that others reach and that doesn't know its own address; a local one is silent", () => {
  const publicUrl = "wss://relay.example.org/v1/ws";
  const trustProxy = "127.0.0.1/32";
  const cases: [RelayFlags, number][] = [
    [{}, 0],
    [{ listen: "127.0.0.1:8080" }, 0],
    [{ listen: "127.1.2.3:0" }, 0],
    [{ listen: "[::1]:8080" }, 0],
    [{ listen: "[::ffff:127.0.0.1]:8080" }, 0],
    [{ listen: "0.0.0.0:8080" }, 1],
    [{ listen: "[::]:8080" }, 1],
    [{ listen: "10.0.0.1:8080" }, 1],
    [{ trustProxy }, 1],
    [{ listen: "0.0.0.0:8080", publicUrl }, 0],
    [{ trustProxy, publicUrl }, 0],
  ];
  for (const [flags, expected] of cases) {
    assert.equal(count(flags), expected, JSON.stringify(flags));
  }
});
