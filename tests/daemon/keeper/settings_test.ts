import assert from "node:assert/strict";
import {
  type DaemonFlags,
  parseDaemonSettings,
} from "../../../daemon/keeper/settings.ts";
import { Failure } from "../../../lib/errors.ts";

function parse(flags: DaemonFlags, env: Record<string, string> = {}) {
  return parseDaemonSettings(flags, {
    env: (name) => ({ HOME: "/home/ada", ...env })[name],
    hostname: () => "host",
  });
}

const RELAY = "wss://relay.example.org/v1/ws";

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return "none";
}

Deno.test("parseDaemonSettings: defaults, environment, and a flag that wins", () => {
  const plain = parse({ relay: RELAY });
  assert.deepEqual(plain.api, { hostname: "127.0.0.1", port: 9900 });
  const { name, dataDir, buffer, queueForMs, brakes, logFormat, logLevel } =
    plain;
  assert.deepEqual(
    { name, dataDir, buffer, queueForMs, brakes, logFormat, logLevel },
    {
      name: "host",
      dataDir: "/home/ada/.agentnet",
      buffer: 1000,
      queueForMs: 600_000,
      brakes: true,
      logFormat: "text",
      logLevel: "info",
    },
  );
  const env = {
    AGENTNET_RELAY: RELAY,
    AGENTNET_NAME: "env",
    AGENTNET_API: "localhost:1",
    AGENTNET_DATA_DIR: "/d/env",
    AGENTNET_PROXY: "http://p.example:3128",
    AGENTNET_BRAKES: "off",
  };
  const fromEnv = parse({}, env);
  assert.equal(fromEnv.relay.href, RELAY);
  assert.deepEqual(fromEnv.api, { hostname: "127.0.0.1", port: 1 });
  assert.deepEqual(
    [fromEnv.name, fromEnv.dataDir, fromEnv.proxy, fromEnv.brakes],
    ["env", "/d/env", "http://p.example:3128/", false],
  );
  const flags = { name: "flag", api: "[::1]:2", dataDir: "/d/flag" };
  const flagged = parse({ ...flags, brakes: "on" }, env);
  assert.deepEqual(
    [flagged.name, flagged.api, flagged.dataDir, flagged.brakes],
    ["flag", { hostname: "::1", port: 2 }, "/d/flag", true],
  );
  const empty = { AGENTNET_NAME: "", AGENTNET_API: "", AGENTNET_PROXY: "" };
  assert.deepEqual(parse({ relay: RELAY }, empty), plain);
});

Deno.test("parseDaemonSettings: a name is cut to 64 bytes at a code point", () => {
  const name = parse({ relay: RELAY, name: "漢".repeat(30) }).name;
  assert.equal(name, "漢".repeat(21));
});

Deno.test("parseDaemonSettings: wrong settings are wrong use, each with its code", () => {
  const table: [DaemonFlags, string][] = [
    [{}, "RELAY_URL_MISSING"],
    [{ relay: "http://x" }, "RELAY_URL_INVALID"],
    [{ relay: RELAY, api: "0.0.0.0:9900" }, "API_NOT_LOOPBACK"],
    [{ relay: RELAY, api: "192.0.2.1:9900" }, "API_NOT_LOOPBACK"],
    [{ relay: RELAY, api: "[::]:9900" }, "API_NOT_LOOPBACK"],
    [{ relay: RELAY, api: "127.0.0.1" }, "API_NOT_LOOPBACK"],
    [{ relay: RELAY, api: "127.0.0.256:1" }, "API_NOT_LOOPBACK"],
    [{ relay: RELAY, api: "localhost.example:1" }, "API_NOT_LOOPBACK"],
    [{ relay: RELAY, name: "a\u202eb" }, "USAGE"],
    [{ relay: RELAY, name: "a\x1b[2J" }, "USAGE"],
    [{ relay: RELAY, proxy: "p.example" }, "USAGE"],
    [{ relay: RELAY, proxy: "ftp://p.example" }, "USAGE"],
    [{ relay: RELAY, buffer: 0 }, "USAGE"],
    [{ relay: RELAY, buffer: 1.5 }, "USAGE"],
    [{ relay: RELAY, logLevel: "loud" }, "USAGE"],
    [{ relay: RELAY, logFormat: "xml" }, "USAGE"],
  ];
  for (const [flags, code] of table) {
    assert.equal(codeOf(() => parse(flags)), code, JSON.stringify(flags));
  }
  const secret = () => parse({ relay: RELAY, proxy: "ftp://u:secret@p" });
  assert.throws(secret, (e) => !String(e).includes("secret"));
});
