import {
  type AuthorMarks,
  MARKED_ROOM_MEMBERS,
} from "../../../lib/protocol/marks_frames.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { MOST_RECEIPT_ID_BYTES } from "../../../lib/sealed/receipt.ts";
import type { Room } from "../core/room.ts";
import type { Reconnect } from "../reconnect.ts";
import type { TalkReceipts } from "../direct/talk_receipts.ts";
import type { Rooms } from "../rooms.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { RelayConnection } from "../session_options.ts";

export interface ReceiptWaysOptions {
  /** This agent's id. */
  readonly me: string;
  readonly rooms: Pick<Rooms, "get">;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly sealed: Pick<SealedRooms, "isPrivate" | "readers" | "tellReceipt">;
  readonly talks: Pick<TalkReceipts, "isOpen" | "tell">;
}

/** How what is read in a room is told to its authors. */
export interface ReceiptWay {
  /** Ids of one frame may take so many bytes. */
  readonly mostIdBytes: number;
  /** The relay takes it for a message, and counts it as one. */
  readonly isMessage: boolean;
  /** What is told takes the place of what was told before, where that still waits. */
  readonly isReplaced: boolean;
  /** Rejects with a `Failure` where it did not go out. @returns false likewise: it is told another time */
  readonly tell: (marks: readonly AuthorMarks[]) => Promise<boolean>;
}

/** The way; or that there is none now, or none for ever. */
export type FoundWay = ReceiptWay | "later" | "never";

/** In a frame of their own, as public rooms have it. */
const PUBLIC_ID_BYTES = 40_000;

/** By which way a room's authors are told what becomes of their messages. */
export class ReceiptWays {
  readonly #options: ReceiptWaysOptions;

  constructor(options: ReceiptWaysOptions) {
    this.#options = options;
  }

  /** Rejects with a `Failure`. */
  async of(name: string): Promise<FoundWay> {
    const { rooms, reconnect: { connection }, sealed, talks } = this.#options;
    if (isDirectRoom(name)) {
      return talks.isOpen(name) ? this.#talk(name) : "later";
    }
    const room = rooms.get(name);
    // One that is not joined now may be again; where it was left or has ended nobody is to be told.
    if (room === undefined || room.ended !== undefined) return "never";
    if (!room.joined || connection === undefined) return "later";
    return sealed.isPrivate(name)
      ? await this.#private(name)
      : this.#public(room, connection);
  }

  #public(
    { name: room, memberIds }: Room,
    connection: RelayConnection,
  ): FoundWay {
    if (!connection.features.has("marks")) return "later";
    const others = memberIds.filter((id) => id !== this.#options.me);
    if (others.length >= MARKED_ROOM_MEMBERS) return "never";
    return {
      ...{ mostIdBytes: PUBLIC_ID_BYTES, isMessage: false },
      isReplaced: false,
      tell: async (marks) => {
        await connection.tellMarks({ room, marks });
        return true;
      },
    };
  }

  /** His inbox keeps the last one alone. */
  #talk(name: string): FoundWay {
    return {
      ...{ mostIdBytes: MOST_RECEIPT_ID_BYTES, isMessage: true },
      isReplaced: true,
      tell: (marks) => this.#options.talks.tell(name, marks),
    };
  }

  async #private(name: string): Promise<FoundWay> {
    const { sealed } = this.#options;
    const readers = await sealed.readers(name);
    if (readers === undefined) return "later";
    if (readers >= MARKED_ROOM_MEMBERS) return "never";
    return {
      ...{ mostIdBytes: MOST_RECEIPT_ID_BYTES, isMessage: true },
      isReplaced: false,
      tell: (marks) => sealed.tellReceipt(name, marks),
    };
  }
}
