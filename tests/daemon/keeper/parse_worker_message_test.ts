import assert from "node:assert/strict";
import fc from "fast-check";
import { parseWorkerMessage } from "../../../daemon/keeper/parse_worker_message.ts";

Deno.test("parseWorkerMessage: total on anything, and what it takes is bounded", () => {
  const type = fc.constantFrom(
    "log",
    "sign",
    "borrow_solvers",
    "return_solvers",
    "listening",
    "not_listening",
    "not_started",
    "handover_wanted",
    "stop_wanted",
  );
  const words = fc.record({
    type: fc.oneof(type, fc.anything()),
    id: fc.anything(),
    level: fc.oneof(fc.constant("info"), fc.anything()),
    event: fc.anything(),
    fields: fc.anything(),
    port: fc.anything(),
    reason: fc.anything(),
    failure: fc.oneof(fc.object(), fc.anything()),
  });
  fc.assert(
    fc.property(words, (word) => {
      const parsed = parseWorkerMessage(word);
      if (parsed !== null && "id" in parsed) assert.equal(parsed.id, word.id);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("parseWorkerMessage: a line of the log is cut, in length and in fields", () => {
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`k${i}`, "x".repeat(10_000)]),
  );
  const parsed = parseWorkerMessage({
    type: "log",
    level: "warn",
    event: "e".repeat(10_000),
    fields: many,
  });
  assert.ok(parsed?.type === "log");
  assert.equal(parsed.event.length, 4_000);
  assert.ok(JSON.stringify(parsed.fields).length < 8_100);
  assert.equal(String(parsed.fields.k0).length, 4_000);
  const short = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`k${i}`, i]),
  );
  const few = parseWorkerMessage({
    ...{ type: "log", level: "warn", event: "e", fields: short },
  });
  assert.equal(few?.type === "log" && Object.keys(few.fields).length, 32);
  const bytes = new Uint8Array(50_000_000);
  const strange = { type: "log", level: "warn", event: "e", fields: bytes };
  assert.equal(parseWorkerMessage(strange), null);
});

Deno.test("parseWorkerMessage: why there is no session is three texts, cut", () => {
  const failure = { code: "FILE_TROUBLE", message: "m".repeat(5_000), fix: 1 };
  assert.deepEqual(parseWorkerMessage({ type: "not_started", failure }), {
    type: "not_started",
    failure: {
      code: "FILE_TROUBLE",
      message: "m".repeat(4_000),
      fix: "number",
    },
  });
  assert.equal(parseWorkerMessage({ type: "not_started", failure: "x" }), null);
});
