import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { standingOf } from "../../../lib/sealed/chain.ts";
import { mergeableBy, mergedState } from "../../../lib/sealed/merged_state.ts";
import type { EpochState } from "../../../lib/sealed/epoch_state.ts";

import { epoch, known, state } from "../../fakes/epochs.ts";

const ROOT = epoch("r", "a", [], state("abcd", "ab"));

Deno.test("mergedState: removals of any branch stay, additions come in, a used invitation is used", () => {
  const open = { pub: "i", by: "a", until: 9, uses: 2 };
  const root = epoch("r", "a", [], state("abcd", "ab", { invites: [open] }));
  const byA = epoch("x", "a", [root], state("abde", "ab", { invites: [open] }));
  const byB = epoch(
    ...[
      "y",
      "b",
      [root],
      state("abcf", "ab", {
        invites: [{ ...open, uses: 1 }],
      }),
    ] as const,
  );
  const epochs = known(root, byA, byB);
  const standing = standingOf(epochs, "r")!;
  deepStrictEqual(standing.loose.map(({ hash }) => hash), ["y"]);
  const { state: merged } = mergedState(epochs, standing);
  deepStrictEqual(merged.members.join(""), "abef");
  deepStrictEqual(merged.invites[0]?.uses, 1);
  const after = epoch("m", "a", [byA, byB], { ...merged });
  const whole = standingOf(known(root, byA, byB, after), "r")!;
  deepStrictEqual(whole.path.map(({ hash }) => hash).join(""), "rym");
  deepStrictEqual(whole.loose, []);
});

Deno.test("mergedState: a branch that went on does not bring back what was removed after it was merged", () => {
  const open = { pub: "i", by: "b", until: 9, uses: 1 };
  const byA = epoch("x", "a", [ROOT], state("abcd", "ab"));
  const invites = [open];
  const byB = epoch("y", "b", [ROOT], state("abcde", "ab", { invites }));
  const merge = epoch("m", "a", [byA, byB], state("abcde", "ab", { invites }));
  const removed = epoch("n", "a", [merge], state("abcd", "ab"));
  const late = epoch("z", "b", [byB], state("abcdef", "ab", { invites }));
  const epochs = known(ROOT, byA, byB, merge, removed, late);
  const standing = standingOf(epochs, "r")!;
  deepStrictEqual(standing.loose, [late]);
  const { members, invites: left } = mergedState(epochs, standing).state;
  strictEqual(members.join(""), "abcdf");
  deepStrictEqual(left, []);
});

Deno.test("mergedState: an invitation was used as often as in all branches together", () => {
  const uses = (count: number) => ({
    invites: [{ pub: "i", by: "a", until: 9, uses: count }],
  });
  const root = epoch("r", "a", [], state("abcd", "ab", uses(3)));
  const byA = epoch("x", "a", [root], state("abcde", "ab", uses(2)));
  const byB = epoch("y", "b", [root], state("abcdf", "ab", uses(2)));
  const both = known(root, byA, byB);
  const { state: merged } = mergedState(both, standingOf(both, "r")!);
  strictEqual(merged.invites[0]?.uses, 1);
  const twice = epoch("y", "b", [root], state("abcdfg", "ab", uses(1)));
  const all = known(root, byA, twice);
  deepStrictEqual(mergedState(all, standingOf(all, "r")!).state.invites, []);
});

Deno.test("mergedState: by an invitation for one, shown to two admins, one comes in: who came on the way that does not count goes out", () => {
  const uses = (count: number, more: Partial<EpochState> = {}) => ({
    invites: [{ pub: "i", by: "a", until: 9, uses: count }].slice(0, count),
    ...more,
  });
  const joins = (...list: string[]) => ({
    joined: list.map((one) => [one, "i"] as const),
  });
  const come = (count: number, [ofA, ofB]: [string, string]) => {
    const root = epoch("r", "a", [], state("abcd", "ab", uses(count)));
    const by = (author: string, list: string) =>
      epoch(
        author === "a" ? "x" : "y",
        author,
        [root],
        state(`abcd${list}`, "ab", {
          ...uses(count - list.length),
          ...joins(...list),
        }),
      );
    const both = known(root, by("a", ofA), by("b", ofB));
    const { state: { members }, out } = mergedState(
      both,
      standingOf(both, "r")!,
    );
    return [members.join(""), out.join("")];
  };
  deepStrictEqual(come(1, ["e", "f"]), ["abcde", "f"]);
  deepStrictEqual(come(1, ["e", "e"]), ["abcde", ""]);
  deepStrictEqual(come(2, ["e", "f"]), ["abcdef", ""]);
  deepStrictEqual(come(3, ["ef", "gh"]), ["abcdefg", "h"]);
});

