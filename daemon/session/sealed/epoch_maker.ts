import { Failure } from "../../../lib/errors.ts";
import { defined } from "../../../lib/defined.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { mergeableBy, mergedState } from "../../../lib/sealed/merged_state.ts";
import {
  type EpochHead,
  type GivenRecord,
  MOST_MEMBERS,
  MOST_PARENTS,
} from "../../../lib/sealed/record_form.ts";
import { unsignedRecord } from "../../../lib/sealed/epoch_record.ts";
import type { EpochState } from "../../../lib/sealed/epoch_state.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import { isRecordSayable } from "../../../lib/sealed/record_request.ts";
import type { ControlSender } from "./control_sender.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface EpochMakerOptions extends SealedOptions {
  readonly book: RoomBook;
  readonly control: ControlSender;
  /** Somebody is a member no more, since his invitation was used up by others. */
  readonly wentOut: (room: string, agents: readonly string[]) => void;
}

/** What a new record is of, but for its state. */
interface NewRecord {
  readonly head: EpochHead;
  /** The records that it follows. */
  readonly parents: readonly GivenRecord[];
  readonly isPastShown: boolean;
}

/** Why a room is changed. */
interface Cause {
  /** Epochs of this minute after which there is no other. */
  readonly most: number;
  /** Who is removed by it. */
  readonly without?: string;
}

/** A state as an admin wants it; keys of parents come of themselves. */
export type WantedState = Omit<EpochState, "back" | "at">;

/** Epochs that an admin's daemon makes in a minute by itself: who comes, who goes, branches, a week's new key. */
const MOST_A_MINUTE = 10;
/** With those that a person asks for: others' comings and branches keep nobody from a removal. */
const MOST_WITH_ASKED = 14;
const MINUTE_MS = 60_000;

/** Makes epochs of our own: each has a new key, for those who are members from now on. */
export class EpochMaker {
  readonly #options: EpochMakerOptions;
  /** The last change of each room, under way. */
  readonly #last = new Map<string, Promise<unknown>>();
  /** Monotonic times of the last epochs. */
  #made: number[] = [];

  constructor(options: EpochMakerOptions) {
    this.#options = options;
  }

  /** The first record of a new room. Rejects with a `Failure`. @returns its hash and itself */
  async first(
    wire: RoomName,
    { state, isPastShown }: {
      readonly state: WantedState;
      /** Whether who comes later may read what was said before. */
      readonly isPastShown: boolean;
    },
  ): Promise<{ readonly hash: string; readonly body: Uint8Array }> {
    const { me } = this.#options;
    const head = { room: wire, author: me.id, n: 0, parents: [] };
    return await this.#make({ head, parents: [], isPastShown }, state);
  }

  /**
   * Changes a room as a person asks: the state in force, with what branches of other admins changed, as `change` wants it.
   * Rejects with NOT_ADMIN, KEY_MISSING, RATE_LIMITED or FILE_TROUBLE, or what `change` throws.
   *
   * @param without who is removed by it: that one alone names a newer key keeps nobody from that
   */
  change(
    name: string,
    change: (state: WantedState) => WantedState,
    without?: string,
  ): Promise<EpochState> {
    const cause = { most: MOST_WITH_ASKED, ...defined({ without }) };
    return this.#changeNext(name, change, cause);
  }

  /** The same where nobody asked for it here. */
  changeByItself(
    name: string,
    change: (state: WantedState) => WantedState,
  ): Promise<EpochState> {
    return this.#changeNext(name, change, { most: MOST_A_MINUTE });
  }

