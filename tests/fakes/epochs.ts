import type { Epoch } from "../../lib/sealed/chain.ts";
import type { EpochState } from "../../lib/sealed/epoch_state.ts";
import { roomName } from "./plain.ts";

/** Agents stand for themselves here: the chain looks at no key. */
export const state = (
  members: string,
  admins: string,
  more: Partial<EpochState> = {},
): EpochState => ({
  ...{ title: roomName("vault"), invites: [] },
  ...{ members: [...members], admins: [...admins], ...more },
});

export const epoch = (
  hash: string,
  author: string,
  parents: readonly Epoch[],
  is: EpochState,
): Epoch => ({
  ...{ hash, author, state: is, parents: parents.map((one) => one.hash) },
  n: parents.length === 0 ? 0 : 1 + Math.max(...parents.map(({ n }) => n)),
});

export const known = (...epochs: Epoch[]) =>
  new Map(epochs.map((one) => [one.hash, one]));
