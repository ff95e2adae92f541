import assert from "node:assert/strict";
import {
  hrefs,
  isOneOf,
  MOST_RELAYS,
  parseRelayList,
} from "../../../lib/client/relay_list.ts";

Deno.test("parseRelayList: one address, or several parted by commas, each as it is dialled", () => {
  assert.equal(
    parseRelayList("wss://a.example.org").href,
    "wss://a.example.org/v1/ws",
  );
  const list = parseRelayList(" wss://a/x,y , WS://B:81,wss://a/x,y");
  assert.deepEqual(hrefs(list), ["wss://a/x,y", "ws://b:81/v1/ws"]);
  assert.equal(list.href, "wss://a/x,y,ws://b:81/v1/ws");
  assert.deepEqual(
    list.all.map(({ hostPort }) => hostPort),
    ["a:443", "b:81"],
  );
});

Deno.test("parseRelayList: reads what it wrote as the same", () => {
  const { href } = parseRelayList("wss://a,ws://127.0.0.1:80,wss://[::1]/p?q");
  assert.equal(parseRelayList(href).href, href);
});

Deno.test("parseRelayList: a single one that is wrong is refused, without a password", () => {
  for (
    const text of [
      "",
      ",",
      "wss://a,https://b",
      "wss://a,,wss://b",
      "a,wss://b",
    ]
  ) {
    assert.throws(() => parseRelayList(text), { code: "RELAY_URL_INVALID" });
  }
  assert.throws(
    () => parseRelayList("wss://a,wss://u:s3cret@b"),
    (error: Error) => !error.message.includes("s3cret"),
  );
  const many = Array.from({ length: MOST_RELAYS + 1 }, (_, i) => `wss://h${i}`);
  assert.throws(() => parseRelayList(many.join(",")), /RELAY|relay/);
});

Deno.test("isOneOf: each of its addresses, and no other", () => {
  const list = parseRelayList("wss://a,wss://b");
  assert.ok(isOneOf(list, "wss://b/v1/ws"));
  assert.ok(!isOneOf(list, "wss://c/v1/ws"));
});
