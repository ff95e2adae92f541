import assert from "node:assert/strict";
import { portableHead } from "../../../scripts/build/portable.ts";

const HEAD = {
  version: "1.2.3",
  target: "linux-x64",
  hash: "ab".repeat(32),
  bytes: 42,
};
const TEMPLATE = "@VERSION@ @TARGET@ @HASH@ @BYTES@ '@ONLY_NET@'";

Deno.test("portableHead: fills every place", () => {
  assert.equal(
    portableHead(TEMPLATE, HEAD),
    `1.2.3 linux-x64 ${HEAD.hash} 42 ''`,
  );
  const relay = new URL("wss://relay.example.org/a?b");
  assert.match(
    portableHead(TEMPLATE, { ...HEAD, clientOnly: { relays: [relay] } }),
    /'relay\.example\.org:443'$/,
  );
});

Deno.test("portableHead: of several addresses each host is granted", () => {
  const relays = [new URL("wss://a.example.org"), new URL("ws://[::1]:81")];
  assert.match(
    portableHead(TEMPLATE, { ...HEAD, clientOnly: { relays } }),
    /'a\.example\.org:443,\[::1\]:81'$/,
  );
});

Deno.test("portableHead: a place that it does not know is an error", () => {
  assert.throws(() => portableHead("@VERSOIN@", HEAD), /@VERSOIN@/);
});

Deno.test("portableHead: a host that could end the quotes is refused", () => {
  const relay = new URL("ws://a'b");
  assert.throws(() =>
    portableHead(TEMPLATE, { ...HEAD, clientOnly: { relays: [relay] } })
  );
});
