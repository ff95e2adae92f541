import { deepStrictEqual } from "node:assert/strict";
import { LeaveLog } from "../../../daemon/mailbox/leave_log.ts";
import { PrivateRooms } from "../../../daemon/mailbox/private_rooms.ts";
import { memoryMailbox } from "../../fakes/mailbox_rig.ts";

const LEFT = { at: -1, epoch: "ab" };

Deno.test("LeaveLog: a member's words are kept in place of his last ones, those that there are, by room and relay, until the room is left", () => {
  const { database } = memoryMailbox();
  const log = new LeaveLog(database, "wss://relay");
  const other = new LeaveLog(database, "wss://other");
  log.save("vault", { member: "bob", left: { at: 5, epoch: "cd" } });
  log.save("vault", { member: "bob", left: LEFT, back: 0 });
  log.save("vault", { member: "cal", back: 3 });
  log.save("vault", { member: "dan", left: LEFT });
  log.save("attic", { member: "bob", left: LEFT });
  other.save("vault", { member: "eve", left: LEFT });
  const cal = { member: "cal", back: 3 };
  const dan = { member: "dan", left: LEFT };
  const bob = { member: "bob", left: LEFT, back: 0 };
  deepStrictEqual(log.all("vault"), [bob, cal, dan]);
  log.remove("vault", "bob");
  deepStrictEqual(log.all("vault"), [cal, dan]);
  new PrivateRooms(database, "wss://relay").forget("vault");
  deepStrictEqual(log.all("vault"), []);
  deepStrictEqual(log.all("attic"), [{ member: "bob", left: LEFT }]);
  deepStrictEqual(other.all("vault"), [{ member: "eve", left: LEFT }]);
});
