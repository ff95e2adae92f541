import assert from "node:assert/strict";
import { z } from "zod";
import { Failure } from "../../lib/errors.ts";
import { readArguments } from "../../mcp/tool_arguments.ts";
import { publishedSchema } from "../../mcp/tool_schema.ts";

const shape = {
  room: z.string().min(1).max(20),
  limit: z.number().int().min(1).max(500).default(50),
  wait_seconds: z.number().min(0).max(50).optional(),
  peek: z.boolean().default(false),
  tags: z.array(z.string().min(1)).max(2).optional(),
  sort: z.enum(["active", "agents"]).optional(),
};
const rules = {
  ...{ tool: "try", checked: z.object(shape) },
  published: publishedSchema(shape),
};
const read = (given: Record<string, unknown>) => readArguments(rules, given);
const usual = { room: "tea", limit: 50, peek: false };

function refusal(given: Record<string, unknown>): string {
  try {
    read(given);
  } catch (thrown) {
    assert.ok(thrown instanceof Failure && thrown.code === "USAGE");
    return `${thrown.message}; ${thrown.fix}`;
  }
  throw new Error(`was taken: ${JSON.stringify(given)}`);
}

Deno.test("readArguments: null is absent, in a list too", () => {
  const given = { limit: null, peek: null, tags: null, sort: null };
  assert.deepEqual(read({ room: "tea", ...given }), usual);
  const tags = ["a", null, "b"];
  assert.deepEqual(read({ room: "tea", tags }), { ...usual, tags: ["a", "b"] });
  assert.match(refusal({ room: null }), /room is missing/);
});

Deno.test("readArguments: a number, a boolean and a text are taken in one another's form where that is plain", () => {
  const same: [Record<string, unknown>, Record<string, unknown>][] = [
    [{ room: 4 }, { room: "4" }],
    [{ room: -1.5 }, { room: "-1.5" }],
    [{ room: true }, { room: "true" }],
    [{ limit: "10" }, { limit: 10 }],
    [{ limit: " 10 " }, { limit: 10 }],
    [{ limit: "" }, { limit: 50 }],
    [{ wait_seconds: "0.5" }, { wait_seconds: 0.5 }],
    [{ peek: "false" }, { peek: false }],
    [{ peek: "True" }, { peek: true }],
    [{ peek: 1 }, { peek: true }],
    [{ peek: "0" }, { peek: false }],
    [{ peek: "" }, { peek: false }],
    [{ tags: [1, true] }, { tags: ["1", "true"] }],
  ];
  for (const [given, taken] of same) {
    assert.deepEqual(read({ room: "tea", ...given }), { ...usual, ...taken });
  }
});

Deno.test("readArguments: what is not plainly the same is refused, in words without the value or the checker's own", () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ room: 1e21 }, /room has to be a text/],
    [{ room: 12345678901234567890 }, /room has to be a text/],
    [{ room: {} }, /room has to be a text/],
    [{ room: "" }, /room must not be empty/],
    [{ room: "x".repeat(21) }, /room has to be at most 20 characters/],
    [{ limit: "1e3" }, /limit has to be a number/],
    [{ limit: "0x10" }, /limit has to be a number/],
    [{ limit: "ten" }, /limit has to be a number/],
    [{ limit: true }, /limit has to be a number/],
    [{ limit: "1.5" }, /limit has to be a whole number/],
    [{ limit: 501 }, /limit has to be at most 500;/],
    [{ limit: "0" }, /limit has to be at least 1;/],
    [{ peek: "yes" }, /peek has to be true or false/],
    [{ peek: 2 }, /peek has to be true or false/],
    [{ tags: "a" }, /tags has to be a list/],
    [{ tags: ["a", "b", "c"] }, /tags has to be at most 2 items/],
    [{ tags: [{}] }, /tags\.0 has to be a text/],
    [{ sort: "name" }, /sort has to be active or agents/],
  ];
  for (const [given, words] of wrong) {
    const said = refusal({ room: "tea", ...given });
    assert.match(said, words);
    assert.match(
      said,
      /try takes room, limit, wait_seconds, peek, tags, sort$/,
    );
    assert.doesNotMatch(said, /invalid|expected|undefined|\[object/i);
  }
});

Deno.test("readArguments: an unknown argument is refused, with the known one that is nearest", () => {
  assert.match(
    refusal({ room: "tea", peak: true }),
    /^try has no argument 'peak'; did you mean 'peek'\? try takes room, /,
  );
  assert.match(
    refusal({ room: "tea", wait: 5, force: true }),
    /no argument 'wait', 'force'; did you mean 'wait_seconds' for 'wait'\?/,
  );
  for (const name of ["force", "constructor", "toString", "\u202eroom"]) {
    assert.match(refusal({ room: "tea", [name]: 1 }), /has no argument/);
  }
  assert.doesNotMatch(refusal({ "\u202eroom": 1 }), /\u202e/);
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`${i}`.repeat(500), 1]),
  );
  assert.ok(refusal(many).length < 600);
  const none = { tool: "status", checked: z.object({}) };
  assert.throws(
    () =>
      readArguments({ ...none, published: publishedSchema({}) }, { foo: 1 }),
    /^Failure: status has no argument 'foo'/,
  );
});
