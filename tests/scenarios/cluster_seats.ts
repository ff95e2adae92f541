import assert from "node:assert/strict";
import type { ClusterWire } from "../fakes/cluster_wire.ts";
import type { Heard, RelayPeer } from "../fakes/relay_peer.ts";
import { joinSoon, soon } from "./crowd.ts";

type Part = (wire: ClusterWire) => Promise<void>;

/** An agent at each relay, all of them in one room. */
async function together(
  wire: ClusterWire,
  room: string,
): Promise<[RelayPeer, RelayPeer, RelayPeer]> {
  const a = await wire.at("a");
  const [b, c] = [await wire.at("b"), await wire.at("c")];
  await a.create(room, { topic: "all of us", tags: ["cluster"] });
  for (const peer of [b, c]) await joinSoon(peer, room);
  return [a, b, c];
}

/** How many are in the room `listed`, as the peer's relay lists it. */
async function listed(peer: RelayPeer): Promise<number | undefined> {
  peer.text(JSON.stringify({
    ...{ type: "rooms.list", tags: ["cluster"], match: "any" },
    ...{ sort: "agents", limit: 50, q: "listed" },
  }));
  const { rooms } = await peer.nextWhere(is("rooms.list.result"));
  return (rooms as { name: string; agents: number }[])
    .find(({ name }) => name === "listed")?.agents;
}

const is = (type: string) => (frame: Heard) => frame.type === type;

/** What is known of who is here, and what an operator does about them, at whichever relay they are. */
export const OF_SEATS: Readonly<Record<string, Part>> = {
  "what a reader tells reaches authors at other relays, and no others": async (
    wire,
  ) => {
    const [a, b, c] = await together(wire, "marks");
    c.signed({
      ...{ type: "marks", room: "marks", from: c.identity.id },
      marks: [{ author: a.identity.id, delivered: ["m"], shown: [] }],
    });
    const { from, marks } = await a.nextWhere(is("marks"));
    assert.equal(from, c.identity.id);
    assert.equal((marks as { author: string }[])[0]?.author, a.identity.id);
    b.text(b.message("marks", "after it"));
    await b.next("message.ack");
    assert.ok(!b.heard.some(is("marks")));
  },

  "what an agent says of itself is known at other relays": async (wire) => {
    const [a, b] = await together(wire, "presence");
    b.signed({ type: "presence", wakeable: "yes" });
    await b.pong();
    await soon("what b said of itself", async () => {
      a.text('{"type":"room.presence","room":"presence"}');
      const { members } = await a.nextWhere(is("room.presence.result"));
      const rows = members as { id: string; wakeable?: string }[];
      // Its relay may not know yet that all are in, either.
      const row = rows.find(({ id }) => id === b.identity.id);
      return rows.length === 3 && row?.wakeable === "yes" ? row : undefined;
    });
  },

  "each relay lists a room with all who are in it": async (wire) => {
    const peers = await together(wire, "listed");
    for (const peer of peers) {
      await soon(
        "a room with three in the list",
        async () => await listed(peer) === 3 || undefined,
      );
    }
  },

  "an operator at one relay kicks, bans and closes at the others": async (
    wire,
  ) => {
    const [a, b] = await together(wire, "orders");
    await wire.admin("c", "kick", a.identity.id);
    assert.equal((await a.ended()).code, 4003);
    const number = wire.number();
    const banned = await wire.at("a", number);
    await wire.admin("c", "ban", banned.identity.id);
    await banned.ended();
    await assert.rejects(wire.at("b", number), /AUTH_FAILED|closed/);
    await wire.admin("a", "unban", banned.identity.id);
    await soon("the login of one who is banned no more", async () => {
      const [again] = await Promise.allSettled([wire.at("b", number)]);
      return again.status === "fulfilled" || undefined;
    });
    await wire.admin("c", "close", "orders");
    const { room } = await b.nextWhere(is("room.closed"));
    assert.equal(room, "orders");
  },
};
