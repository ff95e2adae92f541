import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { fillRoom, FLOODS, READING } from "../scenarios/floods.ts";
import { withMember } from "../scenarios/member.ts";
import type { Stranger } from "../scenarios/strangers.ts";

const MB = 2 ** 20;
const MS = 10_000;

const ALL: Readonly<
  Record<
    string,
    { readonly flood: Stranger } | { readonly reading: keyof typeof READING }
  >
> = {
  ...Object.fromEntries(
    Object.entries(FLOODS).map(([name, flood]) => [name, { flood }]),
  ),
  ...Object.fromEntries(
    Object.keys(READING).map((name) => [name, { reading: name }]),
  ),
};

for (const [name, one] of Object.entries(ALL)) {
  Deno.test(`relay, 10 s of ${name}: 99 of 100 round trips of a member within 150 ms, memory + 60 MB at most, ready within 2 s`, async () => {
    await using stage = await Stage.open();
    const relay = await stage.startRelay();
    const at = "reading" in one ? await fillRoom(relay.url) : 0;
    const flood: Stranger = "reading" in one
      ? (url, ms) => READING[one.reading]?.(url, ms, at) ?? Promise.reject()
      : one.flood;
    const result = await withMember(relay, flood, MS);
    assert.ok(result.p99 <= 150, JSON.stringify(result));
    assert.ok(result.peakBytes <= 60 * MB, JSON.stringify(result));
    assert.ok(result.readyAfterMs <= 2_000, JSON.stringify(result));
  });
}
