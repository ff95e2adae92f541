import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { localApi } from "../../../lib/local_api/client.ts";
import { checkLoopback, cutLoopback } from "../../../lib/local_api/loopback.ts";

const { errors } = Deno;
const CUT = [
  new errors.PermissionDenied("Operation not permitted (os error 1)"),
  new errors.PermissionDenied("Permission denied (os error 13)"),
  new errors.NetworkUnreachable("Network is unreachable (os error 101)"),
];
const OTHERS = [
  new errors.ConnectionRefused("Connection refused (os error 111)"),
  new errors.NotCapable("Requires net access"),
  new errors.TimedOut("late"),
  new TypeError("no"),
];

/** A host on which every connection fails so. */
const failing = (error: Error) => () => Promise.reject(error);

Deno.test("cutLoopback: what the system does not let through is a sandbox's, nobody who listens is not", async () => {
  for (const error of CUT) {
    const failure = await cutLoopback(error, failing(error));
    assert.ok(failure, `${error}`);
    assert.deepEqual([failure.code, failure.exitCode], ["LOOPBACK_CUT", 3]);
    assert.match(failure.fix, /agentnet mcp/);
    assert.doesNotMatch(failure.message, /os error/);
  }
  for (const error of OTHERS) {
    assert.equal(await cutLoopback(error, failing(error)), null);
  }
});

Deno.test("cutLoopback: no network of IPv4 is no sandbox where there is one of IPv6", async () => {
  const error = new errors.NetworkUnreachable("no network");
  const refused = new errors.ConnectionRefused("nobody there");
  const asked: string[] = [];
  const ipv6Alone = ({ hostname = "" }: Deno.ConnectOptions) => {
    asked.push(hostname);
    return Promise.reject(hostname === "::1" ? refused : error);
  };
  assert.equal(await cutLoopback(error, ipv6Alone), null);
  assert.deepEqual(asked, ["::1"]);
  await checkLoopback(ipv6Alone);
  const none = new errors.AddrNotAvailable("no such address");
  assert.ok(await cutLoopback(error, failing(none)));
});

Deno.test("localApi: a sandbox that cuts loopback is told as such, for a question and for a send", async () => {
  // Here ::1 answers, so that no network of IPv4 is no proof.
  for (const error of CUT.slice(0, 2)) {
    const place = { address: "127.0.0.1:9900", token: "t" };
    const api = localApi(place, () => Promise.reject(error));
    const code = { code: "LOOPBACK_CUT" };
    await assert.rejects(api.status(), code);
    await assert.rejects(api.stop(), code);
  }
});

Deno.test("checkLoopback: refused, taken and closed are no matter, what is cut is", async () => {
  let closed = 0;
  await checkLoopback(() => Promise.resolve({ close: () => closed++ }));
  assert.equal(closed, 1);
  for (const error of OTHERS) await checkLoopback(() => Promise.reject(error));
  for (const error of CUT) {
    await assert.rejects(checkLoopback(() => Promise.reject(error)), Failure);
  }
  await checkLoopback();
});
