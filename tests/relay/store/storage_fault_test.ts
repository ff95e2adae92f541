import assert from "node:assert/strict";
import {
  knownFault,
  storageFault,
} from "../../../relay/store/storage_fault.ts";

Deno.test("storageFault: SQLite's words are told apart, and each reason says what to do", () => {
  const kinds = [
    "database is locked",
    "database or disk is full",
    "attempt to write a readonly database",
    "Read-only file system (os error 30)",
    "disk I/O error",
    "database disk image is malformed",
  ].map((words) => knownFault(new Error(words)));
  assert.deepEqual(
    kinds.map((fault) => fault?.kind),
    ["busy", "full", "read_only", "read_only", "broken", "damaged"],
  );
  for (const fault of kinds) assert.match(fault?.reason ?? "", /; /);
});

Deno.test("storageFault: a statement's own error is no fault of the database unless the caller says so", () => {
  const error = new Error("UNIQUE constraint failed: messages.seq");
  assert.equal(knownFault(error), undefined);
  assert.equal(storageFault(error).kind, "broken");
});
