import type { EpochState, OpenInvite } from "./epoch_state.ts";

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

/**
 * Walks from an epoch that is trusted: of several that follow, that of the author of higher rank, then the one with the
 * longer way behind it, then the lower hash.
 *
 * @param anchor its hash; @returns null where it is not known
 */
export function standingOf(epochs: Epochs, anchor: string): Standing | null {
  const first = epochs.get(anchor);
  if (first === undefined) return null;
  const followers = followersOf(epochs);
  const depth = depths(epochs, followers);
  const path = [first];
  for (let at: Epoch | undefined = first; at !== undefined;) {
    at = best(at, followers.get(at.hash) ?? [], depth);
    if (at !== undefined) path.push(at);
  }
  return { path, loose: looseOf(epochs, followers, path) };
}

/** Each epoch's followers that obey the rules. */
function followersOf(epochs: Epochs): Map<string, Epoch[]> {
  const followers = new Map<string, Epoch[]>();
  for (const epoch of epochs.values()) {
    const known = epoch.parents.flatMap((hash) => epochs.get(hash) ?? []);
    const isNext = known.length < epoch.parents.length ||
      epoch.n === 1 + Math.max(...known.map(({ n }) => n));
    if (!isNext) continue;
    for (const parent of known) {
      if (!mayFollow(parent, epoch)) continue;
      const had = followers.get(parent.hash);
      if (had === undefined) followers.set(parent.hash, [epoch]);
      else had.push(epoch);
    }
  }
  return followers;
}

/** How many epochs come one after the other behind each. */
function depths(
  epochs: Epochs,
  followers: ReadonlyMap<string, readonly Epoch[]>,
): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  const late = [...epochs.values()].sort((a, b) => b.n - a.n);
  for (const { hash } of late) {
    const behind = (followers.get(hash) ?? []).map((next) =>
      1 + (depth.get(next.hash) ?? 0)
    );
    depth.set(hash, Math.max(0, ...behind));
  }
  return depth;
}

function best(
  { state: { admins } }: Epoch,
  followers: readonly Epoch[],
  depth: ReadonlyMap<string, number>,
): Epoch | undefined {
  const order = (a: Epoch, b: Epoch) =>
    admins.indexOf(a.author) - admins.indexOf(b.author) ||
    (depth.get(b.hash) ?? 0) - (depth.get(a.hash) ?? 0) ||
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
  const merged = new Set(inForce.parents);
  const reached = reachedFrom(first, followers);
  return [...reached.values()].filter((epoch) => {
    if (epoch === inForce || merged.has(epoch.hash)) return false;
    if ((followers.get(epoch.hash) ?? []).length > 0) return false;
    return branchOf(epochs, path, epoch).every(({ author }) =>
      inForce.state.admins.includes(author)
    );
  });
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
function branchOf(
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

/**
 * The state in force with what loose branches changed: removals of any branch stay, additions come in.
 *
 * @returns without keys of parents
 */
export function mergedState(
  epochs: Epochs,
  { path, loose }: Standing,
): Omit<EpochState, "back"> {
  const { back: _back, ...state } = path.at(-1)!.state;
  return loose.reduce((merged, end) => {
    const branch = branchOf(epochs, path, end);
    const left = new Set(branch.flatMap(({ parents }) => parents));
    const base = path.findLast(({ hash }) => left.has(hash)) ?? path[0]!;
    return withBranch(merged, base.state, end.state);
  }, state);
}

function withBranch(
  state: Omit<EpochState, "back">,
  base: EpochState,
  end: EpochState,
): Omit<EpochState, "back"> {
  const members = changed(state.members, base.members, end.members);
  const admins = changed(state.admins, base.admins, end.admins)
    .filter((admin) => members.includes(admin));
  const pubs = changed(
    state.invites.map(({ pub }) => pub),
    base.invites.map(({ pub }) => pub),
    end.invites.map(({ pub }) => pub),
  );
  const invites = pubs.flatMap((pub) => fewest(pub, [state, end]));
  return { ...state, members, admins, invites };
}

/** What a list comes to when a branch's additions and removals since `base` are made in it too. */
function changed(
  list: readonly string[],
  base: readonly string[],
  end: readonly string[],
): string[] {
  const added = end.filter((one) => !base.includes(one));
  const removed = base.filter((one) => !end.includes(one));
  return [...new Set([...list, ...added])]
    .filter((one) => !removed.includes(one));
}

/** Who used it in one branch has used it. */
function fewest(
  pub: string,
  states: readonly Pick<EpochState, "invites">[],
): OpenInvite[] {
  const found = states.flatMap(({ invites }) =>
    invites.filter((invite) => invite.pub === pub)
  );
  const least = found.toSorted((a, b) => a.uses - b.uses)[0];
  return least === undefined ? [] : [least];
}
