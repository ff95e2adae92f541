import type { EpochState } from "./epoch_state.ts";

/** An epoch whose record was read and whose state was opened. */
export interface Epoch {
  /** Hex. */
  readonly hash: string;
  readonly author: string;
  readonly n: number;
  readonly parents: readonly string[];
  readonly state: EpochState;
}

export type Epochs = ReadonlyMap<string, Epoch>;

/** How a room stands, by the records that are known: the same whatever order they came in. */
export interface Standing {
  /** From the first one that is trusted to the one in force. */
  readonly path: readonly Epoch[];
  /** Epochs that nothing follows, beside the one in force, and that are to be merged into it. */
  readonly loose: readonly Epoch[];
}

/**
 * Whether `child` may follow `parent`: its author is an admin there, and leaves the admins above him where they are. So
 * nobody is removed by who could not have been stopped by him.
 */
export function mayFollow(parent: Epoch, child: Epoch): boolean {
  const { admins } = parent.state;
  const rank = admins.indexOf(child.author);
  return rank >= 0 && child.n > parent.n &&
    admins.slice(0, rank).every((above, at) =>
      child.state.admins[at] === above
    );
}

/** How far the number of an epoch may be above that of the parents that are known: others may not be known here. */
const MOST_AHEAD = 100_000;

/**
 * Walks from an epoch that is trusted: of several that follow, the one at or behind which the admin of the highest rank
 * made one; where that is so of both, the admin of the next rank, and so on; then that of the author of higher rank, then
 * the one with the longer way behind it, then the lower hash. So who was removed can't begin anew before that: who
 * removed him, or put his remover above him, stands above him there; and where he put his remover above himself, that one
 * made an epoch there, and none behind the new beginning.
 *
 * @param anchor its hash; @returns null where it is not known
 */
export function standingOf(epochs: Epochs, anchor: string): Standing | null {
  const first = epochs.get(anchor);
  if (first === undefined) return null;
  const followers = followersOf(epochs);
  const behind = allBehind(epochs, followers);
  const path = [first];
  for (let at: Epoch | undefined = first; at !== undefined;) {
    at = best(at, followers.get(at.hash) ?? [], behind);
    if (at !== undefined) path.push(at);
  }
  return { path, loose: looseOf(epochs, followers, path) };
}

/** Each epoch's followers that obey the rules. */
function followersOf(epochs: Epochs): Map<string, Epoch[]> {
  const followers = new Map<string, Epoch[]>();
  for (const epoch of epochs.values()) {
    const known = epoch.parents.flatMap((hash) => epochs.get(hash) ?? []);
    const ahead = epoch.n - Math.max(...known.map(({ n }) => n));
    const isAllKnown = known.length === epoch.parents.length;
    if (isAllKnown ? ahead !== 1 : ahead > MOST_AHEAD) continue;
    for (const parent of known) {
      if (!mayFollow(parent, epoch)) continue;
      const had = followers.get(parent.hash);
      if (had === undefined) followers.set(parent.hash, [epoch]);
      else had.push(epoch);
    }
  }
  return followers;
}

/** What comes after an epoch. */
interface Behind {
  /** How many epochs come one after the other behind it. */
  readonly depth: number;
  /** Who made it and those behind it: one bit an author. */
  readonly authors: bigint;
}

const NOTHING: Behind = { depth: 0, authors: 0n };

interface AllBehind {
  readonly of: (epoch: Epoch) => Behind;
  readonly bitOf: (author: string) => bigint;
}

function allBehind(
  epochs: Epochs,
  followers: ReadonlyMap<string, readonly Epoch[]>,
): AllBehind {
  const bits = new Map<string, bigint>();
  for (const { author } of epochs.values()) {
    if (!bits.has(author)) bits.set(author, 1n << BigInt(bits.size));
  }
  const bitOf = (author: string) => bits.get(author) ?? 0n;
  const all = new Map<string, Behind>();
  const of = ({ hash }: Epoch) => all.get(hash) ?? NOTHING;
  for (const epoch of [...epochs.values()].sort((a, b) => b.n - a.n)) {
    const next = (followers.get(epoch.hash) ?? []).map(of);
    const depth = Math.max(0, ...next.map(({ depth }) => 1 + depth));
    const authors = next.reduce(
      (sum, { authors }) => sum | authors,
      bitOf(epoch.author),
    );
    all.set(epoch.hash, { depth, authors });
  }
  return { of, bitOf };
}

