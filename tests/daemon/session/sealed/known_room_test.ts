import { strictEqual } from "node:assert/strict";
import { KnownRoom } from "../../../../daemon/session/sealed/known_room.ts";
import type { EpochRecord } from "../../../../lib/sealed/record_form.ts";
import { roomName } from "../../../fakes/plain.ts";

const record = (hash: string, author: string, parents: string[]) =>
  ({
    hash,
    author,
    parents,
    n: parents.length,
    kc: hash,
  }) as unknown as EpochRecord;

Deno.test("KnownRoom isRemoved: by an epoch whose key was not given, of an admin above, of nobody else", () => {
  for (
    const [author, removed] of [["a", "bcm"], ["b", "cm"], ["c", "m"], [
      "m",
      "",
    ]] as const
  ) {
    const room = new KnownRoom("vault", { anchor: "r", heard: new Map() });
    room.addRecord(record("r", "a", []));
    room.addEpoch({
      ...{ hash: "r", author: "a", n: 0, parents: [] },
      state: {
        ...{ title: roomName("vault"), invites: [] },
        ...{ members: [..."abcm"], admins: [..."abc"] },
      },
    });
    for (const who of "abcm") strictEqual(room.isRemoved(who), false);
    strictEqual(room.isRemoved("x"), true);
    room.addRecord(record("x", author, ["r"]));
    for (const who of "abcm") {
      strictEqual(room.isRemoved(who), removed.includes(who), author + who);
    }
  }
});
