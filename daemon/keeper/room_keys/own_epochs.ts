import { Failure } from "../../../lib/errors.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { SignLater } from "../../../lib/protocol/signing.ts";
import { agreementKeyOf } from "../../../lib/sealed/agreement_key.ts";
import {
  commitmentOf,
  messageKey,
  SourceKey,
} from "../../../lib/sealed/derived_keys.ts";
import type { EpochState } from "../../../lib/sealed/epoch_state.ts";
import type {
  NewEpoch,
  QuestionOf,
} from "../../../lib/sealed/key_questions.ts";
import {
  type EpochHead,
  type EpochRecord,
  epochStatement,
  type GivenRecord,
  type Wrap,
  wrapInfo,
} from "../../../lib/sealed/record_form.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import { sealBackKey } from "./back_keys.ts";
import { hpkeSeal } from "./hpke_suite.ts";
import type { KeyBook } from "./key_book.ts";
import {
  hintOf,
  openState,
  readSigned,
  readUnsigned,
  wrapFor,
} from "./record_reading.ts";

export interface OwnEpochsOptions {
  /** This agent's id. */
  readonly id: string;
  readonly sign: SignLater;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly book: KeyBook;
  /** The key of an epoch that is sealed to this agent; null where it is not. */
  readonly unwrap: (
    head: EpochHead,
    sealed: { readonly kc: string; readonly wrap: Wrap },
  ) => Promise<Uint8Array | null>;
}

/** An epoch whose record is not signed yet. */
interface Made {
  readonly head: EpochHead;
  readonly key: SourceKey;
}

interface Parent {
  readonly record: EpochRecord;
  readonly key: Uint8Array;
  readonly state: EpochState;
}

/** Records that wait for their signature; the oldest is given up. */
const MOST_MADE = 16;
const NOT_MADE = "that is no record of an epoch that was just made";

/** Epochs of this agent's own: only behind those of which it is an admin, each signed once. */
export class OwnEpochs {
  readonly #options: OwnEpochsOptions;
  /** By the commitments of their keys. */
  readonly #made = new Map<string, Made>();

  constructor(options: OwnEpochsOptions) {
    this.#options = options;
  }

  /** Rejects with a `Failure`. */
  async make(
    { room, parents: given, ids }: QuestionOf<"new_epoch">,
  ): Promise<NewEpoch> {
    const { id, randomBytes, book } = this.#options;
    const parents: Parent[] = [];
    for (const one of given) parents.push(await this.#parentOf(room, one));
    const head = {
      ...{
        room,
        author: id,
        parents: parents.map(({ record }) => record.hash),
      },
      n: Math.max(-1, ...parents.map(({ record }) => record.n)) + 1,
    };
    const key = randomBytes(KEY_BYTES);
    const wraps = await wrapsOf(key, { head, ids });
    const kc = await book.add(room, key);
    const own = new SourceKey(key);
    this.#made.set(kc, { head, key: own });
    const [oldest] = this.#made.keys();
    if (this.#made.size > MOST_MADE) this.#made.delete(oldest!);
    const isPastShown = parents.every(({ state }) => state.back !== undefined);
    const shown = isPastShown ? parents : [];
    const back = await Promise.all(
      shown.map((parent) => sealBackKey(own, parent.key)),
    );
    return { kc, wraps, back };
  }

  /** Signs the record of an epoch that was made here, where those whom it names can read it. Rejects with a `Failure`. */
  async sign(
    { room, body }: QuestionOf<"sign_epoch">,
  ): Promise<Uint8Array> {
    const { id: author, sign } = this.#options;
    const record = await readUnsigned({ room, author }, body);
    const made = record === null ? undefined : this.#made.get(record.kc);
    if (record === null || made === undefined || !isOf(record, made)) {
      throw refused(NOT_MADE);
    }
    const stateKey = await messageKey(made.key, record.salt);
    if (await openState(record, stateKey) === null) {
      throw refused("nobody could read that record");
    }
    // Another record of it may have been signed while this one was looked at.
    if (!this.#made.delete(record.kc)) throw refused(NOT_MADE);
    return await sign(epochStatement(record));
  }

  /**
   * The key that stands in a record for this agent, who is an admin there: whoever asks says neither. Its author made the
   * wrap, or somebody who has the key anyway: who has not can't bind it to another author's record.
   */
  async #parentOf(
    room: RoomName,
    given: GivenRecord,
  ): Promise<Parent> {
    const { id, unwrap } = this.#options;
    const record = await readSigned(room, given);
    if (record === null) {
      throw refused("that is no record of a parent in this room");
    }
    const wrap = await wrapFor(record, id);
    const sealed = wrap === undefined ? null : { kc: record.kc, wrap };
    const key = sealed === null ? null : await unwrap(record, sealed);
    const state = key === null ? null : await openState(
      record,
      await messageKey(new SourceKey(key), record.salt),
    );
    if (key === null || state?.admins.includes(id) !== true) {
      throw refused("this agent is no admin of that parent");
    }
    return { record, key, state };
  }
}

async function wrapsOf(
  key: Uint8Array,
  { head, ids }: { readonly head: EpochHead; readonly ids: readonly string[] },
): Promise<Wrap[]> {
  const commitment = await commitmentOf(key);
  const info = wrapInfo(head, commitment);
  const wraps = [];
  for (const id of ids) {
    const to = agreementKeyOf(id);
    if (to === null) throw refused("one of them is no agent");
    const sealed = await hpkeSeal(key, { to, info });
    const hint = await hintOf(head.room, commitment, id);
    wraps.push({ hint, ...sealed });
  }
  return wraps;
}

function isOf({ room, n, parents }: EpochRecord, { head }: Made): boolean {
  return room === head.room && n === head.n &&
    parents.join() === head.parents.join();
}

function refused(reason: string): Failure {
  return new Failure("INTERNAL", { fields: { reason } });
}
