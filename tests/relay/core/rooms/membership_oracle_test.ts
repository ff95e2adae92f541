import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_LIMITS } from "../../../../relay/core/settings.ts";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../../fakes/core_bed.ts";

const ROOMS = ["a", "b"];
const AGENTS = 3;

/** Who is where, in the plainest words: by agent, only ever through its latest line. */
class Oracle {
  readonly members = new Map(ROOMS.map((room) => [room, new Set<number>()]));
  readonly online = new Set<number>();

  login(who: number): void {
    this.gone(who);
    this.online.add(who);
  }

  gone(who: number): void {
    this.online.delete(who);
    for (const members of this.members.values()) members.delete(who);
  }
}

const step = fc.record({
  who: fc.nat({ max: AGENTS - 1 }),
  room: fc.constantFrom(...ROOMS),
  kind: fc.constantFrom(
    "login",
    "login",
    "join",
    "join",
    "leave",
    "drop",
    "late close",
    "message",
  ),
});

Deno.test("RelayCore: membership agrees with a naive oracle, second logins and late closes included", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const bed = new CoreBed({ limits: NO_LIMITS }).rooms(...ROOMS);
      const oracle = new Oracle();
      const lines = new Map<number, BedLine>();
      const stale: number[] = [];
      const makers = Array.from(
        { length: AGENTS },
        (_, i) => bed.maker(agent(i + 1)),
      );
      for (const { who, room, kind } of steps) {
        const line = lines.get(who);
        const members = oracle.members.get(room) as Set<number>;
        if (kind === "login") {
          if (line !== undefined) stale.push(line.conn);
          lines.set(who, bed.login(makers[who] as BedLine["maker"]));
          oracle.login(who);
        } else if (kind === "late close") {
          const conn = stale.pop();
          if (conn !== undefined) bed.drop(conn);
        } else if (line === undefined) continue;
        else if (kind === "drop") {
          bed.drop(line.conn);
          lines.delete(who);
          oracle.gone(who);
        } else if (kind === "join") {
          assert.deepEqual(bed.ask(line, line.maker.join(room)), [
            "room.joined",
          ]);
          members.add(who);
        } else if (kind === "leave") {
          const answer = bed.ask(line, line.maker.leave(room));
          assert.deepEqual(answer, members.has(who) ? [] : ["NOT_IN_ROOM"]);
          members.delete(who);
        } else {
          for (const other of lines.values()) bed.take(other.conn);
          const answer = bed.ask(line, line.maker.message(room, "x"));
          const isIn = members.has(who);
          assert.deepEqual(answer, [isIn ? "message.ack" : "NOT_IN_ROOM"]);
          for (const [other, { conn }] of lines) {
            const hears = isIn && members.has(other) && other !== who;
            assert.deepEqual(bed.types(conn), hears ? ["message"] : []);
          }
        }
        if (bed.core.hasRoom(room) && bed.store.rooms.has(room)) continue;
        assert.fail("the grace marker of a restored room keeps it open");
      }
      for (const room of ROOMS) {
        const found = bed.core.rooms({
          tags: [],
          match: "any",
          sort: "active",
          limit: 9,
        }).rooms.find(({ name }) => name === room);
        const expected = [...oracle.members.get(room) ?? []]
          .map((who) => agent(who + 1).id).sort();
        assert.deepEqual([...found?.members.keys() ?? []].sort(), expected);
      }
      assert.equal(bed.core.sizes().agents, oracle.online.size);
      for (const { conn } of lines.values()) bed.drop(conn);
      assert.equal(bed.core.sizes().connections, 0);
    }),
    { numRuns: 150 },
  );
});
