import assert from "node:assert/strict";
import fc from "fast-check";
import { ReceiptLog } from "../../../../daemon/mailbox/receipt_log.ts";
import { SendLog } from "../../../../daemon/mailbox/send_log.ts";
import { HeardReceipts } from "../../../../daemon/session/receipts/heard_receipts.ts";
import type { AuthorMarks } from "../../../../lib/protocol/marks_frames.ts";
import { memoryMailbox } from "../../../fakes/mailbox_rig.ts";
import { plainCalls } from "../../../fakes/plain.ts";

const RELAY = "ws://relay";
const [ME, BOB, CAL] = ["me", "bob", "cal"] as const;
const SENDS = [
  { id: "asked", room: "tea", status: "accepted", receipt: true },
  { id: "again", room: "tea", status: "unknown", receipt: true },
  { id: "waits", room: "tea", status: "queued", receipt: true },
  { id: "failed", room: "tea", status: "failed", receipt: true },
  { id: "plain", room: "tea", status: "accepted", receipt: false },
  { id: "other", room: "lab", status: "accepted", receipt: true },
] as const;

interface Told {
  readonly room: string;
  readonly reader: string;
  readonly author: string;
  readonly delivered: readonly string[];
  readonly shown: readonly string[];
}

function heard() {
  const { database } = memoryMailbox();
  const sends = plainCalls(new SendLog(database, RELAY));
  for (const [n, { receipt, ...send }] of SENDS.entries()) {
    const more = { text: "x", replyTo: undefined, createdAt: n, receipt };
    sends.add({ ...send, ...more });
  }
  const receipts = new ReceiptLog(database, RELAY);
  const rooms = { get: () => undefined };
  const failed = () => assert.fail("the file can be written");
  const heard = new HeardReceipts({
    ...{ me: ME, checks: { marks: () => true } },
    stored: { database, receipts, rooms, failed },
  });
  return { heard, sends, receipts };
}

/** The naive way: a set of who has it, and of who was shown it. */
function oracle(all: readonly Told[], id: string) {
  const send = SENDS.find((one) => one.id === id)!;
  const isOpen = send.receipt &&
    (send.status === "accepted" || send.status === "unknown");
  const valid = all.filter(({ room, reader, author }) =>
    isOpen && room === send.room && author === ME && reader !== ME
  );
  const shown = new Set(
    valid.filter((one) => one.shown.includes(id)).map(({ reader }) => reader),
  );
  const had = valid.filter((one) => one.delivered.includes(id))
    .map(({ reader }) => reader);
  return {
    delivered: new Set([...had, ...shown]).size,
    shown: shown.size,
  };
}

const ids = fc.array(
  fc.constantFrom(...SENDS.map(({ id }) => id), "nothing", "__proto__"),
  { maxLength: 4 },
);
const told: fc.Arbitrary<Told> = fc.record({
  room: fc.constantFrom("tea", "lab", "nowhere"),
  reader: fc.constantFrom(ME, BOB, CAL),
  author: fc.constantFrom(ME, BOB),
  delivered: ids,
  shown: ids,
});

Deno.test("HeardReceipts: in any order, however often, of whatever ids: as many as plain sets have", () => {
  fc.assert(
    fc.property(fc.array(told, { maxLength: 12 }), (all) => {
      const { heard: one, sends, receipts: log } = heard();
      for (const { room, reader, author, delivered, shown } of all) {
        const marks: AuthorMarks[] = [{ author, delivered, shown }];
        one.note({ room, reader, marks });
      }
      for (const { id, receipt } of SENDS) {
        const { receipts } = one.of(sends.byId(id)!);
        const wanted = receipt ? oracle(all, id) : undefined;
        assert.deepEqual(receipts, wanted, id);
        // Nothing is written down of what was not asked, either.
        assert.deepEqual(log.counts(id), oracle(all, id), id);
      }
    }),
    { numRuns: 60 },
  );
});
