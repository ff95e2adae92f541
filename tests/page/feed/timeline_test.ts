import assert from "node:assert/strict";
import fc from "fast-check";
import type { MessageRow } from "../../../page/feed/rows.ts";
import {
  EMPTY,
  threadOf,
  type Timeline,
  withLive,
  withNewest,
  withOlder,
} from "../../../page/feed/timeline.ts";

const row = (seq: number, reply_to?: string): MessageRow => ({
  ...{ id: `m${seq}`, seq, from: "A", name: "ada", text: "", timestamp: 0 },
  ...(reply_to === undefined ? {} : { reply_to }),
  isByPerson: false,
  row: {},
});
const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => row(from + i));
const seqs = ({ messages }: Timeline) => messages.map(({ seq }) => seq);

Deno.test("Timeline: whatever comes in whatever order, each message stands once and no hole is shown", () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("live"), at: fc.nat(60) }),
      fc.record({ kind: fc.constant("newest"), at: fc.nat(60) }),
      fc.record({ kind: fc.constant("older"), at: fc.nat(60) }),
    ),
    { maxLength: 40 },
  );
  fc.assert(fc.property(steps, (all) => {
    let timeline = EMPTY;
    for (const { kind, at } of all) {
      const page = {
        messages: rows(Math.max(1, at - 9), at),
        hasMore: at > 10,
      };
      const first = timeline.messages[0]?.seq ?? at + 1;
      const older = {
        messages: rows(Math.max(1, first - 5), first - 1),
        hasMore: first > 6,
      };
      timeline = kind === "live"
        ? withLive(timeline, row(at + 1)) ?? timeline
        : kind === "newest"
        ? withNewest(timeline, page) ?? timeline
        : withOlder(timeline, older);
      const shown = seqs(timeline);
      const [start = 1] = shown;
      assert.deepEqual(shown, shown.map((_, i) => start + i));
    }
  }));
});

Deno.test("withLive: the next is added, one that is here is not, one that leaves a hole is refused", () => {
  const timeline = withNewest(EMPTY, { messages: rows(5, 7), hasMore: true });
  assert.ok(timeline);
  assert.deepEqual(seqs(withLive(timeline, row(8)) ?? EMPTY), [5, 6, 7, 8]);
  assert.equal(withLive(timeline, row(7)), timeline);
  assert.equal(withLive(timeline, row(9)), null);
  assert.equal(withLive(EMPTY, row(9)), null);
});

Deno.test("withNewest: a page that does not reach what is here is refused, one that does is joined", () => {
  const timeline = withNewest(EMPTY, { messages: rows(1, 3), hasMore: false });
  assert.ok(timeline);
  const far = { messages: rows(6, 9), hasMore: true };
  const near = { messages: rows(4, 9), hasMore: true };
  assert.equal(withNewest(timeline, far), null);
  assert.deepEqual(
    seqs(withNewest(timeline, near) ?? EMPTY),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

Deno.test("threadOf: a message, its answers and theirs, each with its depth; others and loops are left out", () => {
  const messages = [
    ...[row(1), row(2, "m1"), row(3), row(4, "m2"), row(5, "m1")],
    row(6, "m6"),
  ];
  const timeline = withNewest(EMPTY, { messages, hasMore: false });
  assert.ok(timeline);
  const thread = threadOf(timeline, messages[0] as MessageRow);
  assert.deepEqual(
    thread.map(({ message, depth }) => [message.seq, depth]),
    [[1, 0], [2, 1], [4, 2], [5, 1]],
  );
  assert.equal(timeline.answers.get("m1"), 2);
});
