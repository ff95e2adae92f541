import assert from "node:assert/strict";
import { parseRelayUrl } from "../../daemon/relay_url.ts";
import {
  type DaemonFlags,
  parseDaemonSettings,
} from "../../daemon/settings.ts";
import { Failure } from "../../lib/errors.ts";

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

Deno.test("parseRelayUrl: gives the address as it is dialled and what the network is narrowed to", () => {
  const table = [
    ["wss://r.example", "wss://r.example/v1/ws", "r.example:443"],
    ["wss://r.example/", "wss://r.example/v1/ws", "r.example:443"],
    ["wss://R.example:443/x", "wss://r.example/x", "r.example:443"],
    ["ws://r.example:8080", "ws://r.example:8080/v1/ws", "r.example:8080"],
    ["ws://[::1]:80/v1/ws", "ws://[::1]/v1/ws", "[::1]:80"],
    ["ws://127.1/a?b=c", "ws://127.0.0.1/a?b=c", "127.0.0.1:80"],
  ] as const;
  for (const [text, href, hostPort] of table) {
    const url = parseRelayUrl(text);
    assert.deepEqual([url.href, url.hostPort], [href, hostPort]);
  }
});

Deno.test("parseRelayUrl: refuses everything else, and repeats no password", () => {
  const wrong = [
    "",
    "relay.example",
    "http://r.example",
    "https://r.example/v1/ws",
    "wss:",
    "wss://",
    "wss://u@r.example",
    "wss://u:secret@r.example",
    "wss://r.example/#",
    "wss://r.example/#f",
    "file:///etc/passwd",
    `wss://r.example/${"x".repeat(512)}`,
  ];
  for (const text of wrong) {
    const failed = () => parseRelayUrl(text);
    assert.equal(codeOf(failed), "RELAY_URL_INVALID", text);
    assert.throws(failed, (e) => !String(e).includes("secret"));
  }
});

Deno.test("parseRelayUrl: knows what is open on the way", () => {
  const open = ["ws://r.example", "ws://10.0.0.1", "ws://localhost.example"];
  const closed = [
    "wss://r.example",
    "ws://127.0.0.9",
    "ws://localhost",
    "ws://[::1]",
  ];
  assert.ok(open.every((text) => parseRelayUrl(text).isOpenOnTheWay));
  assert.ok(!closed.some((text) => parseRelayUrl(text).isOpenOnTheWay));
});

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
  };
  const fromEnv = parse({}, env);
  assert.equal(fromEnv.relay.href, RELAY);
  assert.deepEqual(fromEnv.api, { hostname: "127.0.0.1", port: 1 });
  assert.deepEqual(
    [fromEnv.name, fromEnv.dataDir, fromEnv.proxy],
    ["env", "/d/env", "http://p.example:3128/"],
  );
  const flags = { name: "flag", api: "[::1]:2", dataDir: "/d/flag" };
  const flagged = parse({ ...flags, brakes: "off" }, env);
  assert.deepEqual(
    [flagged.name, flagged.api, flagged.dataDir, flagged.brakes],
    ["flag", { hostname: "::1", port: 2 }, "/d/flag", false],
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
