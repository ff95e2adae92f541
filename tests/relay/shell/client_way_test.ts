import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { parseCidr } from "../../../relay/shell/address.ts";
import { ClientWay } from "../../../relay/shell/client_way.ts";
import { silentLogger } from "../../../lib/log.ts";

const blocks = (...texts: string[]) =>
  texts.flatMap((text) => parseCidr(text) ?? []);

function request(remote: string, headers: IncomingMessage["headers"] = {}) {
  const socket = { remoteAddress: remote } as IncomingMessage["socket"];
  return { headers, socket };
}

function way() {
  const warnings: unknown[] = [];
  const log = {
    ...silentLogger,
    warn: (event: string, fields?: unknown) =>
      void warnings.push({ event, fields }),
  };
  const metrics = blocks("127.0.0.0/8", "::1");
  const trusted = blocks("127.0.0.1/32");
  return { way: new ClientWay({ trusted, metrics, log }), warnings };
}

Deno.test("ClientWay.mayMeasure: this host itself, and nobody whom a trusted proxy passes on, whatever it writes", () => {
  const { way: one } = way();
  assert.ok(one.mayMeasure(request("127.0.0.1")));
  const passedOn: IncomingMessage["headers"][] = [
    { "x-forwarded-for": "203.0.113.5" },
    { "x-forwarded-for": "203.0.113.5:54321" },
    { "x-forwarded-for": "[2001:db8::1]:443" },
    { "x-forwarded-for": "unknown" },
    { "x-forwarded-for": "for=127.0.0.1" },
    { "x-forwarded-for": "" },
    { "forwarded": "for=203.0.113.5" },
    { "forwarded": "for=127.0.0.1" },
  ];
  for (const headers of passedOn) {
    const asked = request("127.0.0.1", headers);
    assert.equal(one.mayMeasure(asked), false, JSON.stringify(headers));
  }
});

Deno.test("ClientWay: a proxy that names no client is warned of once; strangers' headers never are", () => {
  const { way: one, warnings } = way();
  one.keyOf(request("9.9.9.9", { "x-forwarded-for": "unknown" }));
  one.keyOf(request("127.0.0.1", { "x-forwarded-for": "203.0.113.5:1" }));
  assert.equal(warnings.length, 0);
  for (const header of ["unknown", "", "x".repeat(8_000)]) {
    const asked = request("127.0.0.1", { "x-forwarded-for": header });
    assert.equal(one.keyOf(asked), "unknown");
  }
  assert.equal(warnings.length, 1);
  assert.equal(one.keyOf(request("127.0.0.1")), "127.0.0.1");
});
