import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  type EpochState,
  MOST_INVITES,
  MOST_JOINED,
  parseState,
  writeState,
} from "../../../lib/sealed/epoch_state.ts";
import { agent } from "../../fakes/agents.ts";
import { roomName } from "../../fakes/plain.ts";

const [ADA, BOB] = [agent(1).id, agent(2).id];
const STATE: EpochState = {
  ...{ title: roomName("vault"), topic: "tea", at: 7 },
  ...{ members: [ADA, BOB], admins: [ADA] },
  invites: [{ pub: agent(3).id, by: ADA, until: 9, uses: 1 }],
  joined: [[BOB, agent(3).id]],
  back: [{ kc: new Uint8Array(32), sealed: new Uint8Array(48) }],
};

const parsed = (changed: Partial<Record<keyof EpochState, unknown>>) =>
  parseState(writeState({ ...STATE, ...changed } as EpochState));

Deno.test("parseState: what was written comes back, and what is not said is not there", () => {
  deepStrictEqual(parsed({}), STATE);
  const { title, members, admins, invites } = STATE;
  const least = { title, members, admins, invites };
  deepStrictEqual(parseState(writeState(least)), least);
});

Deno.test("parseState: so many invitations and joiners, and no more", () => {
  const many = <Item>(count: number, item: Item) => Array(count).fill(item);
  const { invites: [invite], joined: [join] = [] } = STATE;
  const invites = (count: number) => parsed({ invites: many(count, invite) });
  const joined = (count: number) => parsed({ joined: many(count, join) });
  strictEqual(invites(MOST_INVITES)?.invites.length, MOST_INVITES);
  strictEqual(invites(MOST_INVITES + 1), null);
  strictEqual(joined(MOST_JOINED)?.joined?.length, MOST_JOINED);
  strictEqual(joined(MOST_JOINED + 1), null);
});

Deno.test("parseState: who joined is an agent, and so is the invitation's key", () => {
  for (const one of [[BOB], ["bob", BOB], [BOB, 7], [BOB, BOB, BOB], BOB, {}]) {
    strictEqual(parsed({ joined: [one] }), null);
  }
  strictEqual(parsed({ joined: {} }), null);
});

Deno.test("parseState: members and admins each once, admins among the members", () => {
  strictEqual(parsed({ members: [ADA, ADA] }), null);
  strictEqual(parsed({ admins: [agent(4).id] }), null);
  strictEqual(parsed({ admins: [] }), null);
  strictEqual(parsed({ members: [ADA, "bob"] }), null);
});
