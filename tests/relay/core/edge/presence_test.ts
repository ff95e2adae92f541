import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../../fakes/core_bed.ts";

const login = (bed: CoreBed, n: number) => bed.login(bed.maker(agent(n)));
const ask = (bed: CoreBed, line: BedLine, room = "tea") => {
  bed.take(line.conn);
  bed.text(line.conn, `{"type":"room.presence","room":"${room}"}`);
  return bed.take(line.conn);
};

Deno.test("tellPresence: who is in the room, when each was heard last, and what its program says", () => {
  const bed = new CoreBed().rooms("tea");
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  for (const line of [ann, ben]) bed.ask(line, line.maker.join("tea"));
  assert.deepEqual(
    bed.ask(ben, '{"type":"presence","wakeable":"yes","woken_at":7}'),
    [],
  );
  bed.pass(5_000);
  const { wall } = bed.now;
  const [answer] = ask(bed, ann);
  assert.deepEqual(answer, {
    ...{ type: "room.presence.result", room: "tea" },
    members: [
      { id: ann.maker.id, connected: true, last_heard: wall },
      {
        ...{ id: ben.maker.id, connected: true, last_heard: wall - 5_000 },
        ...{ wakeable: "yes", woken_at: 7 },
      },
    ],
  });
});

Deno.test("tellPresence: one whose line dropped is told for the grace time, and what it said is forgotten", () => {
  const bed = new CoreBed({ roomGraceMs: 60_000 }).rooms("tea");
  const [ann, ben] = [login(bed, 1), login(bed, 2)];
  for (const line of [ann, ben]) bed.ask(line, line.maker.join("tea"));
  bed.ask(ben, '{"type":"presence","wakeable":"yes"}');
  bed.drop(ben.conn);
  const gone = bed.now.wall;
  bed.pass(10_000);
  const members = () =>
    (ask(bed, ann)[0]?.members as { id: string }[]).slice(1);
  assert.deepEqual(members(), [
    { id: ben.maker.id, connected: false, last_heard: gone },
  ]);
  bed.pass(50_001);
  assert.deepEqual(members(), []);
});

Deno.test("tellPresence: of a room that one is in alone, and so often in a minute", () => {
  const bed = new CoreBed().rooms("tea");
  const ann = login(bed, 1);
  assert.equal(ask(bed, ann)[0]?.code, "NOT_IN_ROOM");
  assert.equal(ask(bed, ann, "nix")[0]?.code, "ROOM_NOT_FOUND");
  bed.ask(ann, ann.maker.join("tea"));
  const codes = Array.from({ length: 60 }, () => ask(bed, ann)[0]?.code);
  assert.equal(codes.filter((code) => code === undefined).length, 58);
  assert.equal(codes.at(-1), "RATE_LIMITED");
  assert.deepEqual(bed.ask(ann, '{"type":"presence","wakeable":"no"}'), []);
});
