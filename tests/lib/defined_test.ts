import assert from "node:assert/strict";
import fc from "fast-check";
import { type Defined, defined } from "../../lib/defined.ts";

/** True where both types are the same, optional fields and all. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends
  (<T>() => T extends Other ? 1 : 2) ? true : false;

Deno.test("defined - leaves out what is undefined, and nothing else", () => {
  const made = defined({ a: undefined, b: null, c: false, d: 0, e: "" });
  assert.deepEqual(Object.entries(made), [
    ["b", null],
    ["c", false],
    ["d", 0],
    ["e", ""],
  ]);
});

Deno.test("defined - an object of the same values, in the same order, as JSON has it", () => {
  const values = fc.option(fc.jsonValue(), { nil: undefined });
  fc.assert(fc.property(fc.dictionary(fc.string(), values), (fields) => {
    const made = defined(fields);
    assert.equal(JSON.stringify(made), JSON.stringify(fields));
    for (const name of Object.keys(made)) assert(made[name] !== undefined);
  }));
});

Deno.test("defined - what lies inside a value stays as it is, the very same", () => {
  const inner = { a: undefined };
  const made = defined({ inner, list: [undefined] });
  assert.equal(made.inner, inner);
  assert.deepEqual(made.list, [undefined]);
});

Deno.test("defined - a field named __proto__ stays a field and becomes no prototype", () => {
  const made = defined(JSON.parse('{"__proto__": {"a": 1}}'));
  assert.deepEqual(Object.keys(made), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(made), Object.prototype);
});

Deno.test("defined - the fields given are left alone", () => {
  const fields = { a: undefined, b: 1 };
  defined(fields);
  assert.deepEqual(Object.keys(fields), ["a", "b"]);
});

Deno.test("Defined - optional without undefined where a value may lack; the rest as it was", () => {
  interface Asked {
    readonly room: string;
    readonly limit: number | undefined;
    readonly after?: number;
    readonly name: string | null;
  }
  interface Expected {
    readonly room: string;
    readonly limit?: number;
    readonly after?: number;
    readonly name: string | null;
  }
  const same: Same<
    Defined<Asked>,
    { [Name in keyof Expected]: Expected[Name] }
  > = true;
  assert(same);
  const asked: Asked = { room: "tea", limit: undefined, name: null };
  const exact: Expected = defined(asked);
  assert.deepEqual(exact, { room: "tea", name: null });
  // @ts-expect-error a field that must be there can't come from one that may lack
  const missing: { limit: number } = defined(asked);
  assert.equal("limit" in missing, false);
});
