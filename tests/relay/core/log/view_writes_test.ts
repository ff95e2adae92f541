import assert from "node:assert/strict";
import type { EffectQueue, OnAnswer } from "../../../../relay/core/effects.ts";
import {
  TOGETHER_OPS,
  ViewWrites,
} from "../../../../relay/core/log/view_writes.ts";
import { ClusterBed, START } from "../../../fakes/cluster_bed.ts";

/** A relay with a member of room tea at it, and what others said in it that it has not heard yet. */
function twoTalking() {
  const bed = new ClusterBed();
  const [relay, other] = [bed.relay("a"), bed.relay("b")];
  bed.pass(3);
  const lines = [bed.member(relay, 1), bed.member(other, 2)] as const;
  const land = () => {
    bed.log.landAll(START + bed.mono);
    for (const one of [relay, other]) {
      one.hand(bed.log.after(one.handed, Infinity));
    }
  };
  return { bed, relay, other, lines, land };
}

Deno.test("ViewWrites: messages of several batches go into the view together; what is something else waits for them, and they for it", () => {
  const { bed, relay, other, lines: [here, there], land } = twoTalking();
  bed.message(relay, here, "tea:1");
  bed.message(other, there, "tea:2");
  land();
  assert.equal(relay.writing, 2);
  bed.say(other, there, { type: "room.leave", room: "tea" });
  // Its own batches before that are behind: one of a relay is under way at a time.
  while (other.write({ fails: false }));
  land();
  bed.message(relay, here, "tea:3");
  assert.equal(relay.writing, 2);
  relay.write({ fails: false });
  assert.equal(relay.writing, 1);
  relay.write({ fails: false });
  assert.equal(relay.writing, 1, "the leaving, alone");
  land();
  assert.equal(relay.writing, 1, "a message behind it waits");
  bed.flow();
  assert.equal(bed.ledger.acks.size, 3);
  assert.equal(relay.core?.trouble, null);
});

Deno.test("ViewWrites: what the view refuses of several batches is tried again in order, and nothing is acknowledged before", () => {
  const { bed, relay, other, lines: [here, there], land } = twoTalking();
  bed.message(relay, here, "tea:1");
  bed.message(other, there, "tea:2");
  land();
  relay.write({ fails: true });
  assert.match(relay.core?.trouble ?? "", /the view can't be written: full/);
  // The second does not follow upon what the view has.
  relay.write({ fails: false });
  assert.equal(relay.writing, 0);
  assert.equal(bed.ledger.acks.size, 0);
  assert.match(relay.core?.trouble ?? "", /the view can't be written: full/);
  bed.pass(1);
  assert.equal(relay.core?.trouble, null);
  assert.equal(bed.ledger.acks.size, 2);
  assert.equal(relay.view.text(), other.view.text());
});

Deno.test("ViewWrites: a view that has something else than what was written to it is made anew", () => {
  const { bed, relay, other, lines: [here], land } = twoTalking();
  bed.message(relay, here, "tea:1");
  land();
  relay.view.damage("UPDATE view_place SET position = position - 1");
  relay.write({ fails: false });
  bed.pass(8);
  assert.equal(relay.renewals, 1);
  assert.deepEqual([relay.core?.trouble, relay.isServing], [null, true]);
  assert.equal(relay.view.text(), other.view.text());
});

Deno.test("ViewWrites: a relay that has caught up begins though the others talk on and something is always on its way", () => {
  const { bed, relay, other, lines: [, there] } = twoTalking();
  const say = (id: string) => {
    bed.message(other, there, id);
    bed.log.landAll(START + bed.mono);
    other.hand(bed.log.after(other.handed, Infinity));
    while (other.write({ fails: false }));
  };
  relay.crash();
  bed.pass(10);
  say("tea:1");
  relay.start();
  relay.hand(bed.log.after(relay.handed, Infinity).slice(0, -1));
  while (relay.write({ fails: false }));
  relay.hand(bed.log.after(relay.handed, 1));
  for (let round = 2; round < 9 && !relay.isServing; round++) {
    say(`tea:${round}`);
    relay.hand(bed.log.after(relay.handed, 1));
    assert.equal(relay.writing, 2);
    relay.write({ fails: false });
  }
  assert.equal(relay.isServing, true);
});

/** Writes by themselves: what was sent to the store, and its answers. */
function writing() {
  const sent: { readonly after: number; readonly onAnswer: OnAnswer }[] = [];
  const told: string[] = [];
  const effects = {
    store: ({ after }: { readonly after: number }, onAnswer: OnAnswer) =>
      void sent.push({ after, onAnswer }),
  } as unknown as EffectQueue;
  const writes = new ViewWrites(effects, {
    viewFault: (reason) => void told.push(reason ?? "none"),
    viewLost: () => void told.push("lost"),
  });
  const now = { wall: 0, mono: 0 };
  let position = 0;
  const add = (size: number) => {
    position++;
    const batch = {
      ...{ kind: "batch", log: "", position, at: 0, ops: 0, rules: 1 } as const,
      ...{ rows: [], entries: [], isTick: false },
    };
    const written = () => void told.push(`written ${batch.position}`);
    writes.add({ batch, size, isMessages: true, written });
  };
  const stored = { kind: "batch_stored", token: 0, answers: [], removed: [] };
  const full = { kind: "failed", token: 0, why: "storage", reason: "full" };
  const answer = (which: number, one: typeof stored | typeof full) =>
    sent[which]?.onAnswer(one as Parameters<OnAnswer>[0], now);
  return { writes, sent, told, add, answer, stored, full };
}

Deno.test("ViewWrites: so many messages go together, also once many have; a large batch of them goes by itself", () => {
  const { writes, add, answer, stored } = writing();
  const half = TOGETHER_OPS / 2;
  for (let round = 0; round < 4; round++) {
    add(half);
    assert.equal(writes.takesMessages(half), true);
    assert.equal(writes.takesMessages(half + 1), false);
    add(half);
    assert.equal(writes.takesMessages(1), false);
    for (const which of [0, 1]) answer(2 * round + which, stored);
    assert.equal(writes.isIdle, true);
    assert.equal(writes.takesMessages(TOGETHER_OPS + 1), true);
  }
});

Deno.test("ViewWrites: what was refused is not sent again while what is behind it is still at the store", () => {
  const { writes, sent, told, add, answer, stored, full } = writing();
  add(1);
  add(1);
  answer(0, full);
  assert.equal(writes.takesMessages(1), true);
  writes.retry();
  assert.equal(sent.length, 2);
  answer(1, full);
  assert.equal(writes.takesMessages(1), false);
  for (let i = 0; i < 2; i++) writes.retry();
  assert.deepEqual(sent.map(({ after }) => after), [0, 1, 0, 1]);
  for (const which of [2, 3]) answer(which, stored);
  assert.deepEqual(told, ["full", "none", "written 1", "none", "written 2"]);
});

Deno.test("ViewWrites: a batch of messages and something else waits for what is on its way", () => {
  const { bed, relay, other, lines: [here, there], land } = twoTalking();
  const [talks, leaves] = [bed.member(other, 3), bed.member(other, 4)];
  bed.message(relay, here, "tea:1");
  bed.message(other, there, "tea:2");
  // Both are behind that, in one batch.
  bed.message(other, talks, "tea:3");
  bed.say(other, leaves, { type: "room.leave", room: "tea" });
  land();
  assert.equal(relay.writing, 2);
  while (other.write({ fails: false }));
  land();
  assert.equal(relay.writing, 2);
  bed.flow();
  assert.equal(bed.ledger.acks.size, 3);
});
