import type { Epoch, Epochs, Standing } from "./chain.ts";

/** Whose word a message is: a member's, one's who was removed since, or that of somebody who is no member by any rule. */
export type SaidBy = "member" | "removed" | "nobody";

/** How far apart two hosts' clocks may be, so that what was said before a removal is not taken for later; milliseconds. */
const SLACK_MS = 120_000;

/** A message, as far as it is asked whose word it is. */
export interface Said {
  readonly from: string;
  /** The epoch under whose key it is. */
  readonly epoch: Epoch;
  /** Its author's time; milliseconds since 1970. */
  readonly at: number;
}

/**
 * Whose word a message is. An epoch that no rule lets count, as one that a removed admin made by himself, makes nobody a
 * member; and who was removed said nothing afterwards.
 *
 * @param counted {@link countedEpochs}
 */
export function saidBy(
  { from, epoch, at }: Said,
  { standing: { path }, counted }: {
    readonly standing: Standing;
    readonly counted: ReadonlySet<string>;
  },
): SaidBy {
  const isIn = ({ state }: Epoch) => state.members.includes(from);
  if (!isIn(epoch)) return "nobody";
  if (isIn(path.at(-1)!)) return "member";
  if (!counted.has(epoch.hash)) return "nobody";
  const last = path.findLastIndex(isIn);
  const removedAt = last < 0 ? undefined : path[last + 1]?.state.at;
  return removedAt !== undefined && at > removedAt + SLACK_MS
    ? "nobody"
    : "removed";
}

/** The epochs in force, now or before, those that are to be merged, and all that are behind these. */
export function countedEpochs(
  epochs: Epochs,
  { path, loose }: Standing,
): ReadonlySet<string> {
  const counted = new Map([...path, ...loose].map((one) => [one.hash, one]));
  for (const { parents } of counted.values()) {
    for (const hash of parents) {
      const parent = epochs.get(hash);
      if (parent !== undefined) counted.set(hash, parent);
    }
  }
  return new Set(counted.keys());
}
