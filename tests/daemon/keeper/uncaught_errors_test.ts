import assert from "node:assert/strict";
import { catchUncaughtErrors } from "../../../daemon/keeper/uncaught_errors.ts";
import { type LogFields, silentLogger } from "../../../lib/log.ts";

Deno.test("catchUncaughtErrors: an uncaught error is logged and does not end the thread, until the net is taken away", () => {
  const scope = new EventTarget();
  const said: LogFields[] = [];
  const error = (_event: string, fields: LogFields = {}) => {
    said.push(fields);
  };
  const take = catchUncaughtErrors(scope, { ...silentLogger, error });
  const thrown = () =>
    new ErrorEvent("error", { error: new Error("boom"), cancelable: true });
  // False: somebody took care of it.
  assert.equal(scope.dispatchEvent(thrown()), false);
  assert.match(String(said[0]?.reason), /boom/);
  take();
  assert.equal(scope.dispatchEvent(thrown()), true);
  assert.equal(said.length, 1);
});
