import assert from "node:assert/strict";
import type { StoreAnswer, StoreWrite } from "../../../relay/store/contract.ts";
import { GroupCommit } from "../../../relay/store/group_commit.ts";
import type { StorageFault } from "../../../relay/store/storage_fault.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const BUSY: StorageFault = { kind: "busy", reason: "locked" };
const FULL: StorageFault = { kind: "full", reason: "full" };

function write(token: number): StoreWrite {
  return { kind: "room_ended", token, room: "r" };
}

function writes(count: number, first = 0): StoreWrite[] {
  return Array.from({ length: count }, (_, i) => write(first + i));
}

/** A group commit whose disk is a list, or in trouble. */
class Rig {
  readonly clock = new FakeClock();
  readonly groups: number[][] = [];
  readonly answers: StoreAnswer[] = [];
  fault: StorageFault | undefined;
  tries = 0;
  /** How long the disk takes for a commit, and has taken. */
  diskMs = 0;
  #disk = 0;
  readonly group = new GroupCommit({
    clock: {
      wall: () => this.clock.wall(),
      monotonic: () => this.clock.monotonic() + this.#disk,
      after: (ms, action) => this.clock.after(ms, action),
    },
    delayMs: 3,
    rows: 10,
    lockedMs: 1_000,
    commit: (list) => {
      this.tries += 1;
      this.#disk += this.diskMs;
      if (this.fault) return this.fault;
      this.groups.push(list.map(({ token }) => token));
      return list.map(({ token }) => ({ kind: "stored", token }));
    },
    answer: (answers) => void this.answers.push(...answers),
    tried: () => {},
  });
}

Deno.test("GroupCommit: what comes soon after a commit is committed together, in order", async () => {
  const rig = new Rig();
  rig.group.add(writes(1));
  await rig.clock.advance(2);
  rig.group.add(writes(2, 1));
  await rig.clock.advance(2);
  rig.group.add(writes(2, 3));
  await rig.clock.advance(0);
  assert.deepEqual(rig.groups, [[0], [1, 2, 3, 4]]);
  assert.deepEqual(rig.answers.map(({ token }) => token), [0, 1, 2, 3, 4]);
  assert.equal(rig.clock.pending, 0);
});

Deno.test("GroupCommit: what comes alone waits for no timer, the first as well as later ones", async () => {
  const rig = new Rig();
  for (const token of [0, 1, 2]) {
    rig.group.add(writes(1, token));
    assert.equal(rig.answers.length, token + 1);
    assert.equal(rig.clock.pending, 0);
    await rig.clock.advance(3);
  }
  assert.deepEqual(rig.groups, [[0], [1], [2]]);
});

Deno.test("GroupCommit: what comes while the disk is busy goes together once it is not", async () => {
  const rig = new Rig();
  rig.diskMs = 50;
  rig.group.add(writes(1));
  for (const token of [1, 2, 3]) rig.group.add(writes(1, token));
  assert.deepEqual(rig.groups, [[0]]);
  await rig.clock.advance(3);
  assert.deepEqual(rig.groups, [[0], [1, 2, 3]]);
});

Deno.test("GroupCommit: a full group waits for nobody, and no group is larger", async () => {
  const rig = new Rig();
  rig.group.add(writes(25));
  assert.deepEqual(rig.groups.map((group) => group.length), [10, 10]);
  await rig.clock.advance(3);
  assert.deepEqual(rig.groups.flat(), writes(25).map(({ token }) => token));
  assert.deepEqual([rig.group.added, rig.group.answered], [25, 25]);
});

Deno.test("GroupCommit: a lock is waited out in order; past its time the oldest group fails, and only then", async () => {
  const rig = new Rig();
  rig.fault = BUSY;
  rig.group.add(writes(4));
  await rig.clock.advance(500);
  rig.group.add(writes(3, 4));
  assert.equal(rig.group.locked, true);
  assert.deepEqual(rig.answers, []);
  assert.ok(rig.tries > 10 && rig.tries < 30, `${rig.tries} tries`);
  rig.fault = undefined;
  await rig.clock.advance(30);
  assert.deepEqual(rig.groups, [[0, 1, 2, 3, 4, 5, 6]]);
  rig.fault = BUSY;
  rig.group.add(writes(1, 7));
  await rig.clock.advance(990);
  assert.equal(rig.answers.length, 7);
  await rig.clock.advance(60);
  assert.deepEqual(rig.answers[7], {
    kind: "failed",
    token: 7,
    why: "storage",
    reason: "locked",
  });
  assert.equal(rig.clock.pending, 0);
});

Deno.test("GroupCommit: another fault fails its group at once; the next group is tried", async () => {
  const rig = new Rig();
  rig.fault = FULL;
  rig.group.add(writes(2));
  await rig.clock.advance(3);
  assert.deepEqual(rig.answers.map(({ kind }) => kind), ["failed", "failed"]);
  rig.fault = undefined;
  rig.group.add(writes(1, 2));
  await rig.clock.advance(3);
  assert.deepEqual(rig.groups, [[2]]);
});

Deno.test("GroupCommit.finish: all is answered at once, locked or not", () => {
  for (const fault of [undefined, BUSY]) {
    const rig = new Rig();
    rig.fault = fault;
    rig.group.add(writes(8));
    rig.group.finish();
    assert.equal(rig.answers.length, 8);
    assert.equal(rig.clock.pending, 0);
  }
});
