import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { SealedFrames } from "../../../daemon/mailbox/sealed_frames.ts";
import { memoryMailbox } from "../../fakes/mailbox_rig.ts";
import { roomName } from "../../fakes/plain.ts";

const VAULT = roomName("vault");

function rig() {
  const frames = new SealedFrames(memoryMailbox().database, "wss://relay");
  const add = (id: string, room = VAULT) =>
    frames.add({
      ...{ room, id, from: "a", from_name: "", text: "x", timestamp: 1 },
      ...{ received_at: 1, verified: true, late: false, live: true },
    });
  const waiting = (room = VAULT) => frames.next(room, 100);
  const stickAll = (room = VAULT) => {
    for (const { n } of waiting(room)) frames.stick(n);
  };
  return { frames, add, waiting, stickAll };
}

Deno.test("SealedFrames told: what was shown stays so while it is tried again, what came since is not", () => {
  const { frames, add, waiting, stickAll } = rig();
  add("one");
  add("two");
  deepStrictEqual(frames.untold(), []);
  stickAll();
  const [first] = frames.untold(VAULT);
  deepStrictEqual([first?.room, first?.count], ["vault", 2]);
  add("three");
  stickAll();
  frames.told(first!);
  deepStrictEqual(frames.untold().map(({ count }) => count), [1]);
  frames.told(frames.untold()[0]!);
  frames.loosen(VAULT);
  strictEqual(waiting().length, 3);
  deepStrictEqual(frames.untold(), []);
  strictEqual(frames.counts().get("vault"), undefined);
  stickAll();
  deepStrictEqual(frames.untold(), []);
  strictEqual(frames.counts().get("vault"), 3);
  strictEqual(frames.stuck(VAULT).length, 3);
  strictEqual(frames.giveUp(VAULT, 8 * 24 * 3_600_000), 3);
});

Deno.test("SealedFrames untold: each room by itself, one alone where it is asked for", () => {
  const { frames, add, stickAll } = rig();
  const tea = roomName("tea");
  add("one");
  add("two", tea);
  stickAll();
  stickAll(tea);
  deepStrictEqual(frames.untold().map(({ room }) => room), ["tea", "vault"]);
  deepStrictEqual(frames.untold("tea").map(({ room }) => room), ["tea"]);
  frames.told(frames.untold("tea")[0]!);
  deepStrictEqual(frames.untold().map(({ room }) => room), ["vault"]);
});
