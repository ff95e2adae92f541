import assert from "node:assert/strict";
import { Mailbox } from "../../../daemon/mailbox/mailbox.ts";
import { connect } from "../../../lib/client/connection.ts";
import { signFrame } from "../../../lib/protocol/signing.ts";
import { clientRig } from "../../fakes/client_rig.ts";
import { ADA, SessionRig } from "../../fakes/session_rig.ts";

/** Frames of our own that a live message may take from the transport into the mailbox. */
const MOST_FRAMES = 12;

Deno.test("Session: a live message comes from the transport into the mailbox in few steps", async () => {
  const { relay, options } = clientRig("ack");
  const { dial, sign, findProof, profile } = options;
  using rig = new SessionRig({
    ...{ connect, dial, sign, findProof },
    settings: { agentId: profile.id },
  });
  relay.overrides.set("hello", () => true);
  rig.session.start();
  await rig.clock.advance(10);
  await rig.session.create({ room: "tea" });
  await rig.clock.advance(10);
  const stack = await stackOfAdd(() => {
    for (const seq of [1, 2]) relay.line.deliver(message(seq, rig));
  }, rig);
  const own = stack.split("\n").filter((line) =>
    /\/(lib|daemon)\//.test(line) && !line.includes("/tests/")
  );
  assert.match(own.at(-1) ?? "", /Inbox\.text/);
  assert.ok(own.length <= MOST_FRAMES, own.join("\n"));
});

function message(seq: number, rig: SessionRig) {
  const signed = signFrame({
    ...{ type: "message", id: `m${seq}`, room: "tea", from: ADA.id },
    ...{ timestamp: rig.clock.wall(), nonce: `n${seq}` },
    content: { type: "text", text: "hello" },
  }, ADA.sign);
  return { ...signed, seq, received_at: rig.clock.wall() };
}

/** The stack at the last message that was added. */
async function stackOfAdd(say: () => void, rig: SessionRig): Promise<string> {
  const { add } = Mailbox.prototype;
  const { stackTraceLimit } = Error;
  let stack = "";
  Mailbox.prototype.add = function (given) {
    stack = new Error().stack ?? "";
    return add.call(this, given);
  };
  Error.stackTraceLimit = 100;
  try {
    say();
    await rig.clock.advance(100);
    say();
    return stack;
  } finally {
    Mailbox.prototype.add = add;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
