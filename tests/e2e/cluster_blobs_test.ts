import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { BlobPeer, bytesOf, hashOf, manyBytes } from "../fakes/blob_peer.ts";
import { natsTest } from "../fakes/nats_here.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { gather } from "../scenarios/crowd.ts";

const TEA = { room: "tea" };

natsTest(
  "a cluster: a file that was put at one relay is had from the others, also when that one is gone; quotas are of all together",
  async () => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({
      stage,
      flags: [
        ...["--join-age", "0", "--create-age", "0"],
        ...["--blob-agent", "3MB"],
      ],
    });
    const url = (node: string) => cluster.relay(node).url;
    const [ada, bea, cid] = await Promise.all(
      ["a", "b", "c"].map((node, i) =>
        RelayPeer.login(url(node), {
          identity: agent(i + 1),
          features: ["ack"],
        })
      ),
    ) as [RelayPeer, RelayPeer, RelayPeer];
    await gather([ada, bea, cid], "tea");
    const at = (node: string, number: number) =>
      new BlobPeer(url(node), agent(number));
    /** Whoever hears of a file at its own relay, or says so at its own, finds it there. */
    const told = async (...hearers: RelayPeer[]) => {
      ada.text(ada.message("tea", "look at this"));
      await ada.next("message.ack");
      for (const hearer of hearers) await hearer.next("message");
    };
    for (const size of [0, 2 * 2 ** 20 + 5]) {
      const bytes = manyBytes(size);
      const put = await at("a", 1).put(bytes, TEA);
      assert.equal(put.status, 201, JSON.stringify(put));
      await told(bea, cid);
      for (const [node, number] of [["b", 2], ["c", 3], ["a", 2]] as const) {
        const got = await at(node, number).get(bytes, TEA);
        assert.equal(hashOf(bytesOf(got)), hashOf(bytes), node);
      }
      const strange = await at("c", 4).get(bytes, TEA);
      assert.ok(!(strange instanceof Uint8Array));
      assert.equal(strange.body.code, "BLOB_NOT_FOUND");
    }
    // Its agent is logged in at a, and puts at c, which counts what it put at a.
    const over = await at("c", 1).put(manyBytes(2 ** 20), TEA);
    assert.deepEqual([over.status, over.body.code], [429, "BLOB_QUOTA"]);
    const more = manyBytes(100_000);
    assert.equal((await at("c", 1).put(more, TEA)).status, 201);
    await told(bea);
    await cluster.kill("c");
    const got = await at("b", 2).get(more, TEA);
    assert.equal(hashOf(bytesOf(got)), hashOf(more));
  },
);
