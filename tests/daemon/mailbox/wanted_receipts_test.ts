import { deepStrictEqual } from "node:assert/strict";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

Deno.test("WantedReceipts.rooms: the one whose oldest waits longest first, whatever they are called: a bound on what is told leaves nobody waiting for ever", () => {
  const { mailbox } = memoryMailbox();
  const { receipts } = mailbox;
  const ask = (room: string, id: string) =>
    mailbox.add({ ...message({ room, id }), wantsReceipt: true })!.cursor;
  const first = ask("zoo", "1");
  ask("den", "2");
  ask("ark", "3");
  ask("zoo", "4");
  deepStrictEqual(receipts.rooms(), ["zoo", "den", "ark"]);
  receipts.remove(first);
  deepStrictEqual(receipts.rooms(), ["den", "ark", "zoo"]);
});