  #changeNext(
    name: string,
    change: (state: WantedState) => WantedState,
    cause: Cause,
  ): Promise<EpochState> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const make = () => this.#change(name, change, cause);
    const made = before.then(make, make);
    this.#last.set(name, made);
    return made;
  }

  /** Whether this agent may change the room now. @throws Failure NOT_ADMIN, NOT_A_MEMBER or KEY_MISSING */
  checkAdmin(room: KnownRoom, without?: string): void {
    const { id } = this.#options.me;
    const { inForce, name, namers } = room;
    if (inForce === undefined || namers.some((one) => one !== without)) {
      throw new Failure("KEY_MISSING", {
        fields: { room: name, reason: "its newest key is not here yet" },
        retryAfterMs: 2_000,
      });
    }
    if (room.isRemoved(id)) {
      throw new Failure("NOT_A_MEMBER", { fields: { room: name } });
    }
    if (inForce.state.admins.includes(id)) return;
    throw new Failure("NOT_ADMIN", {
      fields: { room: name, reason: "this agent is none" },
    });
  }

  async #change(
    name: string,
    change: (state: WantedState) => WantedState,
    { without, most }: Cause,
  ): Promise<EpochState> {
    const { book, me, clock } = this.#options;
    const room = await book.room(name);
    this.checkAdmin(room, without);
    const standing = room.standing!;
    const loose = mergeableBy(me.id, room.epochs, standing)
      .slice(0, MOST_PARENTS - 1);
    const inForce = standing.path.at(-1)!;
    const parents = [inForce, ...loose];
    const { state: merged, out } = mergedState(room.epochs, {
      ...{ ...standing, loose },
    });
    const now = clock.wall();
    const { at: _at, ...state } = change({
      ...merged,
      invites: merged.invites.filter(({ until }) => until >= now),
    }) as EpochState;
    this.#takeTurn(name, most);
    const head = {
      ...{ room: book.place(name).wire, author: me.id },
      n: 1 + Math.max(...parents.map(({ n }) => n)),
      parents: parents.map(({ hash }) => hash),
    };
    const isPastShown = inForce.state.back !== undefined;
    const records = book.given(name, head.parents);
    const made = await this.#make(
      { head, parents: records, isPastShown },
      state,
    );
    await book.learn(room, { author: me.id, body: made.body, sent: false });
    await this.handOver(room, made);
    if (out.length > 0) this.#options.wentOut(name, out);
    return room.epochs.get(made.hash)?.state ?? state;
  }

  /** Says a record of ours, and notes when the relay has it. Never rejects but for FILE_TROUBLE. */
  async handOver(
    { name }: KnownRoom,
    { hash, body }: { readonly hash: string; readonly body: Uint8Array },
  ): Promise<void> {
    const { control, stored } = this.#options;
    if (await control.say(name, "e", body)) {
      stored.epochRecords.wasSent(name, hash);
    }
  }

  async #make(
    { head, parents, isPastShown }: NewRecord,
    wanted: WantedState,
  ): Promise<{ readonly hash: string; readonly body: Uint8Array }> {
    const { askKeys, randomBytes, clock } = this.#options;
    const { room } = head;
    const { members } = wanted;
    if (members.length > MOST_MEMBERS) throw limit(`${MOST_MEMBERS} members`);
    const epoch = await askKeys({
      ...{ ask: "new_epoch", room, parents, ids: members },
    });
    const salt = randomBytes(KEY_BYTES);
    const keys = await askKeys({
      ...{ ask: "message_keys", kc: epoch.kc, salts: [salt] },
    });
    const [stateKey] = keys ?? [];
    if (stateKey === undefined) {
      throw new Failure("INTERNAL", {
        fields: { reason: "the key of a new epoch is not there" },
      });
    }
    const state = {
      ...{ ...wanted, at: clock.wall() },
      ...(isPastShown ? { back: epoch.back } : {}),
    };
    const { body, hash } = unsignedRecord({
      ...{ head, kc: Uint8Array.fromHex(epoch.kc), wraps: epoch.wraps },
      ...{ salt, state, stateKey },
    });
    if (!isRecordSayable(body)) {
      throw limit("what its members are to know of it fits into no message");
    }
    const signature = await askKeys({ ask: "sign_epoch", room, body });
    return { hash: hash.toHex(), body: joined(body, signature) };
  }

  /** @throws Failure RATE_LIMITED */
  #takeTurn(name: string, most: number): void {
    const now = this.#options.clock.monotonic();
    this.#made = this.#made.filter((at) => now - at < MINUTE_MS);
    if (this.#made.length >= most) {
      const retryAfterMs = MINUTE_MS - (now - this.#made[0]!);
      const fields = { relay_message: `#${name} was changed too often` };
      throw new Failure("RATE_LIMITED", { fields, retryAfterMs });
    }
    this.#made.push(now);
  }
}

function limit(what: string): Failure {
  return new Failure("LIMIT_REACHED", { fields: { relay_message: what } });
}
