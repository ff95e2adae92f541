import { strictEqual } from "node:assert/strict";
import { parseAgentId } from "../../../lib/protocol/agent_id.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import {
  openMessage,
  prepareMessage,
  readMessage,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { statementBytes } from "../../../lib/sealed/labelled_bytes.ts";
import { agent } from "../../fakes/agents.ts";
import { roomName } from "../../fakes/plain.ts";

const ROOM = roomName(`p-${"e".repeat(32)}`);
const [ADA, EVE] = [agent(1), agent(2)];
const key = new Uint8Array(32).fill(3);
const epoch = new Uint8Array(16).fill(4);
const salt = new Uint8Array(32).fill(5);

/** What anybody makes of a message of Ada's who has its key: another member, or the relay's friend among them. */
function openedBy(
  signer: typeof ADA,
  changed: { room?: typeof ROOM; kind?: "epoch" } = {},
) {
  const place = { room: ROOM, from: ADA.id, id: "m1" };
  const { hash, content } = prepareMessage(place, epoch, {
    head: { stream: "1-a", n: 1, at: 1, saw: [] },
    text: "hello",
  });
  const { room = ROOM, kind = "said" } = changed;
  const author = parseAgentId(ADA.id)!;
  const said = statementBytes({ kind, room, author, hash });
  const signature = signer.sign(said);
  const body = sealMessage(place, { epoch, salt }, { content, signature, key });
  const verifier = new Verifier();
  return openMessage(place, readMessage(body)!, { key, verifier }).ok;
}

Deno.test("openMessage: who has the key still says nothing in another's name, from another room or as what is no message", () => {
  strictEqual(openedBy(ADA), true);
  strictEqual(openedBy(EVE), false);
  strictEqual(openedBy(ADA, { room: roomName(`p-${"f".repeat(32)}`) }), false);
  strictEqual(openedBy(ADA, { kind: "epoch" }), false);
});

Deno.test("openMessage: what is shorter than a seal is refused", () => {
  const place = { room: ROOM, from: ADA.id, id: "m1" };
  const verifier = new Verifier();
  for (let length = 1; length <= 17; length++) {
    const sealed = new Uint8Array(length);
    const opened = openMessage(place, { epoch, salt, sealed }, {
      ...{ key, verifier },
    });
    strictEqual(opened.ok, false);
  }
});
