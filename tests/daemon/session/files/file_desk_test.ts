import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { FileApi } from "../../../../lib/local_api/agent_api.ts";
import { Failure } from "../../../../lib/errors.ts";
import { FEATURES } from "../../../../lib/protocol/frames.ts";
import { joined } from "../../../../lib/protocol/byte_layout.ts";
import { FILE } from "../../../../lib/protocol/attached_file.ts";
import { sealedLength } from "../../../../lib/sealed/file_length.ts";
import { sha256Of } from "../../../fakes/fake_files.ts";
import { SealedAgent, vaultOf, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";
import { SessionRig } from "../../../fakes/session_rig.ts";
import { fileOf, take } from "../../../fakes/taken_file.ts";

const features = FEATURES;
async function give(files: FileApi, id: string): Promise<Uint8Array> {
  const given = await Array.fromAsync(
    files.give({ id }, new AbortController().signal),
  );
  return joined(...given);
}

/** Sends a file to a room. @returns the short id of its message */
async function send(
  rig: SessionRig,
  bytes: Uint8Array,
  id = "f1",
): Promise<string> {
  const { upload } = await take(rig.session.fileApi, bytes);
  const sent = await rig.session.send({
    ...{ room: "tea", text: "look", id, attach: upload },
  });
  strictEqual(sent.status, "accepted");
  return sent.short_id ?? "";
}

Deno.test("a file of a public room is at the relay before its message, which names it in a signed field", async () => {
  using rig = await SessionRig.inTea({ features });
  const bytes = fileOf(20_000);
  const id = await send(rig, bytes);
  const [taken] = rig.relay.taken;
  const file = {
    ...{ name: "a.txt", size: 20_000, sha256: sha256Of(bytes) },
    until: rig.clock.wall() + 7 * 24 * 3_600_000,
  };
  deepStrictEqual(taken?.file, file);
  deepStrictEqual(rig.blobs.kept.get(file.sha256), bytes);
  deepStrictEqual(rig.blobs.puts.map(({ scope }) => scope), [{ room: "tea" }]);
  deepStrictEqual(await give(rig.session.fileApi, id), bytes);
  const { messages } = rig.session.files({ room: "tea", limit: 9 });
  deepStrictEqual(messages.map((one) => one.file), [file]);
});

Deno.test("files of 0 and 1 bytes, and of the whole bound, go and come", async () => {
  using rig = await SessionRig.inTea({ features });
  for (const size of [0, 1, FILE.bytes]) {
    const bytes = new Uint8Array(size).fill(7);
    const id = await send(rig, bytes, `f${size}`);
    deepStrictEqual(await give(rig.session.fileApi, id), bytes);
  }
});

Deno.test("a file over the bound is refused, and so is one that is longer or shorter than was said; nothing is left", async () => {
  using rig = await SessionRig.inTea({ features });
  const { fileApi } = rig.session;
  await rejects(take(fileApi, fileOf(1), { size: FILE.bytes + 1 }), {
    code: "BLOB_TOO_BIG",
  });
  for (const size of [9, 11]) {
    await rejects(take(fileApi, fileOf(10), { size }), {
      code: "FILE_CHANGED",
    });
  }
  strictEqual(rig.files.kept.size, 0);
  strictEqual(rig.blobs.kept.size, 0);
});

Deno.test("a name is made harmless before anybody sees it", async () => {
  using rig = await SessionRig.inTea({ features });
  const { name } = await take(rig.session.fileApi, fileOf(1), {
    name: "../../\u001b[31mx\u202e.txt",
  });
  strictEqual(name, "_[31mx_.txt");
});

Deno.test("a full disk here ends the taking in, and leaves nothing", async () => {
  using rig = await SessionRig.inTea({ features });
  rig.files.room = 12_000;
  await rejects(take(rig.session.fileApi, fileOf(20_000)), {
    code: "FILE_TROUBLE",
  });
  strictEqual(rig.files.kept.size, 0);
});

Deno.test("a relay that keeps no files says so at once", async () => {
  using rig = await SessionRig.inTea({
    features: FEATURES.filter((one) => one !== "blobs"),
  });
  await rejects(take(rig.session.fileApi, fileOf(1)), { code: "BLOB_OFF" });
});

Deno.test("what the relay refuses for good is refused, and not kept", async () => {
  using rig = await SessionRig.inTea({ features });
  rig.blobs.refuse = new Failure("BLOB_QUOTA");
  await rejects(take(rig.session.fileApi, fileOf(5)), { code: "BLOB_QUOTA" });
  strictEqual(rig.files.kept.size, 0);
});

Deno.test("a file that can't get to the relay now waits with its message, over a restart, and goes with it", async () => {
  using rig = await SessionRig.inTea({ features });
  rig.blobs.refuse = new Failure("NOT_CONNECTED");
  const bytes = fileOf(3_000);
  const { upload, until } = await take(rig.session.fileApi, bytes);
  strictEqual(until, undefined);
  const sent = await rig.session.send({
    ...{ room: "tea", text: "look", id: "f1", attach: upload },
  });
  strictEqual(sent.status, "queued");
  await rig.restart();
  await rig.clock.advance(10_000);
  strictEqual(rig.relay.taken.length, 0);
  rig.blobs.refuse = undefined;
  await rig.clock.advance(10_000);
  const [taken] = rig.relay.taken;
  strictEqual(taken?.file?.sha256, sha256Of(bytes));
  ok(taken?.file?.until);
  deepStrictEqual(rig.blobs.kept.get(sha256Of(bytes)), bytes);
});

Deno.test("a waiting message whose file the relay refuses for good is given up", async () => {
  using rig = await SessionRig.inTea({ features });
  rig.blobs.refuse = new Failure("NOT_CONNECTED");
  const { upload } = await take(rig.session.fileApi, fileOf(3));
  await rig.session.send({
    ...{ room: "tea", text: "look", id: "f1", attach: upload },
  });
  rig.blobs.refuse = new Failure("BLOB_QUOTA");
  await rig.clock.advance(10_000);
  const { sent: [last] } = rig.session.sent({ limit: 1 });
  strictEqual(last?.status, "failed");
  strictEqual(rig.relay.taken.length, 0);
});

Deno.test("the same id with another file is another message; a file is of its room, and named once", async () => {
  using rig = await SessionRig.inTea({ features });
  const { fileApi } = rig.session;
  await send(rig, fileOf(3), "f1");
  const { upload } = await take(fileApi, fileOf(4));
  const again = { room: "tea", text: "look", id: "f1", attach: upload };
  await rejects(async () => await rig.session.send(again), {
    code: "MESSAGE_ID_TAKEN",
  });
  rig.relay.makeRoom("milk");
  await rig.session.join({ room: "milk" });
  const elsewhere = { room: "milk", text: "look", id: "f2", attach: upload };
  await rejects(async () => await rig.session.send(elsewhere), {
    code: "NOT_FOUND",
  });
});

Deno.test("what was sent is not kept here, nor what an earlier run left", async () => {
  using rig = await SessionRig.inTea({ features });
  rig.files.kept.set("0".repeat(32), fileOf(9));
  await send(rig, fileOf(3_000));
  await rig.clock.advance(10);
  strictEqual(rig.files.kept.size, 0);
  rig.files.kept.set("0".repeat(32), fileOf(9));
  await rig.restart();
  await rig.clock.advance(5_000);
  strictEqual(rig.files.kept.size, 0);
});

Deno.test("what is not sent within ten minutes is removed with the next", async () => {
  using rig = await SessionRig.inTea({ features });
  await take(rig.session.fileApi, fileOf(3));
  await rig.clock.advance(601_000);
  await take(rig.session.fileApi, fileOf(4));
  strictEqual(rig.files.kept.size, 1);
});

Deno.test("bytes that are not the file's are told as that, whatever the relay gives", async () => {
  using rig = await SessionRig.inTea({ features });
  const bytes = fileOf(30_000);
  const id = await send(rig, bytes);
  const flipped = bytes.slice();
  flipped[29_999]! ^= 1;
  for (
    const wrong of [
      flipped,
      bytes.subarray(1),
      joined(bytes, bytes),
      new Uint8Array(),
    ]
  ) {
    rig.blobs.lie = () => wrong;
    await rejects(give(rig.session.fileApi, id), { code: "FILE_ALTERED" });
  }
});

Deno.test("a message without a file has none to give", async () => {
  using rig = await SessionRig.inTea({ features });
  const { short_id = "" } = await rig.session.send({
    ...{ room: "tea", text: "plain", id: "p1" },
  });
  await rejects(give(rig.session.fileApi, short_id), { code: "NOT_FOUND" });
});

Deno.test("a file of a private room is sealed: the relay has other bytes, another hash and no name; who is in it gets it", async () => {
  using hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const wire = await vaultOf(hub, [ada, bob]);
  const bytes = fileOf(70_000);
  const { upload, sha256 } = await waitFor(
    hub,
    take(ada.session.fileApi, bytes, { room: "vault", name: "secretname" }),
  );
  await waitFor(
    hub,
    ada.session.send({ room: "vault", text: "look", attach: upload }),
  );
  await bob.hears("look");
  const [got] = await bob.all("vault");
  strictEqual(got?.file?.name, "secretname");
  deepStrictEqual(Object.keys(got?.file ?? {}).sort(), [
    ...["name", "sha256", "size", "until"],
  ]);
  const [put] = hub.blobs.puts;
  deepStrictEqual(put?.scope, { room: wire });
  strictEqual(put?.size, sealedLength(70_000));
  ok(put?.sha256 !== sha256);
  const all = JSON.stringify([hub.said, [...hub.blobs.kept.keys()]]);
  ok(!all.includes("secretname") && !all.includes(sha256));
  const id = got?.short_id ?? "";
  deepStrictEqual(await waitFor(hub, give(bob.session.fileApi, id)), bytes);
  deepStrictEqual(await waitFor(hub, give(ada.session.fileApi, id)), bytes);
  hub.blobs.lie = (sealed) => {
    const flipped = sealed.slice();
    flipped[66_000]! ^= 1;
    return flipped;
  };
  await rejects(waitFor(hub, give(bob.session.fileApi, id)), {
    code: "FILE_ALTERED",
  });
});

Deno.test("a file of a private room's past is had from its history alone", async () => {
  using hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  await vaultOf(hub, [ada, bob]);
  const bytes = fileOf(10);
  const { upload } = await waitFor(
    hub,
    take(ada.session.fileApi, bytes, { room: "vault" }),
  );
  await waitFor(
    hub,
    ada.session.send({ room: "vault", text: "look", attach: upload }),
  );
  await bob.hears("look");
  const { messages } = await waitFor(
    hub,
    bob.session.history({ room: "vault", limit: 50 }),
  );
  const file = messages.find(({ text }) => text === "look")?.file;
  strictEqual(file?.size, 10);
  ok(!JSON.stringify(messages).includes('"key"'));
});
