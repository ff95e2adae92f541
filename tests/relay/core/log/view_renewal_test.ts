import assert from "node:assert/strict";
import { EffectQueue } from "../../../../relay/core/effects.ts";
import { ViewRenewal } from "../../../../relay/core/log/view_renewal.ts";

/** What it says and does, of a view that began at a place, and how far that came. */
function renewal(position: number, hasBegun: boolean) {
  const effects = new EffectQueue();
  const made = new ViewRenewal(effects);
  made.restore(position);
  if (hasBegun) made.begun();
  return { made, kinds: () => effects.take().map(({ kind }) => kind) };
}

Deno.test("ViewRenewal: one that was of use is made anew", () => {
  for (const [position, hasBegun] of [[7, false], [0, true]] as const) {
    const { made, kinds } = renewal(position, hasBegun);
    assert.match(made.differs(), /not what the others have; it is made anew$/);
    assert.deepEqual(kinds(), ["view_differs", "renew_view"]);
  }
});

Deno.test("ViewRenewal: one that was just made anew from the log and differs is not tried again", () => {
  const { made, kinds } = renewal(0, false);
  assert.match(made.differs(), /after it was made anew .* same program/);
  assert.deepEqual(kinds(), ["unfit"]);
});
