import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";
import { ArrayMailbox } from "../../oracle/array_mailbox.ts";

const room = fc.constantFrom("tea", "lab", "den");
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      room,
      from: fc.constantFrom("A", "B"),
      id: fc.integer({ min: 0, max: 60 }),
      verified: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      room: fc.option(room, { nil: undefined }),
      cursor: fc.integer({ min: 0, max: 80 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("readOnly" as const),
      cursors: fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 5 }),
    }),
  },
);

Deno.test("Mailbox: adding, reading and falling out, against an array", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { mailbox, database } = memoryMailbox({ buffer: 10 });
      const oracle = new ArrayMailbox(10);
      for (const one of steps) {
        if (one.kind === "add") {
          const { room, from, verified } = one;
          const next = message({ room, from, verified, id: `${one.id}` });
          const taken = mailbox.add(next)?.cursor ?? null;
          assert.equal(taken, oracle.add(next));
        } else if (one.kind === "readOnly") {
          mailbox.read({ cursors: one.cursors });
          oracle.readOnly(one.cursors);
        } else {
          const { cursor, room } = one;
          mailbox.read(room === undefined ? { cursor } : { cursor, room });
          oracle.read(cursor, room);
        }
        const page = mailbox.page({ limit: 3 });
        const unread = oracle.unread();
        assert.deepEqual(
          page.messages.map(({ cursor }) => cursor),
          unread.slice(0, 3),
        );
        assert.equal(page.remaining, Math.max(0, unread.length - 3));
        assert.equal(page.dropped, oracle.dropped());
        const tea = mailbox.page({ room: "tea" });
        assert.equal(tea.dropped, oracle.dropped("tea"));
        assert.equal(
          mailbox.count({ room: "tea" }),
          oracle.unread("tea").length,
        );
        assert.equal(mailbox.count({ all: true }), oracle.all().length);
        assert.equal(mailbox.count({ after: 7 }), oracle.all(7).length);
      }
      database.close();
    }),
    { numRuns: 200 },
  );
});

Deno.test("Mailbox: an evicted message is not shown anew", () => {
  const { mailbox } = memoryMailbox({ buffer: 2 });
  for (let i = 0; i < 50; i++) mailbox.add(message({ id: `${i}` }));
  for (let i = 0; i < 50; i++) {
    assert.equal(mailbox.add(message({ id: `${i}` })), null);
  }
  assert.equal(mailbox.count({ all: true }), 2);
});

Deno.test("Mailbox: an unverified copy never stands in the way of the verified one", () => {
  const { mailbox } = memoryMailbox();
  assert.ok(mailbox.add(message({ verified: false, text: "made up" })));
  assert.ok(mailbox.add(message({ verified: true })));
  assert.equal(mailbox.add(message({ verified: false })), null);
});

Deno.test("Mailbox: the same id of another author is another message", () => {
  const { mailbox } = memoryMailbox();
  assert.ok(mailbox.add(message()));
  assert.ok(mailbox.add(message({ from: "B".repeat(44) })));
});

Deno.test("Mailbox: its bytes are bounded too", () => {
  const { mailbox } = memoryMailbox({ mostBytes: 10_000 });
  for (let i = 0; i < 30; i++) {
    mailbox.add(message({ id: `${i}`, text: "x".repeat(1_600) }));
  }
  assert.equal(mailbox.count({ all: true }), 5);
  assert.equal(mailbox.page({}).dropped, 25);
});

Deno.test("Mailbox.page: gaps lie between two cursors, and go when they were read past", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "1" }));
  mailbox.addGap("tea", 3);
  mailbox.addGap("tea", 4);
  assert.deepEqual(mailbox.page({}).gaps, [
    { room: "tea", count: 7, after: 1, before: 0 },
  ]);
  mailbox.add(message({ id: "2", room: "lab" }));
  mailbox.add(message({ id: "3" }));
  const gap = { room: "tea", count: 7, after: 1, before: 3 };
  assert.deepEqual(mailbox.page({ room: "tea" }).gaps, [gap]);
  assert.deepEqual(mailbox.page({ room: "lab" }).gaps, []);
  mailbox.read({ cursor: 2 });
  assert.deepEqual(mailbox.page({}).gaps, [gap]);
  mailbox.read({ cursor: 3 });
  assert.deepEqual(mailbox.page({}).gaps, []);
});

