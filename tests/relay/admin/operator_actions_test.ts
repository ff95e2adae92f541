import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import type { AskSockets } from "../../../relay/admin/ask_sockets.ts";
import { Bans } from "../../../relay/admin/bans.ts";
import { OperatorActions } from "../../../relay/admin/operator_actions.ts";
import { agent } from "../../fakes/agents.ts";

/** What is asked of the sockets of a cluster's relay, which stands so. */
async function rig(trouble: string | null) {
  const asked: string[] = [];
  const ask = ((one: { readonly kind: string }) => {
    asked.push(one.kind);
    return Promise.resolve(one.kind === "cluster" ? { trouble } : true);
  }) as AskSockets;
  const bans = await Bans.read("/bans.txt", {
    readText: () => Promise.reject(new Deno.errors.NotFound()),
    writeWhole: () => Promise.reject(new Error("nothing is to be written")),
  });
  const keeping = {
    set: () => {
      asked.push("ban");
      return Promise.resolve(true);
    },
  };
  const actions = new OperatorActions({
    ...{ version: "1", bans, ask, keeping, isShared: true },
    log: silentLogger,
  });
  return { actions, asked };
}

const ACTS = [
  ["kick", { agent: agent(1).id }],
  ["ban", { agent: agent(1).id }],
  ["unban", { agent: agent(1).id }],
  ["close", { room: "tea" }],
] as const;

Deno.test("OperatorActions: while a cluster's relay does not serve nothing is changed, and why is said", async () => {
  for (const [act, body] of ACTS) {
    const trouble = "catching up with the log: 1 of 9";
    const { actions, asked } = await rig(trouble);
    await assert.rejects(actions.run(act, body, "r"), {
      code: "LOG_UNUSABLE",
      message: /catching up with the log: 1 of 9/,
    });
    assert.deepEqual(asked, ["cluster"], act);
  }
});

Deno.test("OperatorActions: of a cluster's relay that serves each act is done, and told whether it changed anything", async () => {
  for (const [act, body] of ACTS) {
    const { actions, asked } = await rig(null);
    assert.deepEqual(await actions.run(act, body, "r"), {
      ...body,
      changed: true,
    });
    assert.deepEqual(asked, ["cluster", act === "unban" ? "ban" : act]);
  }
});
