import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import {
  FileUploads,
  type FileUploadsOptions,
} from "../../../../daemon/session/files/file_uploads.ts";
import { toBase64 } from "../../../../lib/sealed/sealed_text.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryBlobs, MemoryFiles } from "../../../fakes/memory_files.ts";
import { roomName } from "../../../fakes/plain.ts";

const TEA = roomName("tea");
const file = {
  ...{ upload: "u", name: "a", size: 3, sha256: "ab".repeat(32) },
};
const sealed = {
  ...file,
  blob: "cd".repeat(32),
  key: toBase64(new Uint8Array(32)),
};

/** Uploads of an agent for whom the room is private, or not. */
function uploadsOf(isSealed: boolean, more: object = {}) {
  const clock = new FakeClock();
  const store = new MemoryFiles();
  store.kept.set("u", Uint8Array.of(1, 2, 3));
  const blobs = new MemoryBlobs(() => clock.wall());
  const uploads = new FileUploads({
    ...{ store, blobs, clock },
    scopes: { isSealed: () => isSealed, of: () => ({ room: TEA }) },
    parts: { isFor: () => false, forget() {} },
    sends: { open: () => [] },
    reconnect: { connection: { features: new Set(["blobs"]) } },
    log: { warn() {} },
    closed: new AbortController().signal,
    settled() {},
    ...more,
  } as unknown as FileUploadsOptions);
  return { uploads, blobs };
}

Deno.test("FileUploads: what was taken in plain does not go to a private room of the same name, nor the other way round", async () => {
  for (const [isSealed, one] of [[true, file], [false, sealed]] as const) {
    const { uploads, blobs } = uploadsOf(isSealed);
    await rejects(uploads.put(TEA, one, () => {}), { code: "NOT_IN_ROOM" });
    deepStrictEqual(blobs.puts, []);
    throws(() => uploads.atRelay({ room: TEA, file: one }), {
      code: "NOT_IN_ROOM",
    });
  }
});

Deno.test("FileUploads: what fits its room goes, and the message tells until when it is kept", async () => {
  for (const [isSealed, one] of [[false, file], [true, sealed]] as const) {
    const { uploads, blobs } = uploadsOf(isSealed);
    const until = await uploads.put(TEA, one, () => {});
    strictEqual(blobs.puts.length, 1);
    deepStrictEqual(uploads.atRelay({ room: TEA, file: one }).file, {
      ...one,
      until,
    });
  }
});

Deno.test("FileUploads.tidy: one that is begun while files are removed is under way, and is not begun again", async () => {
  const removing = Promise.withResolvers<void>();
  const removal = Promise.withResolvers<void>();
  const store = new MemoryFiles();
  store.kept.set("u", Uint8Array.of(1, 2, 3));
  let puts = 0;
  const { uploads } = uploadsOf(false, {
    store: {
      list: () => Promise.resolve(["old"]),
      read: store.read,
      remove: () => {
        removing.resolve();
        return removal.promise;
      },
    },
    blobs: { put: () => new Promise(() => void puts++) },
  });
  const tidied = uploads.tidy(() => []);
  await removing.promise;
  strictEqual(uploads.isReady({ room: TEA, file }), false);
  removal.resolve();
  await tidied;
  strictEqual(uploads.isReady({ room: TEA, file }), false);
  strictEqual(puts, 1);
});
