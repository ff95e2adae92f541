import assert from "node:assert/strict";
import { withEnvironment } from "../../../relay/keeper/environment.ts";
import {
  parseRelayOptions,
  type RelayFlags,
} from "../../../relay/keeper/relay_settings.ts";
import { Failure } from "../../../lib/errors.ts";

const parse = (flags: RelayFlags) => parseRelayOptions(flags, "/home/ada");

function refusal(flags: RelayFlags): string {
  try {
    parse(flags);
    return "";
  } catch (error) {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "USAGE");
    return error.message;
  }
}

Deno.test("relay --open: loopback, no ages, no counts; what is said otherwise stays", () => {
  const open = parse({ open: true });
  assert.deepEqual(
    [open.hostname, open.joinAgeMs, open.createAgeMs, open.limits, open.isOpen],
    ["127.0.0.1", 0, 0, "off", true],
  );
  const said = parse({ open: true, joinAge: "7s", limits: "/counts.json" });
  assert.deepEqual(
    [said.joinAgeMs, said.createAgeMs, said.limits],
    [7_000, 0, "/counts.json"],
  );
  const closed = parse({ open: undefined });
  assert.deepEqual([closed.joinAgeMs, closed.isOpen], [60_000, false]);
});

Deno.test("relay --open: this host and private networks alone", () => {
  const trusted = ["127.0.0.1", "[::1]", "10.1.2.3", "172.31.0.1"];
  const more = ["192.168.7.7", "169.254.1.1", "[fd00::1]", "[fe80::1]"];
  for (const host of [...trusted, ...more]) {
    assert.equal(refusal({ open: true, listen: `${host}:8080` }), "", host);
  }
  const others = ["0.0.0.0", "[::]", "8.8.8.8", "172.32.0.1", "100.64.0.1"];
  for (const host of [...others, "[2001:db8::1]", "[::ffff:8.8.8.8]"]) {
    const listen = `${host}:8080`;
    assert.match(refusal({ open: true, listen }), /^--open is for/, host);
    assert.equal(refusal({ listen }), "", host);
  }
});

Deno.test("relay --open: not behind a web server", () => {
  const flags = [
    { publicUrl: "wss://relay.example.org/v1/ws" },
    { trustProxy: "127.0.0.1/32" },
  ];
  for (const more of flags) {
    assert.match(refusal({ open: true, ...more }), /web server/);
  }
});

Deno.test("relay --open: AGENTNET_RELAY_OPEN is 1 or 0", () => {
  const from = (value: string) =>
    withEnvironment(
      {},
      (name) => name === "AGENTNET_RELAY_OPEN" ? value : undefined,
    );
  assert.equal(from("1").open, true);
  assert.equal(from("0").open, false);
  assert.throws(() => from("perhaps"), Failure);
});
