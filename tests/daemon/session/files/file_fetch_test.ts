import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  FileFetch,
  type FileFetchOptions,
} from "../../../../daemon/session/files/file_fetch.ts";
import { FileKeys } from "../../../../daemon/session/files/file_keys.ts";
import { toBase64 } from "../../../../lib/sealed/sealed_text.ts";
import { sha256Of } from "../../../fakes/fake_files.ts";
import { MemoryBlobs } from "../../../fakes/memory_files.ts";

const bytes = Uint8Array.of(1, 2, 3);
const sha256 = sha256Of(bytes);

/** Fetches a file that a relay has as it is, of a message like this one. */
async function fetched(
  { verified = true, isSealed = false, key }: {
    readonly verified?: boolean;
    readonly isSealed?: boolean;
    readonly key?: string;
  },
): Promise<{ readonly got: Uint8Array[]; readonly asked: number }> {
  const blobs = new MemoryBlobs(() => 0);
  blobs.kept.set(sha256, bytes);
  const file = { name: "a", size: 3, sha256 };
  const kept = key === undefined ? file : { ...file, blob: sha256, key };
  const message = { id: "x", from: "ada", room: "tea", verified };
  const fetch = new FileFetch({
    lookup: { find: () => Promise.resolve(message) },
    mailbox: { files: { of: () => kept }, wireIdOf: (id: string) => id },
    keys: new FileKeys(),
    scopes: { isSealed: () => isSealed, of: () => ({ room: "tea" }) },
    blobs,
  } as unknown as FileFetchOptions);
  const { signal } = new AbortController();
  const got = fetch.give({ id: "x" }, signal);
  const pieces = await Array.fromAsync(got).catch((error) => {
    // What is refused for the message's sake is not asked for.
    if (!isSealed || key === undefined) strictEqual(blobs.gets.length, 0);
    throw error;
  });
  return { got: pieces, asked: blobs.gets.length };
}

Deno.test("FileFetch: gives what a signed message names", async () => {
  deepStrictEqual(await fetched({}), { got: [bytes], asked: 1 });
});

Deno.test("FileFetch: what nobody signed names no file", async () => {
  await rejects(fetched({ verified: false }), { code: "FILE_ALTERED" });
});

Deno.test("FileFetch: a plain file is none of a private room, nor a sealed one of a public room", async () => {
  const key = toBase64(new Uint8Array(32));
  await rejects(fetched({ isSealed: true }), { code: "NOT_FOUND" });
  await rejects(fetched({ key }), { code: "NOT_FOUND" });
  await rejects(fetched({ isSealed: true, key }), { code: "FILE_ALTERED" });
});