Deno.test("mergedState: by an invitation for one, at three admins: one comes in; who was added by hand stays", () => {
  const open = { invites: [{ pub: "i", by: "a", until: 9, uses: 1 }] };
  const root = epoch("r", "a", [], state("abcd", "abc", open));
  const by = (hash: string, author: string, who: string) => {
    const joined = { joined: [[who, "i"] as const] };
    return epoch(hash, author, [root], state(`abcd${who}`, "abc", joined));
  };
  const byB = by("y", "b", "f");
  const addsG = epoch("w", "b", [byB], state("abcdfg", "abc"));
  const all = known(root, by("x", "a", "e"), byB, addsG, by("z", "c", "h"));
  const { state: { members }, out } = mergedState(all, standingOf(all, "r")!);
  strictEqual(members.join(""), "abcdeg");
  deepStrictEqual(out.toSorted(), ["f", "h"]);
  // Where nobody came on the way that counts, the first of the branches.
  const still = epoch("x", "a", [root], state("abcd", "abc", open));
  const two = known(root, still, byB, by("z", "c", "h"));
  const apart = mergedState(two, standingOf(two, "r")!);
  strictEqual(apart.state.members.length, 5);
  strictEqual(apart.out.length, 1);
  const noA = known(root, byB, by("z", "c", "h"));
  const without = mergedState(noA, standingOf(noA, "r")!);
  strictEqual(without.state.members.join(""), "abcdf");
});

Deno.test("mergedState: who went out on a merge, and was added by hand since, stays", () => {
  const open = { invites: [{ pub: "i", by: "a", until: 9, uses: 1 }] };
  const root = epoch("r", "a", [], state("abcd", "ab", open));
  const joined = (who: string) => ({ joined: [[who, "i"] as const] });
  const byA = epoch("x", "a", [root], state("abcde", "ab", joined("e")));
  const byB = epoch("y", "b", [root], state("abcdf", "ab", joined("f")));
  const merge = epoch("m", "a", [byA, byB], state("abcde", "ab"));
  const added = epoch("n", "a", [merge], state("abcdef", "ab"));
  const late = epoch("z", "b", [byB], state("abcdfg", "ab"));
  const all = known(root, byA, byB, merge, added, late);
  const { state: { members } } = mergedState(all, standingOf(all, "r")!);
  strictEqual(members.join(""), "abcdefg");
});

Deno.test("mergedState: never more members and invitations than a state may have", () => {
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => `m${from + at}`);
  const invites = (from: number, count: number) =>
    ids(from, count).map((pub) => ({ pub, by: "a", until: 9, uses: 1 }));
  const is = (from: number, count: number) => ({
    ...state("ab", "ab", { invites: invites(from, count / 10) }),
    members: ["a", "b", ...ids(from, count)],
  });
  const root = epoch("r", "a", [], state("ab", "ab"));
  const byA = epoch("x", "a", [root], is(0, 200));
  const byB = epoch("y", "b", [root], is(1_000, 200));
  const both = known(root, byA, byB);
  const merged = mergedState(both, standingOf(both, "r")!);
  strictEqual(merged.state.members.length, 250);
  strictEqual(merged.state.members.includes("m199"), true);
  strictEqual(merged.out.length, 152);
  strictEqual(merged.state.invites.length, 32);
});

Deno.test("mergeableBy: a branch that removes an admin is for those above him", () => {
  const root = epoch("r", "a", [], state("abcd", "abcd"));
  const byA = epoch("x", "a", [root], state("abcd", "abcd"));
  const byB = epoch("y", "b", [root], state("abd", "abd"));
  const epochs = known(root, byA, byB);
  const standing = standingOf(epochs, "r")!;
  deepStrictEqual(mergeableBy("a", epochs, standing), [byB]);
  deepStrictEqual(mergeableBy("b", epochs, standing), [byB]);
  deepStrictEqual(mergeableBy("d", epochs, standing), []);
});

Deno.test("mergeableBy: a branch is for who is an admin in it, and its author always is", () => {
  const byA = epoch("x", "a", [ROOT], state("abcd", "abd"));
  const byB = epoch("y", "b", [ROOT], state("abcde", "ab"));
  const epochs = known(ROOT, byA, byB);
  const standing = standingOf(epochs, "r")!;
  deepStrictEqual(mergeableBy("d", epochs, standing), []);
  for (const one of ["a", "b"]) {
    deepStrictEqual(mergeableBy(one, epochs, standing), [byB]);
  }
});
