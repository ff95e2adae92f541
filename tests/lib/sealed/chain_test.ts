import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type Epoch,
  mayFollow,
  relatedTo,
  standingOf,
} from "../../../lib/sealed/chain.ts";

import { epoch, known, state } from "../../fakes/epochs.ts";

const ROOT = epoch("r", "a", [], state("abcd", "ab"));

const pathOf = (epochs: readonly Epoch[], anchor = "r") =>
  standingOf(known(...epochs), anchor)?.path.map(({ hash }) => hash).join("") ??
    "";

Deno.test("standingOf: of several the higher rank wins, then the longer way, then the lower hash", () => {
  const byA = epoch("z", "a", [ROOT], state("abc", "ab"));
  const byB = epoch("b", "b", [ROOT], state("abd", "ab"));
  const behindB = epoch("c", "b", [byB], state("ab", "ab"));
  strictEqual(pathOf([ROOT, byA, byB, behindB]), "rz");
  const other = epoch("y", "a", [ROOT], state("abd", "ab"));
  strictEqual(pathOf([ROOT, byA, other]), "ry");
  const behind = epoch("x", "b", [byA], state("abc", "ab"));
  strictEqual(pathOf([ROOT, byA, other, behind]), "rzx");
  strictEqual(pathOf([byA], "r"), "");
});

Deno.test("relatedTo: what follows by the rules, and what was before; a stranger's beginning is of another room", () => {
  const byA = epoch("x", "a", [ROOT], state("abcd", "ab"));
  const lost = epoch("y", "b", [ROOT], state("abcd", "ab"));
  const next = epoch("n", "a", [byA], state("abcd", "ab"));
  const stranger = epoch("z", "z", [], state("za", "z"));
  const behind = epoch("w", "z", [byA], state("za", "z"));
  const all = known(ROOT, byA, lost, next, stranger, behind);
  const of = (anchor: string) =>
    relatedTo(all, anchor).map(({ hash }) => hash).toSorted().join("");
  strictEqual(of("r"), "nrxy");
  strictEqual(of("n"), "nrxy");
  strictEqual(of("?"), "");
});

Deno.test("mayFollow: an admin of the parent, who leaves the admins above him", () => {
  const by = (author: string, admins: string, members = "abcd") =>
    mayFollow(ROOT, epoch("x", author, [ROOT], state(members, admins)));
  strictEqual(by("a", "a"), true);
  strictEqual(by("b", "ab"), true);
  strictEqual(by("b", "b", "bcd"), false);
  strictEqual(by("b", "ba"), false);
  strictEqual(by("c", "abc"), false);
});

Deno.test("standingOf: a number that skips is no epoch of the chain", () => {
  const jump = { ...epoch("x", "a", [ROOT], state("a", "a")), n: 7 };
  strictEqual(pathOf([ROOT, jump]), "r");
});

Deno.test("standingOf: a removed admin's later branch neither wins nor is merged", () => {
  const removed = epoch("x", "a", [ROOT], state("acd", "a"));
  const revenge = epoch("w", "b", [ROOT], state("abe", "ab"));
  const standing = standingOf(known(ROOT, removed, revenge), "r")!;
  strictEqual(standing.path.at(-1), removed);
  deepStrictEqual(standing.loose, []);
  const behind = epoch("v", "b", [removed], state("ab", "ab"));
  strictEqual(pathOf([ROOT, removed, behind]), "rx");
});

Deno.test("standingOf: who was removed does not begin anew before that, whoever made what followed there", () => {
  const root = epoch("r", "a", [], state("abcd", "abc"));
  for (const author of ["c", "b"]) {
    const next = epoch("x", author, [root], state("abcd", "abc"));
    const removed = epoch("y", "a", [next], state("acd", "ac"));
    const anew = epoch("1", "b", [root], state("abd", "ab"));
    const more = epoch("2", "b", [anew], state("abd", "ab"));
    const most = epoch("3", "b", [more], state("abd", "ab"));
    const all = [root, next, removed, anew, more, most];
    strictEqual(pathOf(all), "rxy", author);
    deepStrictEqual(standingOf(known(...all), "r")!.loose, [], author);
  }
});

