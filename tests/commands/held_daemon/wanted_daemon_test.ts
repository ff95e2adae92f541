import assert from "node:assert/strict";
import { DaemonCheck } from "../../../commands/held_daemon/wanted_daemon.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Status } from "../../../lib/local_api/types/status.ts";
import { someStatus } from "../../fakes/api_values.ts";

const RELAY = "wss://relay.example.org/v1/ws";
const RUNNING = { agent_name: "ada", relay: RELAY };

/** A check by what a configuration says, and the daemon that it asks. */
function rig(
  flags: { readonly name?: string; readonly relay?: string },
  env: Readonly<Record<string, string>> = {},
) {
  let asked = 0;
  const state: { running: Partial<Status> } = { running: RUNNING };
  const context = { env: (name: string) => env[name], hostname: () => "host" };
  const check = new DaemonCheck(context, flags, "/data");
  const codeOf = async (token: string): Promise<string> => {
    try {
      await check.check(token, {
        status: () => {
          asked++;
          return Promise.resolve(someStatus(state.running));
        },
      });
      return "same";
    } catch (error) {
      if (error instanceof Failure) return error.code;
      throw error;
    }
  };
  return { state, codeOf, asked: () => asked };
}

Deno.test("DaemonCheck: another name or relay than flags or variables name is refused", async () => {
  const cases: [
    Parameters<typeof rig>[0],
    Record<string, string>,
    string,
  ][] = [
    [{}, {}, "same"],
    [{ name: " ada" }, {}, "same"],
    [{ name: "bob" }, {}, "OTHER_NAME"],
    [{}, { AGENTNET_NAME: "bob" }, "OTHER_NAME"],
    [{ name: "ada" }, { AGENTNET_NAME: "bob" }, "same"],
    [{ relay: "wss://RELAY.example.org" }, {}, "same"],
    [{ relay: "wss://other.example.org" }, {}, "OTHER_RELAY"],
    [{}, { AGENTNET_RELAY: "wss://other.example.org" }, "OTHER_RELAY"],
    [{}, { AGENTNET_RELAY: "", AGENTNET_NAME: "" }, "same"],
  ];
  for (const [flags, env, code] of cases) {
    const said = JSON.stringify([flags, env]);
    assert.equal(await rig(flags, env).codeOf("token"), code, said);
  }
});

Deno.test("DaemonCheck: asks each daemon once, one that is wrong each time, and none where nothing is named", async () => {
  const { state, codeOf, asked } = rig({ name: "ada" });
  assert.deepEqual([await codeOf("1"), await codeOf("1")], ["same", "same"]);
  assert.equal(asked(), 1);
  state.running = { ...RUNNING, agent_name: "bob" };
  assert.equal(await codeOf("2"), "OTHER_NAME");
  assert.equal(await codeOf("2"), "OTHER_NAME");
  state.running = RUNNING;
  assert.equal(await codeOf("3"), "same");
  const unnamed = rig({});
  assert.equal(await unnamed.codeOf("1"), "same");
  assert.equal(unnamed.asked(), 0);
});