function best(
  { state: { admins } }: Epoch,
  followers: readonly Epoch[],
  { of, bitOf }: AllBehind,
): Epoch | undefined {
  const bits = admins.map(bitOf);
  const byAuthors = (a: Epoch, b: Epoch) => {
    const [ofA, ofB] = [of(a).authors, of(b).authors];
    const first = bits.find((bit) => ((ofA ^ ofB) & bit) !== 0n) ?? 0n;
    return (ofA & first) !== 0n ? -1 : first === 0n ? 0 : 1;
  };
  const order = (a: Epoch, b: Epoch) =>
    byAuthors(a, b) ||
    admins.indexOf(a.author) - admins.indexOf(b.author) ||
    of(b).depth - of(a).depth ||
    (a.hash < b.hash ? -1 : 1);
  return [...followers].sort(order)[0];
}

/** Whoever was removed does not come back, and removes nobody, by a branch that he makes afterwards. */
function looseOf(
  epochs: Epochs,
  followers: ReadonlyMap<string, readonly Epoch[]>,
  path: readonly Epoch[],
): Epoch[] {
  const first = path[0]!;
  const inForce = path.at(-1)!;
  const reached = reachedFrom(first, followers);
  return [...reached.values()].filter((epoch) => {
    if (epoch === inForce || isMerged(epochs, path, epoch)) return false;
    if ((followers.get(epoch.hash) ?? []).length > 0) return false;
    return branchOf(epochs, path, epoch).every(({ author }) =>
      inForce.state.admins.includes(author)
    );
  });
}

/**
 * Epochs of the same room as one that is trusted, whether they count or not: what follows it by the rules, and what it
 * follows. A stranger's records under the room's name are of another.
 */
export function relatedTo(epochs: Epochs, anchor: string): Epoch[] {
  const first = epochs.get(anchor);
  if (first === undefined) return [];
  const before = new Map([[first.hash, first]]);
  for (const { parents } of before.values()) {
    for (const hash of parents) {
      const parent = epochs.get(hash);
      if (parent !== undefined) before.set(hash, parent);
    }
  }
  const followers = followersOf(epochs);
  const all = [...before.values()].flatMap((one) => [
    ...reachedFrom(one, followers).values(),
  ]);
  return [...new Set(all)];
}

function reachedFrom(
  first: Epoch,
  followers: ReadonlyMap<string, readonly Epoch[]>,
): Map<string, Epoch> {
  const reached = new Map([[first.hash, first]]);
  for (const { hash } of reached.values()) {
    for (const next of followers.get(hash) ?? []) reached.set(next.hash, next);
  }
  return reached;
}

/** The epochs of a branch, up to where it left the path. */
export function branchOf(
  epochs: Epochs,
  path: readonly Epoch[],
  end: Epoch,
): Epoch[] {
  const onPath = new Set(path.map(({ hash }) => hash));
  const branch = new Map([[end.hash, end]]);
  for (const { parents } of branch.values()) {
    for (const hash of parents) {
      const parent = onPath.has(hash) ? undefined : epochs.get(hash);
      if (parent !== undefined) branch.set(hash, parent);
    }
  }
  return [...branch.values()];
}

/** Whether an epoch of the path merged a branch: named it, and left out whom that one removed. */
function isMerged(
  epochs: Epochs,
  path: readonly Epoch[],
  branch: Epoch,
): boolean {
  const { hash, state: end } = branch;
  return path.some(({ parents, state }, at) => {
    if (!parents.includes(hash)) return false;
    const before = path.slice(0, at);
    const { state: base } = before[leftAt(epochs, before, branch)]!;
    const isLeftOut = (listOf: (state: EpochState) => readonly string[]) =>
      listOf(base).every((one) =>
        listOf(end).includes(one) || !listOf(state).includes(one)
      );
    return isLeftOut(({ members }) => members) &&
      isLeftOut(({ admins }) => admins);
  });
}

/** At which epoch of the path a branch left it; the first, where that is not known. */
export function leftAt(
  epochs: Epochs,
  path: readonly Epoch[],
  end: Epoch,
): number {
  const branch = branchOf(epochs, path, end);
  const left = new Set(branch.flatMap(({ parents }) => parents));
  return Math.max(0, path.findLastIndex(({ hash }) => left.has(hash)));
}
