import { standingOf } from "../../../lib/sealed/chain.ts";
import type { PrivateRoom } from "../../mailbox/private_rooms.ts";
import { type KnownRoom, startOf } from "./known_room.ts";
import type { RecordDesk } from "./record_desk.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface LetInOptions extends SealedOptions {
  readonly book: RoomBook;
  readonly desk: Pick<RecordDesk, "want">;
}

/** Whether this agent is let into a room, which record is trusted for that, and who waits for it. */
export class LetIn {
  readonly #options: LetInOptions;
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(options: LetInOptions) {
    this.#options = options;
  }

  /** Whether this agent was let in, and not removed since. */
  isIn(room: KnownRoom): boolean {
    return room.anchor !== undefined && !room.isRemoved(this.#options.me.id);
  }

  /** Whether it was invited, and is not in yet. */
  isAsking(room: KnownRoom): boolean {
    const { stored: { privateRooms } } = this.#options;
    return !this.isIn(room) && privateRooms.get(room.name)?.seed !== undefined;
  }

  /** Resolves when this agent is let in, or was, or is refused. Rejects with a `Failure`. */
  async wait(name: string): Promise<void> {
    if (this.isIn(await this.#options.book.room(name))) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(name, [...this.#waiting.get(name) ?? [], resolve]);
    return promise;
  }

  /** It is known now whether this agent is let in. */
  decided(name: string): void {
    for (const resolve of this.#waiting.get(name) ?? []) resolve();
    this.#waiting.delete(name);
  }

  forget(name: string): void {
    this.#waiting.delete(name);
  }

  /** More of a room is known: this agent may be in it now. @throws Failure FILE_TROUBLE */
  changed(room: KnownRoom): void {
    const { stored: { privateRooms } } = this.#options;
    const place = privateRooms.get(room.name);
    if (place === undefined) return;
    if (room.anchor === undefined) this.#trust(room, place);
    if (!this.isIn(room)) return;
    const { seed, ...rest } = privateRooms.get(room.name) ?? place;
    if (seed !== undefined) privateRooms.save(rest);
    this.decided(room.name);
  }

  /**
   * An epoch that lets us in is believed where whoever invited us made it, or where admins lead to it from the first one,
   * which the invitation names.
   */
  #trust(room: KnownRoom, place: PrivateRoom): void {
    const { me, stored: { privateRooms } } = this.#options;
    const ours = [...room.epochs.values()]
      .filter(({ state }) => state.members.includes(me.id))
      .toSorted((a, b) => b.n - a.n);
    const path = standingOf(room.epochs, place.root)?.path ?? [];
    const known = new Set(path.map(({ hash }) => hash));
    const anchor = ours.some(({ hash }) => known.has(hash))
      ? place.root
      : ours.find(({ author }) => author === place.inviter)?.hash;
    if (anchor === undefined) return this.wantParents(room);
    room.trust(anchor);
    privateRooms.save({ ...place, anchor });
  }

  /** Records on the way from the first one that are not here. */
  wantParents(room: KnownRoom): void {
    for (const { parents } of room.records.values()) {
      for (const parent of parents) {
        if (room.records.has(parent)) continue;
        this.#options.desk.want(room, startOf(parent));
      }
    }
  }
}
