import { Failure } from "../../../lib/errors.ts";
import type { PrivateRoom } from "../../mailbox/private_rooms.ts";
import { parseHeard } from "../../../lib/sealed/counters.ts";
import type {
  EpochRecord,
  GivenRecord,
} from "../../../lib/sealed/record_form.ts";
import {
  openState,
  readRecord,
  wrapFor,
} from "../../../lib/sealed/epoch_record.ts";
import type { EpochState } from "../../../lib/sealed/epoch_state.ts";
import { KnownRoom, startOf } from "./known_room.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** A record that is to be taken in. */
export interface HeardRecord extends GivenRecord {
  /** False for one of our own that is not handed over yet. */
  readonly sent?: boolean;
}

/** Records that are kept while this agent is not let in, but for those of who invited it. */
const MOST_OFFERED = 32;

export type Learned =
  | { readonly hash: string }
  | { readonly refused: string };

/**
 * Records of one author in one room that are kept: so many that a flood of his keeps nobody else's away. All together who
 * are no admins now have no more, or who was removed could name others who go on.
 */
const MOST_RECORDS = 1_000;

/** The private rooms as their records tell: read, opened as far as we have keys, kept. */
export class RoomBook {
  readonly #options: SealedOptions;
  readonly #rooms = new Map<string, Promise<KnownRoom>>();
  /** Those that were read. */
  readonly #read = new Map<string, KnownRoom>();
  /** Told of each epoch that was opened. */
  readonly opened: { call: (room: KnownRoom) => void } = {
    call: () => undefined,
  };

  /** Told of each room that was read, before anybody has it. */
  readonly loaded: { call: (room: KnownRoom) => void } = {
    call: () => undefined,
  };

  constructor(options: SealedOptions) {
    this.#options = options;
  }

  /** What is private here by this name. @throws Failure NOT_PRIVATE */
  place(name: string): PrivateRoom {
    const place = this.#options.stored.privateRooms.get(name);
    if (place !== undefined) return place;
    throw new Failure("NOT_PRIVATE", { fields: { room: name } });
  }

  /** A room with all its records that are kept. Rejects with a `Failure`. */
  room(name: string): Promise<KnownRoom> {
    const had = this.#rooms.get(name);
    if (had !== undefined) return had;
    const loading = this.#load(name);
    this.#rooms.set(name, loading);
    // One that could not be read is read anew.
    loading.catch(() => this.#rooms.delete(name));
    return loading;
  }

  /** Whether this agent is no member of a room any more; false while that is not read yet. */
  isRemoved(name: string): boolean {
    return this.#read.get(name)?.isRemoved(this.#options.me.id) ?? false;
  }

  forget(name: string): void {
    this.#rooms.delete(name);
    this.#read.delete(name);
  }

  /**
   * Takes in a record: its key first, on the keeper's disk, then itself. Rejects with a `Failure` where either could not
   * be written; then it is not had.
   *
   * @returns its hash, or why it is refused
   */
  async learn(room: KnownRoom, given: HeardRecord): Promise<Learned> {
    const { stored, verifier } = this.#options;
    const { name } = room;
    const { author, body, sent = true } = given;
    const place = { room: this.place(name).wire, author };
    const read = readRecord(place, body, verifier);
    if (!read.ok) return { refused: read.reason };
    const { record } = read;
    const { hash } = record;
    if (room.records.has(hash)) {
      if (sent) stored.epochRecords.wasSent(name, hash);
      return { hash };
    }
    if (!this.#isOfUse(room, record)) {
      return { refused: "nobody knows its author" };
    }
    const isOurs = await this.#takeKey(record);
    stored.epochRecords.add(name, { hash, author, body, sent });
    room.addRecord(record);
    if (isOurs || room.parentKeys.has(hash)) await this.#open(room, record);
    return { hash };
  }

  /** The record itself; undefined where it is not kept. */
  body(name: string, hash: string): Uint8Array | undefined {
    return this.given(name, [hash])[0]?.body;
  }

  /** Records that are kept, in the order of their hashes. */
  given(name: string, hashes: readonly string[]): GivenRecord[] {
    const all = this.#options.stored.epochRecords.all(name);
    return hashes.flatMap((hash) =>
      all.filter((record) => record.hash === hash)
        .map(({ author, body }) => ({ author, body }))
    );
  }

  async #load(name: string): Promise<KnownRoom> {
    const { stored, verifier } = this.#options;
    const place = this.place(name);
    const heard = new Map(
      [...stored.epochRecords.heard(name)].map((
        [author, text],
      ) => [author, parseHeard(text)]),
    );
    const room = new KnownRoom(name, { anchor: place.anchor, heard });
    const read = stored.epochRecords.all(name).flatMap(({ author, body }) => {
      const one = readRecord({ room: place.wire, author }, body, verifier);
      return one.ok ? [one.record] : [];
    });
    for (const record of read) room.addRecord(record);
    // The newest first: keys of parents come with their children.
    for (const record of read.toSorted((a, b) => b.n - a.n)) {
      if (!room.epochs.has(record.hash)) await this.#open(room, record);
    }
    this.loaded.call(room);
    this.#read.set(name, room);
    return room;
  }

