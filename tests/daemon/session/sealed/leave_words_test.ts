import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { LeaveWords } from "../../../../daemon/session/sealed/leave_words.ts";

const IDS = ["bob", "cal"];

interface Said {
  readonly id: string;
  readonly kind: "j" | "l";
  readonly at: number;
}

/** Who leaves: who said so later than he ever asked to be let in. */
function oracle(said: readonly Said[]): string[] {
  const last = (id: string, kind: string) =>
    Math.max(
      ...said.filter((one) => one.id === id && one.kind === kind)
        .map(({ at }) => at),
    );
  return IDS.filter((id) => last(id, "l") > last(id, "j"));
}

/** @param isKept whether all that is kept is read anew before each word, as after a kill */
function leavingAfter(said: readonly Said[], isKept = false): string[] {
  let words = new LeaveWords();
  for (const { id, kind, at } of said) {
    if (isKept) words = new LeaveWords(IDS.map((one) => words.of(one)));
    if (kind === "j") words.stays(id, at);
    else words.leaves(id, { at, epoch: `${at}` });
  }
  return IDS.filter((id) => words.leaving(id) !== undefined);
}

const saidBy: fc.Arbitrary<Said> = fc.record({
  id: fc.constantFrom(...IDS),
  kind: fc.constantFrom("j" as const, "l" as const),
  at: fc.integer({ min: -3, max: 6 }),
});

Deno.test("LeaveWords: any order of any words of leaving and coming back, however often each, comes to the same, which is everybody's later word", () => {
  const anyOrder = fc.array(saidBy, { maxLength: 10 }).chain((said) =>
    fc.tuple(
      fc.constant(said),
      fc.shuffledSubarray([...said, ...said], {
        minLength: said.length * 2,
      }),
    )
  );
  fc.assert(
    fc.property(anyOrder, ([said, again]) => {
      const expected = oracle(said);
      deepStrictEqual(leavingAfter(said), expected);
      deepStrictEqual(leavingAfter(again), expected);
      deepStrictEqual(leavingAfter(again, true), expected);
    }),
    { numRuns: 500 },
  );
});

Deno.test("LeaveWords: the epoch of the later word counts; who is no member any more is forgotten", () => {
  const words = new LeaveWords();
  words.leaves("bob", { at: 2, epoch: "b" });
  words.leaves("bob", { at: 1, epoch: "a" });
  words.stays("cal", 5);
  strictEqual(words.leaving("bob")?.epoch, "b");
  deepStrictEqual(words.keepOnly(["cal"]), ["bob"]);
  strictEqual(words.leaving("bob"), undefined);
  words.leaves("cal", { at: 5, epoch: "c" });
  strictEqual(words.leaving("cal"), undefined);
  words.keepOnly([]);
  words.leaves("cal", { at: 4, epoch: "c" });
  strictEqual(words.leaving("cal")?.at, 4);
});
