import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { Failure } from "../../../lib/errors.ts";
import type { SentMessage } from "../../../lib/local_api/types/sends.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import type { AuthorMarks, Marks } from "../../../lib/protocol/marks_frames.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";
import type { MessageChecks } from "../receive/message_checks.ts";
import type { Rooms } from "../rooms.ts";
import type { StoredState } from "../stored_state.ts";

export interface HeardReceiptsOptions {
  /** This agent's id. */
  readonly me: string;
  readonly stored: Pick<StoredState, "database" | "receipts" | "failed"> & {
    readonly rooms: Pick<Rooms, "get">;
  };
  readonly checks: Pick<MessageChecks, "marks">;
}

/** What a reader told, once it is known that it told this. */
export interface ToldMarks {
  readonly room: string;
  readonly reader: string;
  readonly marks: readonly AuthorMarks[];
}

/** What readers tell of our messages, by whatever way. */
export class HeardReceipts {
  readonly #options: HeardReceiptsOptions;

  constructor(options: HeardReceiptsOptions) {
    this.#options = options;
  }

  /** In a public room. @param raw the frame as it came: what its signature covers */
  heard(frame: Marks, raw: RawObject): void {
    const { checks, stored } = this.#options;
    const { room, from: reader, marks } = frame;
    const isMember = stored.rooms.get(room)?.memberIds.includes(reader) ??
      false;
    if (!isMember || !checks.marks(frame, raw)) return;
    try {
      this.note({ room, reader, marks });
    } catch (error) {
      stored.failed(Failure.from(error));
    }
  }

  /** Of messages that are not ours, that were not sent there, or of which nothing was asked, nothing is noted. @throws Failure FILE_TROUBLE */
  note({ room, reader, marks }: ToldMarks): void {
    const { me, stored: { database, receipts } } = this.#options;
    const mine = marks.filter(({ author }) => author === me);
    if (reader === me || mine.length === 0) return;
    database.transaction(() => {
      for (const { delivered, shown } of mine) {
        for (const id of delivered) receipts.note({ id, room, reader }, false);
        for (const id of shown) receipts.note({ id, room, reader }, true);
      }
    });
  }

  /** What is known of an own message; nothing where nothing was asked. */
  of(
    { id, room, receipt, others }: LoggedSend,
  ): Pick<SentMessage, "receipts"> {
    if (!receipt) return {};
    const counts = this.#options.stored.receipts.counts(id);
    const readers = isDirectRoom(room) ? 1 : others;
    const of = readers === undefined ? {} : { of: readers };
    return { receipts: { ...counts, ...of } };
  }
}
