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

Deno.test("ViewRenewal: one that was of use is made anew once the log is known to begin at its beginning", () => {
  for (const [position, hasBegun] of [[7, false], [0, true]] as const) {
    const { made, kinds } = renewal(position, hasBegun);
    assert.match(made.differs(), /made anew from the log$/);
    assert.deepEqual(kinds(), ["view_differs", "log"]);
    made.askAgain();
    assert.deepEqual(kinds(), ["log"]);
    assert.equal(made.reaches(1), null);
    assert.deepEqual(kinds(), ["renew_view"]);
    assert.equal(made.reaches(1), null);
    made.askAgain();
    assert.deepEqual(kinds(), [], "once");
  }
});

Deno.test("ViewRenewal: where the log begins later a person has to bring a copy", () => {
  const { made, kinds } = renewal(7, true);
  made.differs();
  kinds();
  assert.match(made.reaches(2) ?? "", /begins at 2 .* copy of another's view/);
  assert.deepEqual(kinds(), ["unfit"]);
});

Deno.test("ViewRenewal: one that was just made anew and differs is not tried again", () => {
  const { made, kinds } = renewal(0, false);
  assert.match(made.differs(), /after it was made anew .* same program/);
  assert.deepEqual(kinds(), ["unfit"]);
  assert.equal(made.reaches(1), null);
  assert.deepEqual(kinds(), []);
});
