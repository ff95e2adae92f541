import assert from "node:assert/strict";
import { agent } from "../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../fakes/core_bed.ts";
import { NO_LIMITS } from "../../../relay/core/settings.ts";

/** How many tries pass before the first RATE_LIMITED, and its wait. */
function passed(bed: CoreBed, line: BedLine, make: () => string) {
  for (let count = 0; count < 2_000; count++) {
    bed.take(line.conn);
    bed.text(line.conn, make());
    const error = bed.take(line.conn).find(({ code }) =>
      code === "RATE_LIMITED"
    );
    if (error !== undefined) return { count, wait: error.retry_after_ms };
    bed.now = { wall: bed.now.wall + 1, mono: bed.now.mono + 1 };
  }
  return { count: 2_000, wait: 0 };
}

Deno.test("Limits: the counts of a minute, with a true wait, also for tries that fail", () => {
  const cases: [string, number, (line: BedLine) => string][] = [
    ["messages", 60, ({ maker }) => maker.message("r", "x")],
    ["messages to nowhere", 60, ({ maker }) => maker.message("nix", "x")],
    ["joins", 10, ({ maker }) => maker.join("nix")],
    ["lists", 30, () => '{"type":"rooms.list"}'],
    [
      "history",
      60,
      ({ maker }) => maker.frame({ type: "room.history", room: "nix" }),
    ],
  ];
  for (const [name, most, make] of cases) {
    const bed = new CoreBed().rooms("r", "other");
    const line = bed.login(bed.maker(agent(1)));
    if (name === "messages") {
      bed.ask(line, line.maker.join("r"));
    }
    const limit = passed(bed, line, () => make(line));
    assert.equal(limit.count, most, name);
    assert.equal(limit.wait, 60_000 - most, name);
    bed.pass(Number(limit.wait));
    assert.notDeepEqual(bed.ask(line, make(line)), ["RATE_LIMITED"], name);
    assert.deepEqual(bed.ask(line, make(line)).length, 1, name);
  }
});

Deno.test("Limits: 500 messages a minute in a room, whoever sends them", () => {
  const bed = new CoreBed().rooms("r");
  const lines = Array.from(
    { length: 10 },
    (_, i) => bed.login(bed.maker(agent(i + 1))),
  );
  for (const line of lines) bed.ask(line, line.maker.join("r"));
  let taken = 0;
  for (let i = 0; i < 59; i++) {
    for (const line of lines) {
      bed.text(line.conn, line.maker.message("r", "x"));
      taken += bed.types(line.conn).filter((type) => type === "message.ack")
        .length;
    }
  }
  assert.equal(taken, 500);
});

Deno.test("Limits: 5 creates a minute an agent, counted when the proof is right", () => {
  const bed = new CoreBed();
  const line = bed.login(bed.maker(agent(1)));
  for (let i = 0; i < 20; i++) bed.ask(line, line.maker.create("unproven"));
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(bed.create(line, `r${i}`), ["room.joined"]);
  }
  assert.deepEqual(bed.create(line, "r6"), ["RATE_LIMITED"]);
  bed.pass(60_000);
  assert.deepEqual(bed.create(line, "r6"), ["room.joined"]);
});

Deno.test("Limits: off lifts every count, and blocks nobody", () => {
  const bed = new CoreBed({ limits: NO_LIMITS }).rooms("r");
  const line = bed.login(bed.maker(agent(1)));
  for (let i = 0; i < 200; i++) {
    assert.deepEqual(bed.ask(line, line.maker.join("r")), ["room.joined"]);
    bed.ask(line, line.maker.message("r", "x", { id: `${i}` }));
    const conn = bed.open();
    bed.text(conn, bed.maker(agent(2)).hello({ signature: "x" }));
  }
  assert.equal(bed.core.blockedFor("127.0.0.1", bed.now), 0);
});
