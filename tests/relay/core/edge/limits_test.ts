import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../../fakes/core_bed.ts";
import { DEFAULT_LIMITS, NO_LIMITS } from "../../../../relay/core/settings.ts";

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

Deno.test("Limits: 20 creates a minute an address, so that the relay's 100 are never one stranger's", () => {
  const bed = new CoreBed();
  const made = (number: number, address: string) => {
    const line = bed.login(bed.maker(agent(number)), {}, address);
    return [1, 2, 3, 4, 5].filter((i) =>
      bed.create(line, `r${number}-${i}`)[0] === "room.joined"
    ).length;
  };
  const greedy = [1, 2, 3, 4, 5, 6].map((number) => made(number, "10.0.0.1"));
  assert.deepEqual(greedy, [5, 5, 5, 5, 0, 0]);
  assert.equal(made(7, "10.0.0.2"), 5);
});

Deno.test("Limits: 30 logins a minute an agent, at the hello already, with a true wait", () => {
  const bed = new CoreBed();
  const maker = bed.maker(agent(1));
  for (let i = 0; i < 30; i++) bed.drop(bed.login(maker).conn);
  const conn = bed.open();
  bed.text(conn, maker.hello());
  const [refusal] = bed.take(conn);
  assert.equal(refusal?.code, "RATE_LIMITED");
  assert.equal(refusal?.retry_after_ms, 60_000);
  assert.equal(bed.closed.get(conn), 1008);
  bed.login(bed.maker(agent(2)));
  bed.pass(60_000);
  bed.login(maker);
});

Deno.test("Limits: hellos count by address, taken or not; a login that another could have replayed counts for no agent", () => {
  const bed = new CoreBed({
    limits: { ...DEFAULT_LIMITS, loginsPerAddress: 40 },
  });
  const maker = bed.maker(agent(1));
  const tried = Array.from({ length: 41 }, () => {
    const conn = bed.open("10.0.0.1");
    bed.text(conn, maker.hello());
    return bed.types(conn)[0];
  });
  assert.deepEqual(
    tried,
    [...new Array(40).fill("pow.challenge"), "RATE_LIMITED"],
  );
  bed.login(maker, {}, "10.0.0.2");
});

Deno.test("Limits: rejoins count by agent and by address; the waits are true", () => {
  const counts = { rejoinsPerAgent: 5, rejoinsPerAddress: 8 };
  const bed = new CoreBed({ limits: { ...DEFAULT_LIMITS, ...counts } })
    .rooms("r");
  const comeBack = (number: number, address: string) => {
    const maker = bed.maker(agent(number));
    let line = bed.login(maker, {}, address);
    bed.ask(line, maker.join("r"));
    return Array.from({ length: 7 }, () => {
      bed.drop(line.conn);
      line = bed.login(maker, {}, address);
      bed.text(line.conn, maker.join("r"));
      const answer = bed.take(line.conn)[0];
      return answer?.retry_after_ms ?? answer?.type;
    });
  };
  const taken = (count: number) => [
    ...new Array(count).fill("room.joined"),
    ...new Array(7 - count).fill(60_000),
  ];
  assert.deepEqual(comeBack(1, "10.0.0.1"), taken(5));
  assert.deepEqual(comeBack(2, "10.0.0.1"), taken(3));
  assert.deepEqual(comeBack(3, "10.0.0.2"), taken(5));
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
