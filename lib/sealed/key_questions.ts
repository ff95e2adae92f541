import type { RoomName } from "../protocol/names.ts";
import type { BackKey } from "./epoch_state.ts";
import type { EpochHead, Wrap } from "./epoch_record.ts";
import type { Statement } from "./primitives.ts";

/**
 * All that the part which has the keys can be asked, each of fixed form. A key of an epoch leaves it only sealed for the
 * agents that are named, with those of its parents in the same room: who asks gets keys of single messages. Whoever has
 * taken over the asking part can name himself; of other rooms, and of pairs, he gets nothing so. Hashes and commitments
 * (`kc`) are hex.
 */
export type KeyQuestion =
  /** A new epoch of our own. */
  | {
    readonly ask: "new_epoch";
    readonly head: Omit<EpochHead, "author">;
    /** For whom its key is sealed, 1 to 250 agents. */
    readonly ids: readonly string[];
    /** Of the parents whose keys are sealed under it: of this room, or the question is refused. */
    readonly back: readonly string[];
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
  | {
    readonly ask: "message_keys";
    readonly kc: string;
    /** Of 32 bytes each, at most {@link MOST_SALTS}. */
    readonly salts: readonly Uint8Array[];
  }
  /** The room that is shared with one agent alone; its key is had until many others were asked for. */
  | { readonly ask: "pair"; readonly id: string }
  | ({ readonly ask: "sign" } & Omit<Statement, "author">);

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
  /** In the order of the salts; null where the epoch's key is not had. */
  readonly message_keys: readonly Uint8Array[] | null;
  readonly pair: { readonly room: RoomName; readonly kc: string };
  /** 64 bytes. */
  readonly sign: Uint8Array;
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
