import { strictEqual } from "node:assert/strict";
import { parseAgentId } from "../../../lib/protocol/agent_id.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import {
  hintOf,
  openState,
  readRecord,
  unsignedRecord,
} from "../../../lib/sealed/epoch_record.ts";
import { statementBytes } from "../../../lib/sealed/labelled_bytes.ts";
import { agent } from "../../fakes/agents.ts";
import { roomName } from "../../fakes/plain.ts";

const ROOM = roomName(`p-${"e".repeat(32)}`);
const [ADA, BOB, EVE] = [agent(1), agent(2), agent(3)];
const key = new Uint8Array(32).fill(3);

/** Ada's record with a key for some, and a state that names others; null where it is refused. */
function stateFor(
  wrapped: readonly (typeof ADA)[],
  members: readonly (typeof ADA)[],
  { parents = [], n = parents.length }: {
    readonly parents?: readonly string[];
    readonly n?: number;
  } = {},
) {
  const head = { room: ROOM, author: ADA.id, n, parents };
  const { body, hash } = unsignedRecord({
    ...{ head, kc: key, salt: key, stateKey: key },
    wraps: wrapped.map(({ id }) => ({
      hint: hintOf(ROOM, key, id),
      ...{ enc: new Uint8Array(32), ct: new Uint8Array(48) },
    })),
    state: {
      ...{ title: roomName("vault"), invites: [], admins: [ADA.id] },
      members: members.map(({ id }) => id),
    },
  });
  const author = parseAgentId(ADA.id)!;
  const said = statementBytes({ kind: "epoch", room: ROOM, author, hash });
  const read = readRecord(head, joined(body, ADA.sign(said)), new Verifier());
  return read.ok ? openState(read.record, key) : null;
}

Deno.test("openState: who is said to be a member was given the key, and nobody else", () => {
  strictEqual(stateFor([ADA, BOB], [ADA, BOB])?.members.length, 2);
  strictEqual(stateFor([ADA, EVE], [ADA, BOB]), null);
  strictEqual(stateFor([ADA, BOB, EVE], [ADA, BOB]), null);
  strictEqual(stateFor([ADA], [ADA, BOB]), null);
  strictEqual(stateFor([BOB], [BOB]), null);
});

Deno.test("readRecord: the first has no parents, each other one has some, and each once", () => {
  const [a, b] = ["a", "b"].map((digit) => digit.repeat(64)) as [
    string,
    string,
  ];
  const of = (parents: string[], n?: number) =>
    stateFor([ADA], [ADA], n === undefined ? { parents } : { parents, n });
  strictEqual(of([]) === null, false);
  strictEqual(of([a, b]) === null, false);
  strictEqual(of([a, a]), null);
  strictEqual(of([a], 0), null);
  strictEqual(of([], 1), null);
  strictEqual(of([a], 2 ** 53), null);
});
