import assert from "node:assert/strict";
import { parseRelayUrl } from "../../../lib/client/relay_url.ts";
import { Failure } from "../../../lib/errors.ts";

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
    "wss:u:secret@r.example",
    "wss:/u:secret@r.example",
    "wss://u:hun/ter2secret@r.example",
    "u:secret@r.example",
    "wss://r.example/#",
    "wss://r.example/#f",
    "file:///etc/passwd",
    `wss://r.example/${"x".repeat(512)}`,
  ];
  for (const text of wrong) {
    const failed = () => parseRelayUrl(text);
    assert.throws(
      failed,
      (e) =>
        e instanceof Failure && e.code === "RELAY_URL_INVALID" &&
        !e.message.includes("secret"),
    );
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
