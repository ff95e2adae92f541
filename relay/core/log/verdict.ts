import type { Checkpoints } from "./checkpoints.ts";
import type { Nodes, NodeState } from "./nodes.ts";

/** In what a relay may differ from the others. */
export type Difference = "settings" | "view";

export const OTHER_SETTINGS =
  "its settings of rooms, limits and retention are not those of the other relays; all must have the same";

/**
 * In what a relay differs from what the others say, so that it may not serve; null where it may. Those that say the same
 * stay together: the larger group, of two equal ones the one with the first name in it.
 *
 * @param since the log's time after which the others were heard that count.
 */
export function verdict(
  own: { readonly node: string; readonly settings: string },
  { nodes, checkpoints }: {
    readonly nodes: Nodes;
    readonly checkpoints: Checkpoints;
  },
  since: number,
): Difference | null {
  const others = othersOf(own.node, nodes, since);
  const isOutvoted = (agrees: Agrees) => isMinority(own.node, others, agrees);
  if (isOutvoted(({ settings }) => settings === own.settings)) {
    return "settings";
  }
  return isOutvoted(({ checkpoint }) => checkpoints.agrees(checkpoint))
    ? "view"
    : null;
}

/** Why a relay may not begin beside those that serve already, as {@link verdict}; null where it may. */
export function refusalToBegin(
  own: { readonly node: string; readonly settings: string },
  nodes: Nodes,
  since: number,
): string | null {
  const theirs = othersOf(own.node, nodes, since)
    .flatMap(({ said }) => said === undefined ? [] : [said.settings]);
  return theirs.length === 0 || theirs.includes(own.settings)
    ? null
    : OTHER_SETTINGS;
}

function othersOf(own: string, nodes: Nodes, since: number): NodeState[] {
  return nodes.alive()
    .filter(({ node, lastAt }) => node !== own && lastAt > since);
}

/** Whether another relay says the same as this one; null where that can't be told. */
type Agrees = (said: NonNullable<NodeState["said"]>) => boolean | null;

function isMinority(
  own: string,
  others: readonly NodeState[],
  agrees: Agrees,
): boolean {
  const same = [own];
  const different: string[] = [];
  for (const { node, said } of others) {
    const isSame = said === undefined ? null : agrees(said);
    if (isSame === true) same.push(node);
    else if (isSame === false) different.push(node);
  }
  if (different.length !== same.length) return different.length > same.length;
  return least(different) < least(same);
}

function least(names: readonly string[]): string {
  return names.reduce((first, name) => name < first ? name : first);
}
