import assert from "node:assert/strict";
import { lossNotes } from "../../../lib/rendering/page_notes.ts";
import { roomName } from "../../fakes/plain.ts";

const nothing = { dropped: 0, gaps: [] };
const waits = { room: roomName("vault"), upto: 9 };

Deno.test("lossNotes: messages that can't be opened yet, and those that are not meant for who was removed", () => {
  const sealed = [
    { ...waits, count: 1 },
    { ...waits, count: 2 },
    { ...waits, count: 1, removed: true },
    { ...waits, count: 3, removed: true },
  ] as const;
  assert.deepEqual(lossNotes({ ...nothing, sealed }), [
    "sealed: a message of #vault can't be opened yet; its key is asked for",
    "sealed: 2 messages of #vault can't be opened yet; their key is asked for",
    "sealed: a message of #vault can't be opened: this agent was removed from it",
    "sealed: 3 messages of #vault can't be opened: this agent was removed from it",
  ]);
});

Deno.test("lossNotes: of one room what could not be had, and what was not meant for who was removed, each in a line", () => {
  const gap = { room: roomName("vault"), after: 0, before: 0, count: 1 };
  const removed = { ...gap, removed: true } as const;
  const gaps = [gap, removed, { ...gap, after: 3 }, { ...removed, after: 3 }];
  assert.deepEqual(lossNotes({ ...nothing, gaps }), [
    "gap: 2 messages of #vault could not be had",
    "gap: 2 messages of #vault are given up: this agent was removed from it before they could be opened",
  ]);
  assert.deepEqual(lossNotes({ ...nothing, gaps: [removed] }), [
    "gap: 1 message of #vault is given up: this agent was removed from it before it could be opened",
  ]);
});
