import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { standingOf } from "../../../lib/sealed/chain.ts";
import { countedEpochs, saidBy } from "../../../lib/sealed/said_by.ts";
import { epoch, known, state } from "../../fakes/epochs.ts";

const root = epoch("r", "a", [], state("abcd", "ab", { at: 1_000_000 }));
const byB = epoch("y", "b", [root], state("abcde", "ab", { at: 2_000_000 }));
const byA = epoch("x", "a", [root], state("abcd", "ab", { at: 2_000_000 }));
const merge = epoch("m", "a", [byA, byB], state("abcde", "ab"));
const removal = epoch(
  ...["n", "a", [merge], state("ade", "a", { at: 5_000_000 })] as const,
);
/** The removed admin's own, beside his removal and behind it. */
const fork = epoch("f", "b", [merge], state("abz", "ab"));
const later = epoch("g", "b", [fork], state("abz", "ab"));
const epochs = known(root, byA, byB, merge, removal, fork, later);
const standing = standingOf(epochs, "r")!;
const counted = countedEpochs(epochs, standing);

const by = (from: string, epoch: typeof root, at = 0) =>
  saidBy({ from, epoch, at }, { standing, counted });

Deno.test("countedEpochs: those in force once, those that they merged, and no fork of who was removed", () => {
  deepStrictEqual([...counted].toSorted(), ["m", "n", "r", "x", "y"]);
  const apart = known(root, byA, byB);
  const loose = countedEpochs(apart, standingOf(apart, "r")!);
  deepStrictEqual([...loose].toSorted(), ["r", "x", "y"]);
});

Deno.test("saidBy: a member's word is his under any epoch that has him", () => {
  strictEqual(by("a", root), "member");
  strictEqual(by("e", byB), "member");
  strictEqual(by("a", fork), "member");
  strictEqual(by("e", root), "nobody");
  strictEqual(by("z", root), "nobody");
});

Deno.test("saidBy: who was removed said something before that, and nothing two minutes later", () => {
  for (const one of [root, byB, merge]) {
    strictEqual(by("b", one, 4_000_000), "removed");
    strictEqual(by("b", one, 5_120_000), "removed");
    strictEqual(by("b", one, 5_120_001), "nobody");
  }
  // A removal that does not say when it was.
  const { at: _, ...state } = removal.state;
  const path = standing.path.map((one) =>
    one === removal ? { ...removal, state } : one
  );
  const said = { from: "b", epoch: root, at: 9_000_000 };
  strictEqual(
    saidBy(said, { standing: { path, loose: [] }, counted }),
    "removed",
  );
});

Deno.test("saidBy: a removed admin's fork makes nobody a member, himself neither", () => {
  for (const one of [fork, later]) {
    strictEqual(by("z", one), "nobody");
    strictEqual(by("b", one), "nobody");
  }
});
