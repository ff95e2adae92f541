import assert from "node:assert/strict";
import fc from "fast-check";
import { agent } from "../../../fakes/agents.ts";
import type { Frame } from "../../../fakes/core_bed.ts";
import { WireBed } from "../../../fakes/wire_beds.ts";

const AGENTS = [1, 2, 3, 4].map((number) => agent(number).id);
const ROOMS = ["tea", "jam"];

type Move = (bed: WireBed, who: string, room: string, number: number) => void;

/** Everything that an agent can do, and time. */
const MOVES: Readonly<Record<string, Move>> = {
  login: (bed, who, _room, at) => bed.login(who, at),
  hang: (bed, who) => bed.hang(who),
  create: (bed, who, room) => bed.create(who, room),
  join: (bed, who, room) => bed.say(who, { type: "room.join", room }),
  leave: (bed, who, room) => bed.say(who, { type: "room.leave", room }),
  message: (bed, who, room, number) =>
    bed.say(who, {
      ...{ type: "message", id: `m${number % 12}`, room, from: who },
      content: { type: "text", text: `text ${number % 5}` },
    }),
  ping: (bed, who) => bed.say(who, { type: "ping" }),
  list: (bed, who) =>
    bed.say(who, {
      ...{ type: "rooms.list", tags: [], match: "any" },
      ...{ sort: "agents", limit: 10 },
    }),
  direct: (bed, who, _room, number) =>
    bed.say(who, {
      ...{ type: "direct", id: `d${number % 12}`, from: who, postage: "x" },
      to: AGENTS[number % AGENTS.length],
      content: { type: "text", text: `text ${number % 5}` },
    }),
  acknowledge: (bed, who, _room, number) =>
    bed.say(who, {
      type: "direct.ack",
      messages: AGENTS.flatMap((from) =>
        [0, 1, 2, 3].map((i) => ({ from, id: `d${(number + i) % 12}` }))
      ),
      knows: number % 3 === 0 ? [AGENTS[number % AGENTS.length]] : [],
    }),
  marks: (bed, who, room) =>
    bed.say(who, {
      ...{ type: "marks", room, from: who },
      marks: AGENTS.map((author) => ({ author, delivered: [], shown: ["m"] })),
    }),
  presence: (bed, who) => bed.say(who, { type: "presence", wakeable: "yes" }),
  who: (bed, who, room) => bed.say(who, { type: "room.presence", room }),
  pass: (bed) => bed.pass(),
};

/** By what two relays may differ: their times, random texts, and where a room's numbers begin. */
const OWN: readonly string[] = [
  ...["received_at", "joined_at", "last_active", "last_heard", "kept_until"],
  ...["challenge", "expires", "seq", "retry_after_ms", "timestamp", "nonce"],
];

function shown(frames: readonly Frame[]): unknown {
  return JSON.parse(
    JSON.stringify(frames, (key, value) => OWN.includes(key) ? 0 : value),
  );
}

const move = fc.record({
  name: fc.constantFrom(
    ...Object.keys(MOVES),
    ...["join", "join", "create", "message", "message", "message", "login"],
    ...["direct", "direct", "login"],
  ),
  who: fc.constantFrom(...AGENTS),
  room: fc.constantFrom(...ROOMS),
  number: fc.noBias(fc.nat(99)),
});

Deno.test("RelayCore: over one log, of one relay or of three with agents spread over them, each agent hears what a relay by itself says", () => {
  fc.assert(
    fc.property(
      fc.array(move, { minLength: 40, maxLength: 80 }),
      (moves) => {
        const alone = new WireBed([]);
        const clusters = [new WireBed(["a"]), new WireBed(["a", "b", "c"])];
        const beds = [alone, ...clusters];
        let said = 0;
        for (const { name, who, room, number } of moves) {
          for (const bed of beds) {
            MOVES[name]?.(bed, who, room, number);
          }
          for (const each of AGENTS) {
            const expected = shown(alone.take(each));
            said += (expected as unknown[]).length;
            for (const bed of clusters) {
              assert.deepEqual(shown(bed.take(each)), expected, name);
            }
          }
        }
        for (const bed of beds) bed.close();
        fc.pre(said > 0);
      },
    ),
    { numRuns: 60 },
  );
});