Deno.test("Mailbox.page: what this agent was not given any more is a gap of its own, shown by itself", () => {
  const { mailbox } = memoryMailbox();
  mailbox.addGap("tea", 2);
  mailbox.addGap("tea", 2, { removed: true });
  mailbox.addGap("tea", 1, { removed: true });
  const plain = { room: "tea", count: 2, after: 0, before: 0 };
  const removed = { ...plain, count: 3, removed: true };
  assert.deepEqual(mailbox.page({}).gaps, [plain, removed]);
  mailbox.addGap("tea", 1);
  const { gaps: [more] } = mailbox.page({});
  assert.deepEqual(more, { ...plain, count: 3 });
  mailbox.read({ gaps: [more!] });
  assert.deepEqual(mailbox.page({}).gaps, [removed]);
  mailbox.add(message({ id: "1" }));
  assert.deepEqual(mailbox.page({}).gaps, [{ ...removed, before: 1 }]);
  mailbox.read({ cursor: 1 });
  assert.deepEqual(mailbox.page({}).gaps, []);
});

Deno.test("Mailbox.page: a gap without a count stays without one", () => {
  const { mailbox } = memoryMailbox();
  mailbox.addGap("tea", undefined);
  mailbox.addGap("tea", 4);
  assert.deepEqual(mailbox.page({}).gaps, [
    { room: "tea", after: 0, before: 0 },
  ]);
});

Deno.test("Mailbox.read: a gap that nothing came after goes once it was shown, and not one that has grown since", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "1" }));
  mailbox.addGap("tea", 2);
  mailbox.addGap("lab", undefined);
  const { gaps } = mailbox.page({});
  mailbox.addGap("tea", 3);
  mailbox.read({ gaps });
  assert.deepEqual(mailbox.page({}).gaps, [
    { room: "tea", count: 5, after: 1, before: 0 },
  ]);
  assert.equal(mailbox.count({}), 1, "no message is read by that");
  mailbox.add(message({ id: "2" }));
  mailbox.read({ gaps: [{ room: "tea", count: 5, after: 1, before: 0 }] });
  assert.equal(mailbox.page({}).gaps.length, 1, "it lies between two now");
});

Deno.test("Mailbox.page: by author's id, its start, name, and mention", () => {
  const { mailbox } = memoryMailbox();
  const B = "B".repeat(44);
  mailbox.add(message({ id: "1", text: "for @ME, now" }));
  mailbox.add(message({ id: "2", text: "for @means" }));
  mailbox.add(
    message({ id: "3", from: B, from_name: "Bob", text: "@MMMMMMMM" }),
  );
  const ids = (query: Parameters<typeof mailbox.page>[0]) =>
    mailbox.page(query).messages.map(({ id }) => id);
  assert.deepEqual(ids({ from: "bob" }), ["3"]);
  assert.deepEqual(ids({ from: "BBBBBB" }), ["3"]);
  assert.deepEqual(ids({ from: "BB" }), []);
  assert.deepEqual(ids({ from: "A".repeat(44) }), ["1", "2"]);
  assert.deepEqual(ids({ mention: true }), ["1", "3"]);
  assert.equal(mailbox.page({ mention: true, limit: 1 }).remaining, 1);
});

Deno.test("Mailbox.read: never back, and not past what was given out", () => {
  const { mailbox } = memoryMailbox();
  mailbox.add(message({ id: "1" }));
  mailbox.read({ cursor: 1e12 });
  mailbox.add(message({ id: "2" }));
  assert.equal(mailbox.count({}), 1);
  mailbox.read({ cursor: 2 });
  mailbox.read({ cursor: 1 });
  assert.equal(mailbox.count({}), 0);
});

Deno.test("Mailbox.read: single messages are read, what stands before them is not", () => {
  const { mailbox } = memoryMailbox();
  for (const text of ["plain", "@me one", "@me two"]) {
    mailbox.add(message({ id: text, text }));
  }
  mailbox.read({ cursors: [2, 99] });
  const unread = (query = {}) =>
    mailbox.page(query).messages.map(({ cursor }) => cursor);
  assert.deepEqual(unread({ mention: true }), [3]);
  assert.deepEqual(unread(), [1, 3]);
  assert.equal(mailbox.unread().get("tea"), 2);
  mailbox.read({ cursor: 1 });
  assert.deepEqual(unread(), [3]);
  assert.deepEqual(unread({ all: true }), [1, 2, 3]);
});
