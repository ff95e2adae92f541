import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { KnownRoom } from "../../../../daemon/session/sealed/known_room.ts";
import {
  RecordDesk,
  type RecordDeskOptions,
} from "../../../../daemon/session/sealed/record_desk.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

Deno.test("RecordDesk want: what was asked for in vain gives way to what is missing now", async () => {
  const clock = new FakeClock();
  const desk = new RecordDesk({
    clock,
    control: { isOpen: () => true, say: () => Promise.resolve(true) },
  } as unknown as RecordDeskOptions);
  const room = new KnownRoom("vault", { anchor: "r", heard: new Map() });
  const startOf = (n: number) => n.toString(16).padStart(32, "0");
  for (let n = 0; n < 64; n++) desk.want(room, startOf(n), false);
  const most = room.wanted.size;
  strictEqual(most < 64, true);
  desk.want(room, startOf(64), true);
  strictEqual(room.isBehind, false);
  for (let n = 0; n < 200; n++) {
    await clock.advance(2_000);
    await desk.askDue(room);
  }
  const tries = [...room.wanted.values()].map(({ tries }) => tries);
  deepStrictEqual(new Set(tries), new Set([3]));
  desk.want(room, startOf(64), true);
  strictEqual(room.isBehind, true);
  strictEqual(room.wanted.size, most);
});