  /** Whether the key is had now: one that is sealed to us, and is the one that all are given. */
  async #takeKey(record: EpochRecord): Promise<boolean> {
    const wrap = wrapFor(record, this.#options.me.id);
    if (wrap === undefined) return false;
    const { room, author, n, parents, kc } = record;
    const head = { room, author, n, parents };
    return await this.#options.askKeys({ ask: "take_epoch", head, kc, wrap });
  }

  /** Reads the state, where the key is had; or can be had again, from the record, after it was lost. */
  async #open(room: KnownRoom, record: EpochRecord): Promise<void> {
    const state = await this.#stateOf(record) ??
      (await this.#takeKey(record) ? await this.#stateOf(record) : null);
    if (state === null) return;
    const { hash, author, n, parents } = record;
    room.addEpoch({ hash, author, n, parents, state });
    await this.#openParents(room, record, state);
    this.opened.call(room);
  }

  async #stateOf(record: EpochRecord): Promise<EpochState | null> {
    const { kc, salt } = record;
    const keys = await this.#options.askKeys({
      ...{ ask: "message_keys", kc, salts: [salt] },
    });
    const [key] = keys ?? [];
    return key === undefined ? null : openState(record, key);
  }

  /** The keys of parents that are sealed under this one's. */
  async #openParents(
    room: KnownRoom,
    { parents, kc: under }: EpochRecord,
    { back = [] }: EpochState,
  ): Promise<void> {
    const wire = this.place(room.name).wire;
    for (const [at, parent] of parents.entries()) {
      const key = back[at];
      if (key === undefined || room.parentKeys.has(parent)) continue;
      const isHad = await this.#options.askKeys({
        ...{ ask: "take_back", room: wire, under, back: key },
      });
      if (!isHad) continue;
      room.parentKeys.set(parent, key.kc.toHex());
      await this.#openKept(room, parent);
    }
  }

  async #openKept(room: KnownRoom, hash: string): Promise<void> {
    if (!room.records.has(hash) || room.epochs.has(hash)) return;
    const { stored, verifier } = this.#options;
    const wire = this.place(room.name).wire;
    const kept = stored.epochRecords.all(room.name)
      .find((one) => one.hash === hash);
    if (kept === undefined) return;
    const { author, body } = kept;
    const read = readRecord({ room: wire, author }, body, verifier);
    if (read.ok) await this.#open(room, read.record);
  }

  /** Anybody can write a record that signs itself: only those are kept that may come to something. */
  #isOfUse(room: KnownRoom, record: EpochRecord): boolean {
    const { author, hash } = record;
    if (room.recordsOf(author) >= MOST_RECORDS) return false;
    const { id } = this.#options.me;
    const { root, inviter } = this.place(room.name);
    if (author === id || hash === root) return true;
    if (room.wanted.has(startOf(hash))) return true;
    if (room.parentKeys.has(hash)) return true;
    if (room.anchor !== undefined) {
      return room.isKnownAdmin(author) &&
        (room.isAdminNow(author) || room.recordsOfOthers < MOST_RECORDS);
    }
    // Anybody can seal a key to who asks to be let in.
    return wrapFor(record, id) !== undefined &&
      (author === inviter || room.records.size < MOST_OFFERED);
  }
}
