import assert from "node:assert/strict";
import { SupervisorRig as Rig } from "../../fakes/supervisor_rig.ts";

Deno.test("SessionSupervisor: five workers in a row that never lived, and it is given up; four and one that lives, not", async () => {
  const rig = new Rig();
  await rig.listening();
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) {
      rig.last.fail("no module");
      await rig.clock.advance(10_000);
    }
  };
  rig.last.fail("boom");
  await rig.clock.advance(10_000);
  await fail(4);
  rig.last.beat();
  rig.last.fail("boom");
  await rig.clock.advance(10_000);
  await fail(4);
  assert.deepEqual(rig.givenUp, []);
  await fail(1);
  assert.equal(rig.givenUp.length, 1);
  assert.match(rig.givenUp[0] ?? "", /no module/);
});

Deno.test("SessionSupervisor: a worker that fills the log is heard a million characters and 5,000 a second, and how many lines were left out", async () => {
  const rig = new Rig();
  await rig.listening();
  const said = () => rig.lines.filter((line) => line.includes("flood")).length;
  const fields = { text: "x".repeat(3_900) };
  const flood = (count: number) => {
    for (let i = 0; i < count; i++) {
      rig.last.say({ type: "log", level: "info", event: "flood", fields });
    }
  };
  flood(10_000);
  const first = said();
  assert.ok(first > 200 && first < 260, `${first}`);
  await rig.clock.advance(4_000);
  flood(100);
  assert.ok(said() - first <= 5, `${said() - first}`);
  const told = `lines=${10_000 - first}`;
  assert.ok(rig.lines.some((line) => line.includes(told)), told);
});

Deno.test("SessionSupervisor: a worker that asks for more than it can need is ended", async () => {
  for (
    const word of [
      { type: "listening", port: 1 },
      { type: "borrow_solvers", id: 1 },
      { type: "return_solvers" },
      "strange",
    ]
  ) {
    const rig = new Rig();
    await rig.listening();
    const [first] = rig.lives;
    for (let i = 0; i < 1_000; i++) first?.say(word);
    await rig.clock.advance(0);
    assert.equal(rig.lives.length, 2, JSON.stringify(word));
    assert.ok(rig.ports.length <= 101 && rig.solvers.length <= 102);
  }
});
