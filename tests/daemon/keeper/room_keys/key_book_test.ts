import { rejects, strictEqual } from "node:assert/strict";
import { KeyBook } from "../../../../daemon/keeper/room_keys/key_book.ts";
import { commitmentOf } from "../../../../lib/sealed/derived_keys.ts";
import { sha256 } from "../../../../lib/sealed/primitives.ts";
import { DyingFiles, Killed } from "../../../fakes/dying_files.ts";
import { roomName } from "../../../fakes/plain.ts";
import { sealedVectors as vectors } from "../../../vectors/sealed.ts";

import {
  KEYRING_PATH as PATH,
  SEALED_ROOM as ROOM,
} from "../../../fakes/keyring_rig.ts";

const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("KeyBook: a room that fills it loses its own oldest key, and takes no other room's place", async () => {
  const flood = roomName("p-" + "e".repeat(32));
  const keyOf = (n: number) => sha256(Uint8Array.of(n));
  const files = new DyingFiles();
  const book = await KeyBook.open(files, PATH, 6);
  await book.add(ROOM, hex(vectors.keys[0]!));
  for (let n = 0; n < 5; n++) await book.add(flood, keyOf(n));
  await book.add(ROOM, hex(vectors.keys[1]!));
  await book.add(flood, keyOf(5));
  const again = await KeyBook.open(files, PATH);
  for (const one of [book, again]) {
    strictEqual(one.get(vectors.commitments[0]!)?.room, ROOM);
    strictEqual(one.get(vectors.commitments[1]!)?.room, ROOM);
    for (const n of [0, 1, 2, 5]) {
      const kc = await commitmentOf(keyOf(n));
      strictEqual(one.get(kc.toHex()) !== undefined, n > 1);
    }
  }
});

Deno.test("KeyBook: killed at any step there is no key or a whole one, and what was acknowledged is there", async () => {
  for (let dieAt = 0;; dieAt++) {
    const files = new DyingFiles();
    const before = await KeyBook.open(files, PATH);
    await before.add(ROOM, hex(vectors.keys[0]!));
    files.dieAt = files.points + dieAt;
    let acknowledged = false;
    let killed = false;
    try {
      await before.add(ROOM, hex(vectors.keys[1]!));
      acknowledged = true;
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      if (!(cause instanceof Killed)) throw error;
      killed = true;
    }
    files.reboot();
    const after = await KeyBook.open(files, PATH);
    const had = after.get(vectors.commitments[0]!)?.key.bytes.toHex();
    strictEqual(had, vectors.keys[0]);
    const key = after.get(vectors.commitments[1]!)?.key.bytes.toHex();
    if (acknowledged) strictEqual(key, vectors.keys[1]);
    else strictEqual(key === undefined || key === vectors.keys[1], true);
    if (!killed) return;
  }
});

Deno.test("KeyBook: a full disk is told, the key is not had, and the next one is", async () => {
  const files = new DyingFiles();
  const book = await KeyBook.open(files, PATH);
  files.troubles.set("write", new Error("No space left on device"));
  const key = hex(vectors.keys[0]!);
  await rejects(book.add(ROOM, key), { code: "FILE_TROUBLE" });
  strictEqual(book.get(vectors.commitments[0]!), undefined);
  files.troubles.clear();
  strictEqual(await book.add(ROOM, key), vectors.commitments[0]);
  const again = await KeyBook.open(files, PATH);
  strictEqual(
    again.get(vectors.commitments[0]!)?.key.bytes.toHex(),
    vectors.keys[0],
  );
});

Deno.test("KeyBook: what is no book is put aside", async () => {
  for (const text of ["", "{", "[]", "null", '{"version":1,"keys":[[1]]}']) {
    const files = new DyingFiles();
    files.put(PATH, text);
    const book = await KeyBook.open(files, PATH);
    strictEqual(book.get(vectors.commitments[0]!), undefined);
    strictEqual(files.text(`${PATH}.damaged`), text);
  }
});
