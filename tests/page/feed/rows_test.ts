import assert from "node:assert/strict";
import fc from "fast-check";
import {
  readMessageRow,
  readMessageRows,
  readPanel,
  readPeople,
  readRoomRows,
} from "../../../page/feed/rows.ts";

Deno.test("rows: whatever a server says, what comes out has its shape and nothing is thrown", () => {
  fc.assert(fc.property(fc.anything(), (value) => {
    readMessageRow(value);
    readPanel(value);
    for (const { id, name } of readPeople(value).members) {
      assert.equal(typeof id + typeof name, "stringstring");
    }
    for (const { name } of readRoomRows(value).rooms) assert.ok(name);
    assert.ok(Array.isArray(readMessageRows(value).messages));
  }));
});

Deno.test("readMessageRow: text, author, what it answers, and whether a person wrote it", () => {
  const row = {
    ...{ id: "a", from_id: "A", from_name: "ada", seq: 3, timestamp: 5 },
    content: '{"type":"text","text":"hello"}',
    ...{ reply_to: "b", kind: "question", written_by: "person" },
  };
  assert.deepEqual(readMessageRow(row), {
    ...{ id: "a", seq: 3, from: "A", name: "ada", text: "hello" },
    ...{ timestamp: 5, reply_to: "b", kind: "question", isByPerson: true },
    row,
  });
  assert.equal(
    readMessageRow({ ...row, written_by: "agent" })?.isByPerson,
    false,
  );
  for (
    const bad of [{ seq: "3" }, { id: 1 }, { content: "{" }, { content: "1" }]
  ) {
    assert.equal(readMessageRow({ ...row, ...bad }), null);
  }
});

Deno.test("readMessageRow: a file that goes with it, harmlessly named; none where it can't be told", () => {
  const row = {
    ...{ id: "a", from_id: "A", from_name: "ada", seq: 3, timestamp: 5 },
    content: '{"type":"text","text":"hello"}',
  };
  const file = { name: "../a\u202eb", size: 3, sha256: "0f".repeat(32) };
  assert.deepEqual(readMessageRow({ ...row, file })?.file, {
    ...file,
    name: "a_b",
  });
  for (const bad of [{ ...file, sha256: "x" }, { ...file, size: -1 }, 1, []]) {
    const read = readMessageRow({ ...row, file: bad });
    assert.equal(read?.text, "hello");
    assert.equal(read?.file, undefined);
  }
});

Deno.test("readMessageRows: oldest first, however a relay sorts them", () => {
  const row = (seq: number) => ({
    ...{ id: `${seq}`, from_id: "A", seq, content: '{"text":""}' },
  });
  const page = readMessageRows({
    messages: [row(3), row(1), 7, row(2)],
    has_more: true,
  });
  assert.deepEqual(page.messages.map(({ seq }) => seq), [1, 2, 3]);
  assert.equal(page.hasMore, true);
});
