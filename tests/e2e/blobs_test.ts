import assert from "node:assert/strict";
import { canMount } from "../scenarios/disk_faults.ts";
import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { BlobPeer, bytesOf, hashOf, manyBytes } from "../fakes/blob_peer.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { SmallDisk } from "../fakes/small_disk.ts";

const TEA = { room: "tea" };
const MB = 2 ** 20;
const NO_AGES = ["--join-age", "0", "--create-age", "0"];

function peer(relay: StagedRelay, number: number): BlobPeer {
  return new BlobPeer(relay.url, agent(number));
}

/** Agents 1 and 2 are in `tea` of a relay that was just started. */
async function enter(relay: StagedRelay): Promise<RelayPeer[]> {
  const lines = [];
  for (const number of [1, 2]) {
    const line = await RelayPeer.login(relay.url, { identity: agent(number) });
    lines.push(line);
    if (number > 1) await line.join("tea");
    else await line.create("tea").catch(() => line.join("tea"));
  }
  return lines;
}

/** What of files is on disk. */
function names(stage: Stage): string[] {
  return [...Deno.readDirSync(`${stage.folder}/relay/blobs`)]
    .map(({ name }) => name).sort();
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (!isSo()) {
    assert.ok(performance.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function assertHad(
  by: BlobPeer,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  assert.equal(hashOf(bytesOf(await by.get(bytes, TEA))), hashOf(bytes));
}

/** The code of a refusal. */
async function refusal(asked: Promise<unknown>): Promise<unknown> {
  const { body } = await asked as { body?: { code?: unknown } };
  return body?.code;
}

Deno.test("relay: files of 0 B, 1 B and 16 MB come back as they were, to members of their room alone; one byte more, or a banned agent, is refused", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  await enter(relay);
  const [ada, bea, cay] = [1, 2, 3].map((n) => peer(relay, n)) as [
    BlobPeer,
    BlobPeer,
    BlobPeer,
  ];
  for (const size of [0, 1, 16 * MB]) {
    const bytes = manyBytes(size);
    const { status, body } = await ada.put(bytes, TEA);
    assert.equal(status, 201, JSON.stringify(body));
    await assertHad(bea, bytes);
    assert.equal(await refusal(cay.get(bytes, TEA)), "BLOB_NOT_FOUND");
  }
  const over = manyBytes(16 * MB + 1);
  assert.equal(await refusal(ada.put(over, TEA)), "BLOB_TOO_BIG");
  const small = manyBytes(1);
  await ada.put(small, TEA);
  const data = ["--data", `${stage.folder}/relay`];
  const ban = ["relay", "admin", "ban", agent(2).id, ...data];
  assert.equal((await stage.run(ban)).code, 0);
  assert.equal(await refusal(bea.get(small, TEA)), "BLOB_REFUSED");
});

Deno.test("relay: killed in the middle of an upload and a download, it leaves nothing of the one, and has the other whole", async () => {
  await using stage = await Stage.open();
  const first = await stage.startRelay();
  await enter(first);
  const kept = manyBytes(8 * MB);
  assert.equal((await peer(first, 1).put(kept, TEA)).status, 201);
  const cut = manyBytes(MB);
  const up = await peer(first, 1).raw(
    "PUT",
    peer(first, 1).claim("put", cut, TEA),
    [
      `content-length: ${cut.length}`,
    ],
  );
  await up.write(cut.subarray(0, MB / 2));
  const down = await peer(first, 2).raw(
    "GET",
    peer(first, 2).claim("get", kept, TEA),
  );
  await down.read(new Uint8Array(10));
  await until(() => names(stage).length === 2, "nothing came in");
  first.process.kill("SIGKILL");
  await first.process.status;
  for (const line of [up, down]) line.close();
  const relay = await stage.startRelay();
  await until(() => names(stage).length === 1, "the cut file stayed");
  assert.deepEqual(names(stage), [hashOf(kept)]);
  await enter(relay);
  await assertHad(peer(relay, 2), kept);
  assert.equal(await refusal(peer(relay, 2).get(cut, TEA)), "BLOB_NOT_FOUND");
  assert.equal((await peer(relay, 1).put(cut, TEA)).status, 201);
  await assertHad(peer(relay, 2), cut);
});

Deno.test("relay: the same file of two agents at once is one on disk, and counts for each", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([...NO_AGES, "--blob-agent", "3MB"]);
  await enter(relay);
  const bytes = manyBytes(2 * MB);
  const puts = [1, 2].map((n) => peer(relay, n).put(bytes, TEA));
  const told = await Promise.all(puts);
  assert.deepEqual(told.map(({ status }) => status), [201, 201]);
  assert.deepEqual(names(stage), [hashOf(bytes)]);
  for (const number of [1, 2]) {
    const more = peer(relay, number).put(manyBytes(MB + 1), TEA);
    assert.equal(await refusal(more), "BLOB_QUOTA");
  }
});

Deno.test({
  name:
    "relay: a full disk refuses a file, breaks nothing, and takes the next when there is room again",
  ignore: !canMount(),
  fn: async () => {
    await using stage = await Stage.open();
    const folder = `${stage.folder}/relay/blobs`;
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.chmod(`${stage.folder}/relay`, 0o700);
    using disk = new SmallDisk(folder, 4);
    const relay = await stage.startRelay();
    const [ada, bea] = await enter(relay);
    const kept = manyBytes(MB);
    assert.equal((await peer(relay, 1).put(kept, TEA)).status, 201);
    disk.fill();
    const more = manyBytes(2 * MB);
    const { status, body } = await peer(relay, 1).put(more, TEA);
    assert.deepEqual([status, body.code], [507, "BLOB_STORAGE"]);
    ada?.text(ada.message("tea", "still here"));
    await bea?.next("message");
    await assertHad(peer(relay, 2), kept);
    disk.free();
    assert.equal((await peer(relay, 1).put(more, TEA)).status, 201);
    await assertHad(peer(relay, 2), more);
  },
});

Deno.test("relay: --blobs off keeps none, and says so", async () => {
  await using stage = await Stage.open();
  const relay = await stage.startRelay([...NO_AGES, "--blobs", "off"]);
  const [ada] = await enter(relay);
  assert.ok(!JSON.stringify(ada?.heard).includes('"blobs"'));
  const put = await peer(relay, 1).put(manyBytes(1), TEA);
  assert.deepEqual([put.status, put.body.code], [404, "BLOB_OFF"]);
});
