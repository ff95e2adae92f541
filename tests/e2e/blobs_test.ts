import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { BlobPeer, hashOf, manyBytes } from "../fakes/blob_peer.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

const TEA = { room: "tea" };
const MB = 2 ** 20;

/** Two agents of a room, and a third that is in none. */
async function scene(stage: Stage, flags: readonly string[] = []) {
  const relay = await stage.startRelay([
    ...["--join-age", "0", "--create-age", "0", "--log-level", "debug"],
    ...flags,
  ]);
  const lines: RelayPeer[] = [];
  for (const number of [1, 2, 3]) {
    lines.push(await RelayPeer.login(relay.url, { identity: agent(number) }));
  }
  await lines[0]?.create("tea");
  await lines[1]?.join("tea");
  const [ada, bea, cay] = [1, 2, 3].map((number) =>
    new BlobPeer(relay.url, agent(number))
  ) as [BlobPeer, BlobPeer, BlobPeer];
  return { relay, lines, ada, bea, cay };
}

Deno.test("relay: files of 0 B, 1 B and 16 MB come back as they were, to members of their room alone; one byte more is refused", async () => {
  await using stage = await Stage.open();
  const { ada, bea, cay } = await scene(stage);
  for (const size of [0, 1, 70_000, 16 * MB]) {
    const bytes = manyBytes(size);
    const put = await ada.put(bytes, TEA);
    assert.equal(put.status, 201, JSON.stringify(put));
    assert.deepEqual({ ...put.body, until: 0 }, {
      sha256: hashOf(bytes),
      size,
      until: 0,
    });
    const got = await bea.get(bytes, TEA);
    assert.ok(got instanceof Uint8Array, JSON.stringify(got));
    assert.equal(hashOf(got), hashOf(bytes));
    const strange = await cay.get(bytes, TEA);
    assert.ok(!(strange instanceof Uint8Array));
    assert.equal(strange.body.code, "BLOB_NOT_FOUND");
  }
  const over = await ada.put(manyBytes(16 * MB + 1), TEA);
  assert.deepEqual([over.status, over.body.code], [413, "BLOB_TOO_BIG"]);
});
