import {
  type Heard,
  heardMessage,
  heardOf,
  NOTHING_HEARD,
  overdue,
} from "../../../lib/sealed/counters.ts";
import type { Head } from "../../../lib/sealed/head.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface HearingOptions extends SealedOptions {
  readonly book: RoomBook;
}

/** A number that was passed over may still come; milliseconds. */
const HOLE_MS = 30_000;

/** What was had of each member's messages, and what a relay must have kept from us. */
export class Hearing {
  readonly #options: HearingOptions;

  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Notes a message that was opened, and what its author has of others'. @throws Failure FILE_TROUBLE */
  hear(
    room: KnownRoom,
    heard: Map<string, Heard>,
    { from, head }: { readonly from: string; readonly head: Head },
  ): void {
    const { me, clock, stored: { epochRecords }, book } = this.#options;
    const { name } = room;
    const { joinedAt } = book.place(name);
    const since = { joinedAt, now: clock.wall() };
    const note = (who: string, next: Heard) => {
      heard.delete(who);
      heard.set(who, next);
      epochRecords.hear(name, who, JSON.stringify(next));
    };
    note(from, heardMessage(heard.get(from) ?? NOTHING_HEARD, head, since));
    for (const [who, stream, n] of head.saw) {
      if (who === me.id || who === from || !room.isKnownMember(who)) continue;
      const had = heard.get(who) ?? NOTHING_HEARD;
      const next = heardOf(had, [stream, n], since);
      if (next !== had) note(who, next);
    }
  }

  /** Numbers that did not come in their time are messages that somebody kept from us. @throws Failure FILE_TROUBLE */
  tellLost(room: KnownRoom): void {
    const { stored: { database, mailbox, epochRecords }, clock } =
      this.#options;
    for (const [author, had] of room.heard) {
      const now = clock.wall();
      const { heard, lost } = overdue(had, { now, afterMs: HOLE_MS });
      if (lost === 0) continue;
      database.transaction(() => {
        mailbox.addGap(room.name, lost);
        epochRecords.hear(room.name, author, JSON.stringify(heard));
      });
      room.heard.set(author, heard);
    }
  }
}
