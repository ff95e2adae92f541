// What the wire promises holds over three relays that are one, each agent at
// another of them. Messages to one agent and files are in cluster_talk_test.ts
// and cluster_blobs_test.ts; races, pages and limits in cluster_crowd_test.ts,
// which says what is left out, and why.

import { natsTest } from "../fakes/nats_here.ts";
import assert from "node:assert/strict";
import { ClusterStage } from "../../scripts/cluster_stage.ts";
import { Stage } from "../../scripts/stage.ts";
import { ClusterWire } from "../fakes/cluster_wire.ts";
import { freshNonce, type Heard, type RelayPeer } from "../fakes/relay_peer.ts";
import { joinSoon, OPEN_RELAY, soon } from "../scenarios/crowd.ts";
import { OF_SEATS } from "../scenarios/cluster_seats.ts";
import { readHistory } from "../scenarios/read_history.ts";

type Part = (wire: ClusterWire) => Promise<void>;

const PARTS: Readonly<Record<string, Part>> = {
  "who joins is told to each, and all of them stand in room.joined": async (
    wire,
  ) => {
    const [a, b, c] = [
      await wire.at("a"),
      await wire.at("b"),
      await wire.at("c"),
    ];
    await a.create("joins");
    await joinSoon(b, "joins");
    const told = await a.nextWhere(isMember("joined", b.identity.id));
    assert.equal(told.room, "joins");
    const joined = await joinSoon(c, "joins");
    const ids = (joined.members as { id: string }[]).map(({ id }) => id);
    assert.deepEqual(
      ids.sort(),
      [a, b, c].map(({ identity }) => identity.id).sort(),
    );
    b.signed({ type: "room.leave", room: "joins" });
    await c.nextWhere(isMember("left", b.identity.id));
  },

  "messages of all come to each in one order, with no number left out": async (
    wire,
  ) => {
    const peers = [await wire.at("a"), await wire.at("b"), await wire.at("c")];
    const [a, ...others] = peers as [RelayPeer, ...RelayPeer[]];
    await a.create("order");
    for (const peer of others) await joinSoon(peer, "order");
    for (let i = 0; i < 20; i++) {
      for (const peer of peers) peer.text(peer.message("order", `${i}`));
    }
    const numbers = await Promise.all(peers.map(async (peer) => {
      const seen: number[] = [];
      while (seen.length < 60) {
        const { seq } = await peer.nextWhere(({ type }) =>
          type === "message" || type === "message.ack"
        );
        seen.push(Number(seq));
      }
      return seen;
    }));
    const [first = 0] = numbers[0] ?? [];
    for (const seen of numbers) {
      assert.deepEqual(seen, seen.map((_, i) => first + i));
    }
  },

  "one id is one message, at whichever relay it comes in again": async (
    wire,
  ) => {
    const number = wire.number();
    const at = await wire.at("a", number);
    await at.create("once");
    const text = at.message("once", "once", "the-id");
    at.text(text);
    const { seq } = await at.next("message.ack");
    const again = await wire.at("b", number);
    await joinSoon(again, "once");
    again.text(again.message("once", "once", "the-id"));
    assert.equal((await again.next("message.ack")).seq, seq);
    const rows = await readHistory(again, "once");
    assert.deepEqual(rows.map(({ id }) => id), ["the-id"]);
  },

  "a frame that one relay took is refused by the others": async (wire) => {
    const number = wire.number();
    const [a, witness] = [await wire.at("a", number), await wire.at("c")];
    await a.create("replay");
    await joinSoon(witness, "replay");
    const frame = a.message("replay", "once", "first");
    a.text(frame);
    await witness.next("message");
    const b = await wire.at("b", number);
    await joinSoon(b, "replay");
    b.text(frame);
    const { code } = await b.next("error").catch(codeOf);
    assert.equal(code, "AUTH_FAILED");
  },

  "a login at one relay ends the agent's at another": async (wire) => {
    const number = wire.number();
    const before = await wire.at("a", number);
    await before.create("one-login");
    await wire.at("b", number);
    assert.equal((await before.ended()).code, 4001);
  },

  "of two who make a room at once one does": async (wire) => {
    const peers = [await wire.at("a"), await wire.at("b"), await wire.at("c")];
    const made = await Promise.allSettled(
      peers.map((peer) => peer.create("mine")),
    );
    const failed = made.filter(({ status }) => status === "rejected");
    assert.equal(failed.length, 2);
    for (const one of failed as PromiseRejectedResult[]) {
      assert.match(String(one.reason), /ROOM_EXISTS/);
    }
  },

  "REST of each relay lists the room and has its past": async (wire) => {
    const a = await wire.at("a");
    await a.create("rest");
    a.text(a.message("rest", "for all to read"));
    await a.next("message.ack");
    for (const node of ["b", "c"]) {
      const path = "/api/rooms/rest/messages";
      const body = await poll(wire.http(node, path), /for all to read/);
      assert.match(body, new RegExp(a.identity.id));
    }
  },

  "a bad signature, a stranger to the room and garbage are refused as by one relay":
    async (
      wire,
    ) => {
      const [a, b] = [await wire.at("a"), await wire.at("b")];
      await a.create("strict");
      await joinSoon(b, "strict");
      b.signed({ type: "room.leave", room: "strict" });
      await b.pong();
      b.text(b.message("strict", "I am not in it any more"));
      assert.equal((await b.next("error").catch(codeOf)).code, "NOT_IN_ROOM");
      const forged = JSON.parse(a.message("strict", "x"));
      b.text(JSON.stringify({ ...forged, nonce: freshNonce() }));
      assert.equal((await b.next("error").catch(codeOf)).code, "AUTH_FAILED");
      b.text("{");
      assert.equal(
        (await b.next("error").catch(codeOf)).code,
        "INVALID_MESSAGE",
      );
      await joinSoon(b, "strict");
    },
};

function isMember(change: "joined" | "left", id: string) {
  return (frame: Heard): boolean =>
    frame.type === `room.member_${change}` &&
    (frame.agent as { id?: string } | undefined)?.id === id;
}

/** `next` throws an error frame as "CODE: words". */
function codeOf(error: Error): { code: string } {
  const [code = ""] = error.message.split(":");
  return { code };
}

/** The answer once it fits: another relay applies the log a moment later. */
function poll(url: URL, pattern: RegExp): Promise<string> {
  return soon(`${pattern} of ${url}`, async () => {
    const body = await (await fetch(url)).text();
    return pattern.test(body) ? body : undefined;
  });
}

natsTest(
  "a cluster's wire: as one relay's, with agents at three",
  async (context) => {
    await using stage = await Stage.open();
    await using cluster = await ClusterStage.start({
      stage,
      flags: OPEN_RELAY,
    });
    const parts = { ...PARTS, ...OF_SEATS };
    const wire = new ClusterWire(stage, cluster);
    for (const [name, part] of Object.entries(parts)) {
      await context.step(name, async () => {
        try {
          await part(wire);
        } finally {
          wire.close();
        }
      });
    }
  },
);
