import assert from "node:assert/strict";
import type { RawObject } from "../../../../lib/protocol/frames.ts";
import { agent } from "../../../fakes/agents.ts";
import { CoreBed } from "../../../fakes/core_bed.ts";
import { DEFAULT_LIMITS } from "../../../../relay/core/settings.ts";

/** A relay that takes two messages of an agent a minute, and an agent at it. */
function limited() {
  const bed = new CoreBed({
    limits: { ...DEFAULT_LIMITS, messagesPerAgent: 2 },
  });
  const ada = bed.login(bed.maker(agent(1)), { features: ["ack", "direct"] });
  const content = { type: "text", text: "Hello" };
  const from = ada.maker.id;
  const frame = (more: RawObject) =>
    ada.maker.frame({ from, content, ...more });
  return { bed, ada, frame };
}

const CASES: readonly [string, string, RawObject][] = [
  ["to no agent", "INVALID_MESSAGE", { type: "direct", to: "nobody" }],
  ["to oneself", "INVALID_MESSAGE", { type: "direct", to: agent(1).id }],
  ["to no room", "ROOM_NOT_FOUND", { type: "message", room: "tea" }],
];

for (const [name, code, message] of CASES) {
  Deno.test(`senderRefusal: a message ${name} uses its nonce, and counts`, () => {
    const { bed, ada, frame } = limited();
    const first = frame({ ...message, id: "m1" });
    assert.deepEqual(bed.ask(ada, first), [code]);
    assert.deepEqual(bed.ask(ada, first), ["AUTH_FAILED"]);
    assert.deepEqual(bed.ask(ada, frame({ ...message, id: "m2" })), [code]);
    const third = frame({ ...message, id: "m3" });
    assert.deepEqual(bed.ask(ada, third), ["RATE_LIMITED"]);
  });

  Deno.test(`senderRefusal: of a message ${name} in another's name nothing is told, and nothing counts`, () => {
    const { bed, ada, frame } = limited();
    for (const id of ["m1", "m2", "m3"]) {
      const forged = frame({ ...message, from: agent(2).id, id });
      assert.deepEqual(bed.ask(ada, forged), ["AUTH_FAILED"]);
    }
    assert.deepEqual(bed.ask(ada, frame({ ...message, id: "m4" })), [code]);
  });
}
