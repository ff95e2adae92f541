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

Deno.test("cutLoopback: what the system does not let through is a sandbox's, nobody who listens is not", () => {
  for (const error of CUT) {
    const failure = cutLoopback(error);
    assert.ok(failure, `${error}`);
    assert.deepEqual([failure.code, failure.exitCode], ["LOOPBACK_CUT", 3]);
    assert.match(failure.fix, /agentnet mcp/);
    assert.doesNotMatch(failure.message, /os error/);
  }
  for (const error of OTHERS) assert.equal(cutLoopback(error), null);
});

Deno.test("localApi: a sandbox that cuts loopback is told as such, for a question and for a send", async () => {
  for (const error of CUT) {
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
