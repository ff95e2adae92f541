import assert from "node:assert/strict";
import { AdminApi } from "../../../lib/admin_api/client.ts";
import { Failure } from "../../../lib/errors.ts";
import { CutOff } from "../../../lib/local_api/cut_off.ts";
import { Unproven } from "../../../lib/local_api/unproven.ts";

/** How an act fails where its request comes to this. */
async function failed(
  act: "ban" | "list",
  error: Error,
): Promise<{ code: string; exitCode: number }> {
  const api = new AdminApi({
    dataDir: "/relay",
    fetch: () => Promise.reject(error),
    readTextFile: (path) =>
      Promise.resolve(path.endsWith("addr") ? "127.0.0.1:4000\n" : "t\n"),
  });
  const asked = act === "list" ? api.act(act, {}) : api.act(act, {
    agent: "a",
  });
  const thrown = await asked.then(() => null, (thrown) => thrown);
  assert.ok(thrown instanceof Failure);
  const { code, exitCode } = thrown;
  return { code, exitCode };
}

Deno.test("AdminApi: of an act that went out and has no answer the outcome is unknown; a question was just not answered", async () => {
  for (
    const error of [new CutOff(null), new DOMException("late", "TimeoutError")]
  ) {
    assert.deepEqual(await failed("ban", error), {
      ...{ code: "OUTCOME_UNKNOWN", exitCode: 7 },
    });
    assert.deepEqual(await failed("list", error), {
      ...{ code: "NO_RELAY", exitCode: 3 },
    });
  }
});

Deno.test("AdminApi: what reached no relay changed nothing", async () => {
  for (
    const error of [
      new Deno.errors.ConnectionRefused("nobody"),
      new Unproven("another"),
    ]
  ) assert.equal((await failed("ban", error)).code, "NO_RELAY");
});
