import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Epoch } from "../../../lib/sealed/chain.ts";
import type {
  EpochRecord,
  GivenRecord,
} from "../../../lib/sealed/record_form.ts";
import {
  openState,
  readRecord,
  wrapFor,
} from "../../../lib/sealed/epoch_record.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** What it takes to open them. */
export interface FoundEpochsOptions
  extends Pick<SealedOptions, "askKeys" | "verifier"> {
  readonly me: { readonly id: string };
}

/** An epoch of a room that may not be ours, and its record. */
export interface FoundEpoch extends Epoch {
  readonly record: EpochRecord;
}

/** Epochs of one room that are opened while it is found again. */
const MOST_FOUND = 64;

/** Epochs that are sealed to this agent, of rooms that it has not entered: nothing of them is kept. */
export class FoundEpochs {
  readonly #options: FoundEpochsOptions;

  constructor(options: FoundEpochsOptions) {
    this.#options = options;
  }

  /** Of records that somebody has those that are sealed to us, oldest first. Rejects with a `Failure`. */
  async of(
    room: RoomName,
    records: readonly GivenRecord[],
  ): Promise<FoundEpoch[]> {
    const { verifier } = this.#options;
    const found = new Map<string, FoundEpoch>();
    for (const { author, body } of records) {
      if (found.size >= MOST_FOUND) break;
      const read = readRecord({ room, author }, body, verifier);
      if (!read.ok || found.has(read.record.hash)) continue;
      const { record } = read;
      const [key] = await this.keysUnder(record, [record.salt]);
      const state = key === undefined ? null : openState(record, key);
      const { hash, n, parents } = record;
      if (state === null) continue;
      found.set(hash, { hash, author, n, parents, state, record });
    }
    return [...found.values()].toSorted((a, b) => a.n - b.n);
  }

  /** Keys of messages under one of them, in the order of the salts; none where it is not sealed to us. */
  async keysUnder(
    record: EpochRecord,
    salts: readonly Uint8Array[],
  ): Promise<readonly Uint8Array[]> {
    const { me, askKeys } = this.#options;
    const wrap = wrapFor(record, me.id);
    if (wrap === undefined) return [];
    const { room, author, n, parents, kc } = record;
    const head = { room, author, n, parents };
    return await askKeys({ ask: "look_into", head, kc, wrap, salts }) ?? [];
  }
}
