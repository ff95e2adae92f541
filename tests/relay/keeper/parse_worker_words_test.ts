import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseLogWorkerWords,
  parseSocketWords,
  parseStoreWords,
} from "../../../relay/keeper/parse_worker_words.ts";

const words = fc.oneof(
  fc.anything(),
  fc.record({
    type: fc.oneof(
      fc.constantFrom(
        ...["log", "listening", "told", "not_listening"],
        ...["unfit", "view_differs", "renew_view", "crowded"],
        ...["store_ready", "store_unusable", "constructor", "__proto__"],
        ...["log_unusable", "copies_wanted", "copies_done", "view_taken"],
      ),
      fc.anything(),
    ),
    id: fc.anything(),
    level: fc.oneof(fc.constant("info"), fc.constant("nope"), fc.anything()),
    event: fc.anything(),
    fields: fc.anything(),
    port: fc.anything(),
    reason: fc.anything(),
    isInUse: fc.anything(),
    isCrowded: fc.anything(),
    isDamaged: fc.anything(),
    failure: fc.oneof(
      fc.anything(),
      fc.record({
        code: fc.anything(),
        message: fc.anything(),
        fix: fc.anything(),
      }),
    ),
  }),
);
const LEVELS = ["debug", "info", "warn", "error"];

Deno.test("parseSocketWords, parseStoreWords and parseLogWorkerWords: total on anything, and what they take has its types", () => {
  fc.assert(
    fc.property(words, (data) => {
      const said = parseSocketWords(data, 0);
      if (said?.type === "log") {
        assert.ok(LEVELS.includes(said.level));
        assert.equal(typeof said.event, "string");
      } else if (said?.type === "listening") {
        assert.ok(said.port >= 1 && said.port <= 65_535);
      } else if (said?.type === "crowded") {
        assert.equal(typeof said.isCrowded, "boolean");
      } else if (said?.type === "not_listening") {
        assert.deepEqual([typeof said.reason, typeof said.isInUse], [
          "string",
          "boolean",
        ]);
      }
      const ofLog = parseLogWorkerWords(data);
      if (ofLog?.type === "log_unusable") {
        const { code, message, fix } = ofLog.failure;
        for (const text of [code, message, fix]) {
          assert.equal(typeof text, "string");
        }
      }
      const store = parseStoreWords(data);
      if (store?.type !== "store_unusable") return;
      assert.deepEqual([typeof store.reason, typeof store.isDamaged], [
        "string",
        "boolean",
      ]);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("parseSocketWords: what ended or moved a relay is none of its words", () => {
  const log = { type: "log", level: "nope", event: "x", fields: {} };
  for (const data of [null, undefined, 1, "log", [], {}, log]) {
    assert.equal(parseSocketWords(data, 8080), null);
  }
  const listening = (port: unknown) => ({ type: "listening", port });
  assert.equal(parseSocketWords(listening(1), 8080), null);
  assert.equal(parseSocketWords(listening(0), 0), null);
  assert.deepEqual(parseSocketWords(listening(8080), 8080), listening(8080));
  assert.deepEqual(parseSocketWords(listening(42_001), 0), listening(42_001));
});
