import assert from "node:assert/strict";
import {
  mayWake,
  type WakeCandidate,
} from "../../../../daemon/session/core/wake_rules.ts";

const STARTED = 1_000_000;
const CONTACT: WakeCandidate = {
  ...{ cursor: 1, from: "ann", room: "tea", reason: "mention" },
  ...{ isContact: true, isDoubtful: false, sentAt: STARTED },
};

Deno.test("mayWake: what is for this agent, by a contact, since the start; by anybody where everyone may", () => {
  const { reason: _, ...plain } = CONTACT;
  const stranger = { ...CONTACT, isContact: false };
  const rows: [WakeCandidate, string][] = [
    [CONTACT, "contacts everyone"],
    [{ ...CONTACT, reason: "ask" }, "contacts everyone"],
    [stranger, "everyone"],
    [plain, ""],
    [{ ...CONTACT, isDoubtful: true }, ""],
    [{ ...stranger, isDoubtful: true }, ""],
    [{ ...CONTACT, sentAt: STARTED - 60_001 }, ""],
    [{ ...CONTACT, sentAt: STARTED - 60_000 }, "contacts everyone"],
  ];
  for (const [message, expected] of rows) {
    const woken = (["contacts", "everyone", "off"] as const)
      .filter((policy) => mayWake(message, { policy, startedAt: STARTED }));
    assert.equal(woken.join(" "), expected, JSON.stringify(message));
  }
});
