import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ReceiptWay } from "../../../../daemon/session/receipts/receipt_ways.ts";
import { Receipts } from "../../../../daemon/session/receipts/receipts.ts";
import { silentLogger } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { memoryMailbox, message } from "../../../fakes/mailbox_rig.ts";

/** An agent in so many rooms, in each of which somebody asks; `way` says how each is told. */
function inRooms(count: number, way: Way) {
  const asked = Array.from({ length: count }, (_, n) => ({
    ...{ id: `m${n}`, room: `room${n}` },
  }));
  return having(asked, way);
}

type Way = (room: string) => ReceiptWay | "later" | "never";

/** An agent with such messages, each of which asks. */
function having(asked: readonly Parameters<typeof message>[0][], way: Way) {
  const { mailbox, database } = memoryMailbox({ buffer: 5_000 });
  const clock = new FakeClock();
  for (const one of asked) mailbox.add(message({ ...one, wantsReceipt: true }));
  const failed = () => ok(false, "the file can be written");
  const receipts = new Receipts({
    policy: "shown",
    stored: { mailbox: mailbox as never, database, failed },
    ways: { of: (room) => Promise.resolve(way(room)) },
    people: { isMuted: () => false },
    ...{ clock, logger: silentLogger },
  });
  receipts.changed();
  return { clock, receipts };
}

const telling = (
  told: string[],
  { isMessage = true, goesOut = (): boolean => true } = {},
) =>
(room: string): ReceiptWay => ({
  ...{ mostIdBytes: 2_800, isMessage, isReplaced: false },
  tell: () => {
    if (goesOut()) told.push(room);
    return Promise.resolve(goesOut());
  },
});

Deno.test("Receipts: of those that a relay counts as messages 15 a minute go out in all rooms, and all in the end", async () => {
  const told: string[] = [];
  const { clock } = inRooms(40, telling(told));
  await clock.advance(59_000);
  strictEqual(told.length, 15);
  await clock.advance(61_000);
  strictEqual(told.length, 30);
  await clock.advance(61_000);
  strictEqual(new Set(told).size, 40);
});

Deno.test("Receipts: those in frames of their own are not counted; what did not go out is told again, each room ten seconds apart", async () => {
  const told: string[] = [];
  const { clock } = inRooms(40, telling(told, { isMessage: false }));
  await clock.advance(1_500);
  strictEqual(told.length, 40);
  let tries = 0;
  const late: string[] = [];
  const goesOut = () => tries > 2;
  const way = telling(late, { goesOut });
  const { clock: other } = inRooms(1, (room) => {
    tries++;
    return way(room);
  });
  await other.advance(20_500);
  deepStrictEqual(late, []);
  await other.advance(1_000);
  deepStrictEqual(late, ["room0"]);
});

Deno.test("Receipts: a room in which nobody can be told for now keeps no other one waiting; where nobody is to be told, nothing waits", async () => {
  const told: string[] = [];
  const way = telling(told);
  const { clock, receipts } = inRooms(
    3,
    (room) =>
      room === "room0" ? "later" : room === "room1" ? "never" : way(room),
  );
  await clock.advance(1_500);
  deepStrictEqual(told, ["room2"]);
  receipts.changed();
  await clock.advance(20_000);
  deepStrictEqual(told, ["room2"]);
});

/** In frames of their own, which hold all ids; those told are gathered. */
const gathering = (told: string[]) => (): ReceiptWay => ({
  ...{ mostIdBytes: 40_000, isMessage: false, isReplaced: false },
  tell: (marks) => {
    told.push(...marks.flatMap(({ delivered }) => delivered));
    return Promise.resolve(true);
  },
});

Deno.test("Receipts: however many can't be told in one room, newer ones of another are; and those too, once they can be", async () => {
  const told: string[] = [];
  const way = gathering(told);
  const of = (room: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({ id: `${room}${n}`, room }));
  let isStuck = true;
  const { clock, receipts } = having(
    [...of("stuck", 700), ...of("open", 150)],
    (room) => room === "stuck" && isStuck ? "later" : way(),
  );
  await clock.advance(1_500);
  deepStrictEqual(told, of("open", 100).map(({ id }) => id));
  await clock.advance(20_000);
  strictEqual(told.length, 150);
  isStuck = false;
  receipts.changed();
  await clock.advance(100_000);
  strictEqual(new Set(told).size, 850);
});

Deno.test("Receipts: the rest of a room follows where all that was asked for at once was told", async () => {
  const told: string[] = [];
  const asked = Array.from({ length: 1_000 }, (_, n) => ({
    ...{ id: `m${n}`, from: String(n % 10).repeat(44) },
  }));
  const { clock } = having(asked, gathering(told));
  await clock.advance(30_000);
  strictEqual(told.length, 1_000);
});
