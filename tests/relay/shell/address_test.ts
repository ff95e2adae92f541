import assert from "node:assert/strict";
import {
  clientKey,
  isIn,
  parseAddress,
  parseCidr,
} from "../../../relay/shell/address.ts";

const cidr = (text: string) => {
  const block = parseCidr(text);
  assert.ok(block !== null, text);
  return block;
};

Deno.test("clientKey: IPv4 as it is, IPv6 by its /64, mapped v4 as v4", () => {
  const cases: [string, string][] = [
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["2001:db8:1:2:3:4:5:6", "20010db800010002::/64"],
    ["2001:db8:1:2::9", "20010db800010002::/64"],
    ["fe80::1%eth0", "fe80000000000000::/64"],
    ["nonsense", "unknown"],
  ];
  for (const [remote, key] of cases) {
    assert.equal(clientKey(remote, undefined, []), key);
  }
});

Deno.test("clientKey: X-Forwarded-For counts from the right, only behind trusted proxies", () => {
  const trusted = [cidr("10.0.0.0/8"), cidr("::1")];
  const cases: [string, string, string][] = [
    ["9.9.9.9", "1.1.1.1", "9.9.9.9"],
    ["10.0.0.1", "1.1.1.1", "1.1.1.1"],
    ["10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"],
    ["10.0.0.1", "6.6.6.6, 1.1.1.1, 10.2.2.2", "1.1.1.1"],
    ["::1", "[2001:db8::5]", "20010db800000000::/64"],
    ["10.0.0.1", "10.0.0.2", "10.0.0.2"],
  ];
  for (const [remote, header, key] of cases) {
    assert.equal(clientKey(remote, header, trusted), key, header);
  }
});

Deno.test("clientKey: an entry with a port counts as its address", () => {
  const cases: [string, string][] = [
    ["203.0.113.5:54321", "203.0.113.5"],
    ["203.0.113.5:1, 10.0.0.2:80", "203.0.113.5"],
    ["[2001:db8::1]:443", "20010db800000000::/64"],
    ["[2001:db8::1]", "20010db800000000::/64"],
    ["2001:db8::1", "20010db800000000::/64"],
    ["[::ffff:203.0.113.5]:443", "203.0.113.5"],
    ["[fe80::1%eth0]:9", "fe80000000000000::/64"],
  ];
  for (const [header, key] of cases) {
    assert.equal(clientKey("10.0.0.1", header, [cidr("10.0.0.0/8")]), key);
  }
});

Deno.test("clientKey: what a trusted proxy writes and nobody can read is one unknown client, never the proxy", () => {
  const unreadable = [
    ...["", " ", ",", "unknown", "_hidden", "nonsense", "for=1.1.1.1"],
    ...['for="[2001:db8::1]:443"', "1.1.1.1:", "1.1.1.1:x", "1.1.1.1:123456"],
    ...["[1.1.1.1", "[2001:db8::1]x", "1.1.1.1:80:80", "1.1.1.1, nonsense"],
    ...["1.1.1.1,", "localhost", "256.1.1.1:80", "unknown, 10.0.0.2"],
    "x".repeat(5_000),
  ];
  for (const header of unreadable) {
    const key = clientKey("10.0.0.1", header, [cidr("10.0.0.0/8")]);
    assert.equal(key, "unknown", header);
    assert.equal(clientKey("9.9.9.9", header, [cidr("10.0.0.0/8")]), "9.9.9.9");
  }
});

Deno.test("parseCidr and isIn: blocks of both families, to the bit", () => {
  const inside = (address: string, block: string) =>
    isIn(parseAddress(address) ?? [], cidr(block));
  assert.ok(inside("192.168.4.255", "192.168.4.0/23"));
  assert.ok(inside("192.168.5.1", "192.168.4.0/23"));
  assert.ok(!inside("192.168.6.1", "192.168.4.0/23"));
  assert.ok(inside("8.8.8.8", "0.0.0.0/0"));
  assert.ok(!inside("::1", "0.0.0.0/0"));
  assert.ok(inside("fd12::1", "fd00::/8"));
  for (
    const bad of [
      "",
      "1.2.3",
      "1.2.3.4/33",
      "1.2.3.4/x",
      "1::2::3",
      "::1/129",
      "1.2.3.4/8/9",
      "256.1.1.1",
      "12345::",
    ]
  ) {
    assert.equal(parseCidr(bad), null, bad);
  }
});
