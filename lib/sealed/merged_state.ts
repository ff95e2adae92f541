import { type Epoch, type Epochs, leftAt, type Standing } from "./chain.ts";
import type { EpochState, OpenInvite } from "./epoch_state.ts";

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
    const merged = mergedState(epochs, { path, loose: [end] });
    return above.every((one, at) => merged.admins[at] === one);
  });
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
    const since = path.slice(leftAt(epochs, path, end))
      .map(({ state }) => state);
    return withBranch(merged, since, end.state);
  }, state);
}

/** @param since the states of the path, from where the branch left it */
function withBranch(
  state: Omit<EpochState, "back">,
  since: readonly EpochState[],
  end: EpochState,
): Omit<EpochState, "back"> {
  const of = (listOf: (state: Omit<EpochState, "back">) => readonly string[]) =>
    changed(listOf(state), since.map(listOf), listOf(end));
  const members = of(({ members }) => members);
  const admins = of(({ admins }) => admins)
    .filter((admin) => members.includes(admin));
  const pubs = of(({ invites }) => invites.map(({ pub }) => pub));
  const invites = pubs.flatMap((pub) => left(pub, { state, since, end }));
  return { ...state, members, admins, invites };
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
