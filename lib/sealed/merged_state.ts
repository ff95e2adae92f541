import {
  branchOf,
  type Epoch,
  type Epochs,
  leftAt,
  type Standing,
} from "./chain.ts";
import { MOST_MEMBERS } from "./record_form.ts";
import {
  type EpochState,
  type Joined,
  MOST_INVITES,
  type OpenInvite,
} from "./epoch_state.ts";

/** What of a state goes on from one epoch to the next. */
type LastingState = Omit<EpochState, "back" | "joined">;

/** A state that several branches come to. */
export interface Merged {
  readonly state: LastingState;
  /** Who was let in on a branch by an invitation that was used up by others, and goes out again. */
  readonly out: readonly string[];
}

/**
 * Of the loose branches those that this admin may merge: he is an admin there too, or has no say over their keys, and they
 * leave the admins above him where they are.
 */
export function mergeableBy(
  admin: string,
  epochs: Epochs,
  { path, loose }: Standing,
): Epoch[] {
  const { admins } = path.at(-1)!.state;
  const above = admins.slice(0, Math.max(0, admins.indexOf(admin)));
  return loose.filter((end) => {
    if (!end.state.admins.includes(admin)) return false;
    const { state } = mergedState(epochs, { path, loose: [end] });
    return above.every((one, at) => state.admins[at] === one);
  });
}

/**
 * The state in force with what loose branches changed: removals of any branch stay, additions come in, as far as there is
 * room, and as the invitations by which they came were for so many.
 */
export function mergedState(
  epochs: Epochs,
  { path, loose }: Standing,
): Merged {
  const { back: _back, joined: _joined, ...state } = path.at(-1)!.state;
  const start = { state, out: [], joined: [] };
  const merged = loose.reduce((merged: Merging, end) => {
    const left = leftAt(epochs, path, end);
    return withBranch(merged, {
      since: path.slice(left).map(({ state }) => state),
      end: end.state,
      joined: joinedOf(branchOf(epochs, path, end)),
      joinedHere: joinedOf(path.slice(left + 1)),
    });
  }, start);
  return { state: merged.state, out: merged.out };
}

/** Who joined, by which invitation, in the order of the epochs. */
function joinedOf(epochs: readonly Epoch[]): Joined[] {
  return epochs.toSorted((a, b) => a.n - b.n || (a.hash < b.hash ? -1 : 1))
    .flatMap(({ state }) => state.joined ?? []);
}

interface Merging extends Merged {
  /** Who joined on the branches that are merged already. */
  readonly joined: readonly Joined[];
}

interface Branch {
  /** The states of the path, from where the branch left it. */
  readonly since: readonly EpochState[];
  readonly end: EpochState;
  readonly joined: readonly Joined[];
  /** Who joined on the path meanwhile. */
  readonly joinedHere: readonly Joined[];
}

function withBranch(
  { state, out, joined: before }: Merging,
  { since, end, joined, joinedHere }: Branch,
): Merging {
  const of = (listOf: (state: LastingState) => readonly string[]) =>
    changed(listOf(state), since.map(listOf), listOf(end));
  const over = overInvited(since[0]?.invites ?? [], {
    earlier: [...joinedHere, ...before],
    later: joined,
  });
  const all = of(({ members }) => members);
  const isNew = (id: string) => !state.members.includes(id);
  const members = all.filter((id) => !(isNew(id) && over.has(id)))
    .slice(0, MOST_MEMBERS);
  const admins = of(({ admins }) => admins)
    .filter((admin) => members.includes(admin));
  const pubs = of(({ invites }) => invites.map(({ pub }) => pub));
  const invites = pubs.flatMap((pub) => left(pub, { state, since, end }))
    .slice(0, MOST_INVITES);
  return {
    state: { ...state, members, admins, invites },
    out: [...out, ...all.filter((id) => !members.includes(id))],
    joined: [...before, ...joined],
  };
}

/** Who came later, by an invitation that those before had used up. */
function overInvited(
  invites: readonly OpenInvite[],
  { earlier, later }: {
    readonly earlier: readonly Joined[];
    readonly later: readonly Joined[];
  },
): ReadonlySet<string> {
  const over = invites.flatMap(({ pub, uses }) => {
    const by = (list: readonly Joined[]) =>
      new Set(list.filter(([, one]) => one === pub).map(([who]) => who));
    const had = by(earlier);
    return [...by(later).difference(had)].slice(Math.max(0, uses - had.size));
  });
  return new Set(over);
}

/**
 * What a list comes to when a branch's additions and removals are made in it too. What was there on the path since, and
 * is no more, was removed: a branch that has it still does not bring it back.
 */
function changed(
  list: readonly string[],
  since: readonly (readonly string[])[],
  end: readonly string[],
): string[] {
  const [base = []] = since;
  const had = new Set(since.flat());
  const added = end.filter((one) => !had.has(one));
  const removed = base.filter((one) => !end.includes(one));
  return [...new Set([...list, ...added])]
    .filter((one) => !removed.includes(one));
}

/** What is left of an invitation: it was used as often as in both branches together. */
function left(
  pub: string,
  { state, since, end }: {
    readonly state: Pick<EpochState, "invites">;
    readonly since: readonly EpochState[];
    readonly end: EpochState;
  },
): OpenInvite[] {
  const [inState, inBase, inEnd] = [state, since[0], end].map((one) =>
    one?.invites.find((invite) => invite.pub === pub)
  );
  const one = inState ?? inEnd;
  if (one === undefined) return [];
  const usedThere = (inBase?.uses ?? 0) - (inEnd?.uses ?? 0);
  const uses = inBase === undefined || inEnd === undefined
    ? Math.min(one.uses, inEnd?.uses ?? one.uses)
    : one.uses - usedThere;
  return uses < 1 ? [] : [{ ...one, uses }];
}
