import type { RoomName } from "../protocol/names.ts";
import type { BackKey } from "./epoch_state.ts";
import type { EpochHead, GivenRecord, Wrap } from "./record_form.ts";

/**
 * All that the part which has the keys can be asked, each of fixed form. A key of an epoch leaves it only sealed for the
 * agents that are named, with those of its parents, and only where this agent is an admin of each parent, as that part
 * reads in their records itself: who asks gets keys of single messages. Whoever has taken over the asking part of an
 * admin's daemon can name himself, as that admin could; of other rooms, and of pairs, he gets nothing so. Hashes and
 * commitments (`kc`) are hex.
 */
export type KeyQuestion =
  /** A new epoch of our own: its number and its parents' keys follow from their records. */
  | {
    readonly ask: "new_epoch";
    readonly room: RoomName;
    /** Those that it follows, whole; none for the first epoch of a room. */
    readonly parents: readonly GivenRecord[];
    /** For whom its key is sealed, 1 to 250 agents. */
    readonly ids: readonly string[];
  }
  /** The record of one that was just made, once. */
  | {
    readonly ask: "sign_epoch";
    readonly room: RoomName;
    /** All but the signature. */
    readonly body: Uint8Array;
  }
  /** Somebody's epoch: the key is kept, where it is the one that all members are given. */
  | {
    readonly ask: "take_epoch";
    readonly head: EpochHead;
    readonly kc: string;
    readonly wrap: Wrap;
  }
  /** The key of a parent, sealed under one that is had. */
  | {
    readonly ask: "take_back";
    readonly room: RoomName;
    readonly under: string;
    readonly back: BackKey;
  }
  /** Keys of messages under an epoch that is sealed to us, which is not kept. */
  | {
    readonly ask: "look_into";
    readonly head: EpochHead;
    readonly kc: string;
    readonly wrap: Wrap;
    /** As for "message_keys". */
    readonly salts: readonly Uint8Array[];
  }
  | {
    readonly ask: "message_keys";
    readonly kc: string;
    /** Of 32 bytes each, at most {@link MOST_SALTS}. */
    readonly salts: readonly Uint8Array[];
  }
  /** The room that is shared with one agent alone; its key is had until many others were asked for. */
  | { readonly ask: "pair"; readonly id: string }
  /** That this agent said a message: the hash of it. */
  | {
    readonly ask: "sign_said";
    readonly room: RoomName;
    readonly hash: Uint8Array;
  };

export const MOST_SALTS = 200;

/** An epoch that was made: what goes into its record. */
export interface NewEpoch {
  readonly kc: string;
  /** In the order of `ids`. */
  readonly wraps: readonly Wrap[];
  readonly back: readonly BackKey[];
}

export interface KeyAnswers {
  readonly new_epoch: NewEpoch;
  /** Whether it is had now. */
  readonly take_epoch: boolean;
  readonly take_back: boolean;
  /** 64 bytes. */
  readonly sign_epoch: Uint8Array;
  /** In the order of the salts; null where the epoch is not sealed to us. */
  readonly look_into: readonly Uint8Array[] | null;
  /** In the order of the salts; null where the epoch's key is not had. */
  readonly message_keys: readonly Uint8Array[] | null;
  readonly pair: { readonly room: RoomName; readonly kc: string };
  /** 64 bytes. */
  readonly sign_said: Uint8Array;
}

export type KeyAsk = KeyQuestion["ask"];
export type QuestionOf<Ask extends KeyAsk> = Extract<
  KeyQuestion,
  { readonly ask: Ask }
>;

/** Asks whoever has the keys. Rejects with a `Failure` where it can't be done: a full disk, a question out of bounds. */
export type AskKeys = <Ask extends KeyAsk>(
  question: QuestionOf<Ask>,
) => Promise<KeyAnswers[Ask]>;
