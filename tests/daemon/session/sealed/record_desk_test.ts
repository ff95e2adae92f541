import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { KnownRoom } from "../../../../daemon/session/sealed/known_room.ts";
import {
  RecordDesk,
  type RecordDeskOptions,
} from "../../../../daemon/session/sealed/record_desk.ts";
import type { SealedFrame } from "../../../../daemon/mailbox/sealed_frames.ts";
import { writeRecordRequest } from "../../../../lib/sealed/record_request.ts";
import { agent } from "../../../fakes/agents.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";
import { roomName } from "../../../fakes/plain.ts";

const STATE = {
  ...{ title: roomName("vault"), invites: [], at: 0 },
  ...{ members: ["ada", "bob"], admins: ["ada"] },
};
const startOf = (n: number) => n.toString(16).padStart(32, "0");

function deskAndRoom() {
  const clock = new FakeClock();
  const desk = new RecordDesk({
    ...{ me: { id: "bob" }, clock },
    control: { isOpen: () => true, say: () => Promise.resolve(true) },
  } as unknown as RecordDeskOptions);
  const room = new KnownRoom("vault", { anchor: "r", heard: new Map() });
  room.addEpoch({ hash: "r", author: "ada", n: 0, parents: [], state: STATE });
  const askFor = async (times: number) => {
    for (let n = 0; n < times; n++) {
      await clock.advance(2_000);
      await desk.askDue(room);
    }
  };
  return { desk, room, askFor };
}

Deno.test("RecordDesk want: what was asked for in vain gives way to what is missing now", async () => {
  const { desk, room, askFor } = deskAndRoom();
  for (let n = 0; n < 64; n++) desk.want(room, startOf(n));
  const most = room.wanted.size;
  strictEqual(most < 64, true);
  desk.want(room, startOf(64));
  strictEqual(room.wanted.has(startOf(64)), false);
  await askFor(200);
  const tries = [...room.wanted.values()].map(({ tries }) => tries);
  deepStrictEqual(new Set(tries), new Set([3]));
  desk.want(room, startOf(64));
  strictEqual(room.wanted.has(startOf(64)), true);
  strictEqual(room.wanted.size, most);
});

Deno.test("RecordDesk want: what says that we are behind has a place among many that do not, and keeps it", async () => {
  const { desk, room, askFor } = deskAndRoom();
  for (let n = 0; n < 64; n++) desk.want(room, startOf(n));
  const most = room.wanted.size;
  desk.want(room, startOf(64), "bob");
  strictEqual(room.wanted.size, most);
  deepStrictEqual(room.namers, ["bob"]);
  await askFor(200);
  for (let n = 100; n < 164; n++) desk.want(room, startOf(n));
  await askFor(200);
  strictEqual(room.wanted.has(startOf(64)), true);
  strictEqual(room.isBehind, true);
});

Deno.test("RecordDesk want: one that several named keeps us behind until none of them is a member", () => {
  const { desk, room } = deskAndRoom();
  desk.want(room, startOf(1));
  strictEqual(room.isBehind, false);
  desk.want(room, startOf(1), "bob");
  desk.want(room, startOf(1), "ada");
  desk.want(room, startOf(1), "nobody");
  deepStrictEqual(room.namers, ["ada", "bob"]);
  const state = { ...STATE, members: ["ada"] };
  room.addEpoch({ hash: "s", author: "ada", n: 1, parents: ["r"], state });
  deepStrictEqual(room.namers, ["ada"]);
});

Deno.test("RecordDesk giveSoon: many who ask at once have one timer and one answer", async () => {
  const clock = new FakeClock();
  const said: string[] = [];
  let timers = 0;
  const record = { hash: "r", author: agent(1).id };
  const desk = new RecordDesk({
    clock: {
      monotonic: () => clock.monotonic(),
      after(ms: number, call: () => void) {
        timers++;
        return clock.after(ms, call);
      },
    },
    closed: new AbortController().signal,
    randomBytes: () => Uint8Array.of(200),
    book: { body: () => new Uint8Array(8) },
    control: {
      say: (_name: string, kind: string) => Promise.resolve(said.push(kind)),
    },
  } as unknown as RecordDeskOptions);
  const room = new KnownRoom("vault", { anchor: "r", heard: new Map() });
  room.records.set("r", { ...record, n: 0, parents: [], kc: "" });
  for (let n = 0; n < 1_000; n++) desk.giveSoon(room, "r");
  strictEqual(timers, 1);
  await clock.advance(2_000);
  deepStrictEqual(said, ["r"]);
  desk.giveSoon(room, "r");
  // Given by another before somebody else asks, who never saw that.
  desk.saw("vault", "r");
  await clock.advance(1);
  desk.giveSoon(room, "r");
  await clock.advance(2_000);
  deepStrictEqual(said, ["r", "r"]);
});

Deno.test("RecordDesk asked: a member who came after a record gets those before it too, within a bound a minute; nobody else does", async () => {
  const clock = new FakeClock();
  const kinds: string[] = [];
  const [ada, bob, eve] = [agent(1).id, agent(2).id, agent(3).id];
  const desk = new RecordDesk({
    ...{
      me: { id: ada },
      clock,
      randomBytes: (n: number) => new Uint8Array(n),
    },
    closed: new AbortController().signal,
    book: { body: () => new Uint8Array(8) },
    control: {
      isOpen: () => true,
      say: (_: string, kind: string) => {
        kinds.push(kind);
        return Promise.resolve(true);
      },
    },
  } as unknown as RecordDeskOptions);
  const hashOf = (n: number) => startOf(n + 1).repeat(2);
  const last = 60;
  const room = new KnownRoom("vault", { anchor: hashOf(0), heard: new Map() });
  for (let n = 0; n <= last; n++) {
    const facts = {
      ...{ hash: hashOf(n), author: ada, n, kc: "" },
      parents: n === 0 ? [] : [hashOf(n - 1)],
    };
    // Bob came with the last one; eve went with it.
    const members = [ada, n === last ? bob : eve];
    room.addRecord(facts as never);
    room.addEpoch({ ...facts, state: { ...STATE, members, admins: [ada] } });
  }
  const ask = async (from: string, n: number) => {
    const start = Uint8Array.fromHex(hashOf(n).slice(0, 32));
    const frame = { from, late: false } as SealedFrame;
    desk.asked(room, writeRecordRequest(start), frame);
    await clock.advance(1);
    await settle(8);
    return kinds.splice(0).length;
  };
  strictEqual(await ask(eve, 57), 1);
  strictEqual(await ask(eve, last), 1);
  strictEqual(await ask(bob, last), 1);
  await clock.advance(60_000);
  const given = [];
  for (let n = 50; n > 6; n -= 4) given.push(await ask(bob, n));
  deepStrictEqual(given, [4, 4, 4, 4, 4, 4, 4, 4, 1, 1, 0]);
});
