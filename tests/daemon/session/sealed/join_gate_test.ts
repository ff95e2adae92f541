import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  JoinGate,
  type JoinGateOptions,
} from "../../../../daemon/session/sealed/join_gate.ts";
import { KnownRoom } from "../../../../daemon/session/sealed/known_room.ts";
import { silentLogger } from "../../../../lib/log.ts";
import { Identity } from "../../../../lib/protocol/identity.ts";
import { Verifier } from "../../../../lib/protocol/verifying.ts";
import type { EpochState } from "../../../../lib/sealed/epoch_state.ts";
import { joinBytes, writeJoin } from "../../../../lib/sealed/join_request.ts";
import { agent } from "../../../fakes/agents.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";
import { roomName } from "../../../fakes/plain.ts";

const ADA = agent(1).id;
const BOB = agent(2).id;
const WIRE = roomName(`p-${"ab".repeat(16)}`);
const ROOT = "cd".repeat(32);
const OPEN = new Uint8Array(32).fill(7);

/** Ada's gate. @param admins by rank, all of them there */
async function gateAndRoom(admins: readonly string[] = [ADA]) {
  const clock = new FakeClock();
  const { id: pub } = await Identity.fromSeed(OPEN);
  const invite = { pub, by: ADA, until: clock.wall() + 60_000, uses: 100 };
  let state: EpochState = {
    ...{ title: roomName("vault"), at: 0, members: admins, admins },
    invites: [invite],
  };
  const room = new KnownRoom("vault", { anchor: ROOT, heard: new Map() });
  const epoch = { hash: ROOT, author: ADA, n: 0, parents: [] };
  room.addEpoch({ ...epoch, state });
  const refused: string[] = [];
  let changes = 0;
  const gate = new JoinGate({
    ...{ me: { id: ADA }, clock, verifier: new Verifier(), log: silentLogger },
    book: { place: () => ({ wire: WIRE, root: ROOT }) },
    stored: { rooms: new Map([["vault", { memberIds: admins }]]) },
    closed: new AbortController().signal,
    maker: {
      changeByItself: (
        _: string,
        change: (was: EpochState) => EpochState,
      ) => {
        changes++;
        state = change(state);
        return Promise.resolve(state);
      },
    },
    refuser: {
      refuse: (_: KnownRoom, { joiner }: { joiner: string }) => {
        refused.push(joiner);
        return Promise.resolve();
      },
    },
  } as unknown as JoinGateOptions);
  const ask = async (number: number, seed: Uint8Array) => {
    const from = agent(number).id;
    const invitation = await Identity.fromSeed(seed);
    const at = clock.wall();
    const bytes = joinBytes({ room: WIRE, joiner: from, root: ROOT }, at);
    const signature = await invitation.sign(bytes);
    const body = writeJoin({ pub: invitation.id, at, signature });
    gate.asked(room, body, { from } as never);
  };
  const members = () => state.members;
  return { ask, clock, refused, members, changes: () => changes };
}

Deno.test("JoinGate asked: of who signs with a key of his own few are kept, and all who have an open invitation are let in beside them", async () => {
  const { ask, clock, refused, members } = await gateAndRoom();
  const own = new Uint8Array(32).fill(9);
  for (let n = 100; n < 180; n++) await ask(n, own);
  for (let n = 200; n < 240; n++) await ask(n, OPEN);
  await clock.advance(1_000);
  await settle(8);
  strictEqual(members().length, 41);
  const strangers = Array.from({ length: 32 }, (_, n) => agent(100 + n).id);
  const isIn = new Set(members());
  deepStrictEqual(refused.filter((id) => !isIn.has(id)), strangers);
  // And the next ones after them.
  await ask(190, own);
  await clock.advance(1_000);
  await settle(8);
  strictEqual(refused.at(-1), agent(190).id);
});

Deno.test("JoinGate asked: who has an open invitation of this agent's is let in after a second, however often strangers ask before and meanwhile", async () => {
  const { ask, clock, members } = await gateAndRoom([BOB, ADA]);
  const own = new Uint8Array(32).fill(9);
  let stranger = 300;
  for (let joiner = 200; joiner < 204; joiner++) {
    await ask(stranger++, own);
    await ask(joiner, OPEN);
    await clock.advance(500);
    await ask(stranger++, own);
    await clock.advance(500);
    await settle(8);
    strictEqual(members().at(-1), agent(joiner).id);
  }
});

Deno.test("JoinGate asked: strangers make no epoch more of those that come at once, of ten a minute", async () => {
  const { ask, clock, members, changes } = await gateAndRoom();
  const own = new Uint8Array(32).fill(9);
  for (let n = 0; n < 32; n++) {
    await ask(100 + n, own);
    await ask(200 + n, OPEN);
  }
  await clock.advance(5_000);
  await settle(8);
  deepStrictEqual([members().length, changes()], [33, 1]);
});
