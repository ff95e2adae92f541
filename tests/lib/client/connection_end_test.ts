import assert from "node:assert/strict";
import { connect } from "../../../lib/client/connection.ts";
import type { Dial } from "../../../lib/client/transport.ts";
import { Failure } from "../../../lib/errors.ts";
import { clientRig } from "../../fakes/client_rig.ts";
import type { FakeTransport } from "../../fakes/fake_transport.ts";

/** A line that the relay closes right after it opened, before the login's first frame is signed. */
async function closedAtOnce(code: number, reason: string): Promise<Failure> {
  const { options } = clientRig("go");
  const dial: Dial = async (url, events, signal) => {
    const line = await options.dial(url, events, signal) as FakeTransport;
    line.end(code, reason);
    return line;
  };
  return await rejection(connect({ ...options, dial }));
}

for (
  const [code, reason, becomes, told] of [
    [1008, "", "RELAY_REFUSED", /closed by the relay \(1008\)/],
    [1008, "banned", "RELAY_REFUSED", /banned \(1008\)/],
    [1012, "", "NOT_CONNECTED", /the relay is starting again \(1012\)/],
    [1012, "another comes up", "NOT_CONNECTED", /another comes up: .*1012/],
    [1013, "full", "NOT_CONNECTED", /full: .* no room for now \(1013\)/],
    [4001, "", "NOT_CONNECTED", /newer login \(4001\)/],
    [4001, "moved", "NOT_CONNECTED", /moved \(4001\)/],
    [4007, "odd", "NOT_CONNECTED", /odd \(4007\)/],
    [1006, "Unexpected EOF", "NOT_CONNECTED", /Unexpected EOF/],
    [1006, "", "NOT_CONNECTED", /the line closed \(1006\)/],
  ] as const
) {
  Deno.test(`connect: a line closed with ${code} '${reason}' right after it opened is ${becomes}, code and reason told`, async () => {
    const error = await closedAtOnce(code, reason);
    assert.equal(error.code, becomes);
    assert.match(error.message, told);
  });
}

Deno.test("connect: an error frame before the line was closed is why, though nothing of ours was sent", async () => {
  const { options } = clientRig("go");
  const dial: Dial = async (url, events, signal) => {
    const line = await options.dial(url, events, signal) as FakeTransport;
    line.deliver({ type: "error", code: "RATE_LIMITED", message: "slowly" });
    line.end(1008, "");
    return line;
  };
  const error = await rejection(connect({ ...options, dial }));
  assert.equal(error.code, "RATE_LIMITED");
});

async function rejection(promise: Promise<unknown>): Promise<Failure> {
  const [settled] = await Promise.allSettled([promise]);
  assert.equal(settled?.status, "rejected");
  const { reason } = settled as PromiseRejectedResult;
  assert.ok(reason instanceof Failure, String(reason));
  return reason;
}