Deno.test("standingOf: an admin who puts another above himself, and is removed by that one, does not begin anew before that", () => {
  const root = epoch("r", "a", [], state("abcd", "abc"));
  const below = epoch("x", "a", [root], state("abcd", "bac"));
  const removed = epoch("y", "b", [below], state("bcd", "bc"));
  const next = epoch("v", "c", [root], state("abcd", "abc"));
  const belowNext = epoch("w", "a", [next], state("abcd", "bac"));
  const removedNext = epoch("z", "b", [belowNext], state("bcd", "bc"));
  const anew = ["1", "2", "3", "4"].reduce((way: Epoch[], hash) => {
    const { state: is } = root;
    return [...way, epoch(hash, "a", [way.at(-1) ?? root], is)];
  }, []);
  strictEqual(pathOf([root, below, removed, ...anew]), "rxy");
  const all = [root, next, belowNext, removedNext, ...anew];
  strictEqual(pathOf(all), "rvwz");
  deepStrictEqual(standingOf(known(...all), "r")!.loose, []);
  // With one whom he had put above himself, too, he could.
  const byB = epoch("5", "b", [anew[3]!], state("abcd", "abc"));
  strictEqual(pathOf([root, below, removed, ...anew, byB]).length, 6);
});

Deno.test("standingOf: a parent that nobody knows lifts no number beyond what can be followed", () => {
  const far = {
    ...epoch("x", "b", [ROOT], state("ab", "ab")),
    ...{ parents: ["r", "?"], n: Number.MAX_SAFE_INTEGER },
  };
  strictEqual(pathOf([ROOT, far]), "r");
  strictEqual(pathOf([ROOT, { ...far, n: 9 }]), "rx");
});

Deno.test("standingOf: what was merged stays merged, though who merged it was no admin there", () => {
  const byA = epoch("x", "a", [ROOT], state("abcd", "abd"));
  const byB = epoch("y", "b", [ROOT], state("abcde", "ab"));
  const merge = epoch("m", "d", [byA, byB], state("abcde", "abd"));
  const next = epoch("n", "d", [merge], state("abcde", "abd"));
  const standing = standingOf(known(ROOT, byA, byB, merge, next), "r")!;
  strictEqual(standing.path.at(-1), next);
  deepStrictEqual(standing.loose, []);
});

Deno.test("standingOf: who names the branch that removed him, and stays, did not merge it", () => {
  const root = epoch("r", "a", [], state("abcd", "abd"));
  const byA = epoch("x", "a", [root], state("abcde", "abd"));
  const removal = epoch("y", "b", [root], state("abc", "ab"));
  const stays = epoch("m", "d", [byA, removal], state("abcde", "abd"));
  const next = epoch("n", "d", [stays], state("abcde", "abd"));
  const standing = standingOf(known(root, byA, removal, stays, next), "r")!;
  deepStrictEqual(standing.loose, [removal]);
});

/** Random chains: each epoch by somebody, admin or not, on one or two that were there. */
const chains = fc.array(
  fc.record({
    author: fc.constantFrom("a", "b", "c", "d"),
    parents: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
    members: fc.subarray(["a", "b", "c", "d", "e"], { minLength: 1 }),
    admins: fc.subarray(["a", "b", "c"], { minLength: 1 }),
  }),
  { maxLength: 12 },
).map((steps) => {
  const epochs = [ROOT];
  steps.forEach(({ author, parents, members, admins }, at) => {
    const chosen = [...new Set(parents.map((p) => epochs[p % epochs.length]!))];
    const all = [...new Set([...members, ...admins])].join("");
    const is = state(all, admins.join(""));
    epochs.push(epoch(`${(at * 7) % 13}-${at}`, author, chosen, is));
  });
  return epochs;
});

Deno.test("standingOf: any order of any epochs, with what is not known yet, comes to the same", () => {
  const orders = chains.chain((epochs) =>
    fc.tuple(
      fc.constant(epochs),
      fc.shuffledSubarray(epochs, { minLength: epochs.length }),
      fc.shuffledSubarray(epochs),
    )
  );
  fc.assert(
    fc.property(orders, ([epochs, shuffled, some]) => {
      strictEqual(pathOf(shuffled), pathOf(epochs));
      const late = new Map([...known(...some), ...known(...epochs)]);
      const path = standingOf(late, "r")!.path.map(({ hash }) => hash).join("");
      strictEqual(path, pathOf(epochs));
      pathOf(some);
    }),
    { numRuns: 500 },
  );
});

Deno.test("standingOf: each step of the way is by an admin of the step before", () => {
  fc.assert(
    fc.property(chains, (epochs) => {
      const { path } = standingOf(known(...epochs), "r")!;
      path.slice(1).forEach((one, at) => {
        strictEqual(path[at]!.state.admins.includes(one.author), true);
        strictEqual(one.parents.includes(path[at]!.hash), true);
      });
    }),
    { numRuns: 500 },
  );
});
