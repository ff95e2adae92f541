import assert from "node:assert/strict";
import fc from "fast-check";
import {
  readContacts,
  readMailboxPage,
  readRequests,
  readSent,
  readStatus,
  readTrouble,
} from "../../../page/feed/daemon_rows.ts";

Deno.test("daemon rows: whatever an answer holds, what comes out has its shape and nothing is thrown", () => {
  const readers = [
    readContacts,
    readMailboxPage,
    readRequests,
    readSent,
    readStatus,
    readTrouble,
  ];
  fc.assert(fc.property(fc.anything(), (value) => {
    for (const read of readers) read(value);
    const listed = { requests: [value], sent: [value], contacts: [value] };
    for (const request of readRequests(listed)) {
      assert.equal(typeof request.from + typeof request.text, "stringstring");
    }
    assert.equal(readSent(listed).length, 1);
    assert.equal(readContacts(listed).length, 1);
  }));
});

Deno.test("readStatus: rooms, then talks with one other, private all", () => {
  const rooms = [{ name: "tea", joined: true, unread: 2 }];
  const talks = [{ room: "@bob", unread: 1 }];
  const read = readStatus({ rooms, talks }).rooms;
  assert.deepEqual(
    read.map(({ name, joined, unread, isPrivate }) => [
      ...[name, joined, unread, isPrivate],
    ]),
    [["tea", true, 2, false], ["@bob", true, 1, true]],
  );
});

Deno.test("readRequests: who asked, his words, when, and whose name he bears", () => {
  const asked = { from: "A", from_name: "ada", text: "hi", timestamp: 5 };
  const read = { from: "A", name: "ada", text: "hi", timestamp: 5 };
  const requests = [{ ...asked, name_conflict: "ada" }, asked];
  assert.deepEqual(readRequests({ requests }), [
    { ...read, conflict: "ada" },
    { ...read, conflict: "" },
  ]);
});

Deno.test("readSent: receipts where they were asked for alone", () => {
  const receipts = { delivered: 2, shown: 1 };
  const [asked, not] = readSent({ sent: [{ id: "a", receipts }, { id: "b" }] });
  assert.deepEqual(asked?.receipts, { ...receipts, of: 0 });
  assert.equal(not?.receipts, undefined);
});

Deno.test("readTrouble: what happened and what to do", () => {
  const error = { message: "No such room", fix: "Run agentnet rooms" };
  assert.equal(
    readTrouble({ error }),
    "No such room; Run agentnet rooms",
  );
  assert.equal(readTrouble({ error: { message: "x" } }), "x");
});
