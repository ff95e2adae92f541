import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Attachment } from "../../../lib/attachments/attachment.ts";
import type { FileTransfer } from "../../../lib/local_api/file_transfer.ts";
import { FILE } from "../../../lib/protocol/attached_file.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { sha256Of } from "../../fakes/fake_files.ts";
import { OpenableFiles } from "../../fakes/openable_files.ts";
import { roomName } from "../../fakes/plain.ts";

const CLOSED = "/home/ada/.agentnet";
const rules = { closed: [CLOSED], own: { apiToken: "a-token-of-the-test" } };
const TEA = roomName("tea");

function filesOf(table: Record<string, Uint8Array>): OpenableFiles {
  return new OpenableFiles((path) => {
    const bytes = table[path];
    if (bytes === undefined) throw new Deno.errors.NotFound(path);
    return bytes;
  });
}

/** A daemon that takes what comes. */
function daemon(): FileTransfer & { taken: Uint8Array } {
  const it = {
    taken: new Uint8Array() as Uint8Array,
    async put(
      { name, size }: { name: string; size: number },
      content: AsyncIterable<Uint8Array>,
    ) {
      it.taken = joined(...await Array.fromAsync(content));
      return { upload: "0", name, size, sha256: sha256Of(it.taken) };
    },
    get: () => Promise.reject(new Error("not asked")),
  };
  return it;
}

Deno.test("Attachment: what was looked at is what is handed over", async () => {
  const bytes = new TextEncoder().encode("hello ".repeat(9_000));
  const files = filesOf({ "/x/a b.txt": bytes });
  using file = await Attachment.open(files, "/x/a b.txt", rules);
  deepStrictEqual([file.name, file.size], ["a b.txt", bytes.length]);
  const to = daemon();
  strictEqual((await file.handOver(TEA, to, () => {})).upload, "0");
  deepStrictEqual(to.taken, bytes);
});

Deno.test("Attachment: a file that changes between is not sent, whether or not its length does", async () => {
  for (const then of ["HELLO", "hell", "hello!"]) {
    const table: Record<string, Uint8Array> = {
      "/x/a": new TextEncoder().encode("hello"),
    };
    const files = filesOf(table);
    using file = await Attachment.open(files, "/x/a", rules);
    files.reread = () => void (table["/x/a"] = new TextEncoder().encode(then));
    await rejects(file.handOver(TEA, daemon(), () => {}), {
      code: "FILE_CHANGED",
    });
  }
});

Deno.test("Attachment: a data dir's file is refused by whatever path, even where secrets are let pass", async () => {
  const key = `${CLOSED}/agent.key`;
  const files = filesOf({ [key]: new Uint8Array(9) });
  files.links.set("/x/notes.txt", key);
  files.links.set("/proc/7/fd/4", key);
  // The walk over the data dir finds what stands in it.
  await files.open(key);
  for (const path of [key, "/x/notes.txt", "/proc/7/fd/4"]) {
    await rejects(Attachment.open(files, path, { ...rules, own: null }), {
      code: "FILE_REFUSED",
    });
  }
});

Deno.test("Attachment: what is none, not there or too large is told as that", async () => {
  const files = filesOf({
    "/x/most": new Uint8Array(FILE.bytes),
    "/x/over": new Uint8Array(FILE.bytes + 1),
  });
  files.odd.add("/x");
  const own = { ...rules, own: null };
  await rejects(Attachment.open(files, "/x", own), { code: "FILE_REFUSED" });
  await rejects(Attachment.open(files, "/no", own), { code: "USAGE" });
  await rejects(Attachment.open(files, "/x/over", own), {
    code: "BLOB_TOO_BIG",
  });
  using most = await Attachment.open(files, "/x/most", own);
  strictEqual(most.size, FILE.bytes);
});

Deno.test("Attachment: a file that is a secret by its name is held back by a link of another name too", async () => {
  const files = filesOf({ "/home/ada/.ssh/id_ed25519": new Uint8Array(9) });
  files.links.set("/x/notes.txt", "/home/ada/.ssh/id_ed25519");
  await rejects(Attachment.open(files, "/x/notes.txt", rules), {
    code: "SECRET_HELD_BACK",
  });
  const own = { ...rules, own: null };
  using passed = await Attachment.open(files, "/x/notes.txt", own);
  strictEqual(passed.name, "notes.txt");
});

Deno.test("Attachment: a secret in it is held back, unless a human lets it pass", async () => {
  const text = `key ${"ghp_" + "R7kQ2mZx9LwT4vBn8JcY6sHd1FgA3pKe5UaX"}`;
  const files = filesOf({ "/x/a": new TextEncoder().encode(text) });
  await rejects(Attachment.open(files, "/x/a", rules), {
    code: "SECRET_HELD_BACK",
  });
  using passed = await Attachment.open(files, "/x/a", { ...rules, own: null });
  strictEqual(passed.name, "a");
});
