import assert from "node:assert/strict";
import type { AskSockets } from "../../../relay/admin/ask_sockets.ts";
import {
  type BanKeeping,
  SharedBans,
} from "../../../relay/admin/ban_keeping.ts";
import type { OperatorAsk } from "../../../relay/core/operator_ask.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

/** Sockets of a relay whose log takes a ban in after so many looks. */
function rig(takenAfter: number, banned: string[] = []) {
  const inForce = new Set(banned);
  const clock = new FakeClock();
  let looks = 0;
  let proposed: { agent: string; isBanned: boolean } | null = null;
  const ask = ((asked: OperatorAsk) => {
    if (asked.kind === "ban") {
      const changes = inForce.has(asked.agent) !== asked.isBanned;
      if (changes) proposed = asked;
      return Promise.resolve(changes);
    }
    assert.equal(asked.kind, "is_banned");
    if (proposed !== null && ++looks > takenAfter) {
      if (proposed.isBanned) inForce.add(proposed.agent);
      else inForce.delete(proposed.agent);
    }
    const { agent } = asked as { agent: string };
    return Promise.resolve(inForce.has(agent));
  }) as AskSockets;
  const own: BanKeeping = {
    set: (_agent, isBanned) => Promise.resolve(!isBanned && banned.length > 1),
  };
  return { bans: new SharedBans(own, ask, clock), clock, looks: () => looks };
}

Deno.test("SharedBans.set: says that it is done once the log has it", async () => {
  const { bans, clock, looks } = rig(3);
  const done = bans.set("eve", true);
  await clock.advance(1_000);
  assert.equal(await done, true);
  assert.equal(looks(), 4);
  assert.equal(await bans.set("eve", true), false);
});

Deno.test("SharedBans.set: a log whose servers choose a leader meanwhile is waited for", async () => {
  const { bans, clock } = rig(200);
  const done = bans.set("eve", true);
  await clock.advance(11_000);
  assert.equal(await done, true);
});

Deno.test("SharedBans.set: a log that does not take it in is no success", async () => {
  const { bans, clock } = rig(Infinity);
  const failed = assert.rejects(bans.set("eve", true), {
    code: "LOG_UNUSABLE",
  });
  await clock.advance(16_000);
  await failed;
});

Deno.test("SharedBans.set: an agent that this relay alone had banned is admitted again too", async () => {
  const { bans, clock } = rig(0, ["eve", "mallory"]);
  const done = bans.set("bob", false);
  await clock.advance(1_000);
  assert.equal(await done, true);
});
