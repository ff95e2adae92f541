import { defined } from "../../../lib/defined.ts";
import type {
  FramesPage,
  FramesQuery,
  KeptEpoch,
  KeptFrame,
} from "../../../lib/local_api/types/transcripts.ts";
import type {
  DeliveredMessage,
  RawObject,
} from "../../../lib/protocol/frames.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { toBase64 } from "../../../lib/sealed/sealed_text.ts";
import type { PrivateRooms } from "../../mailbox/private_rooms.ts";
import type { TalkPast } from "../direct/talk_past.ts";
import type { Talks } from "../direct/talks.ts";
import type { MessageChecks } from "../receive/message_checks.ts";
import { type OpenedMessage, saidAt } from "../sealed/sealed_message.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { RoomPages } from "./room_pages.ts";

export interface RoomFramesOptions {
  readonly pages: Pick<RoomPages, "page">;
  readonly checks: Pick<MessageChecks, "history">;
  readonly sealed: Pick<SealedRooms, "isPrivate" | "read" | "records">;
  readonly privateRooms: Pick<PrivateRooms, "wireOf">;
  readonly talks: Pick<Talks, "meant">;
  readonly talkPast: Pick<TalkPast, "page">;
}

/** A frame as it came, and what it says. */
interface CheckedFrame {
  readonly raw: RawObject;
  readonly frame: DeliveredMessage;
}

/**
 * A room's past as its authors signed it. Of a private room all that was said there, with the keys of single messages and
 * the records of those keys: with them nothing is opened that is not given.
 */
export class RoomFrames {
  readonly #options: RoomFramesOptions;

  constructor(options: RoomFramesOptions) {
    this.#options = options;
  }

  /** One page of the relay's. Rejects with a `Failure`. */
  async page(query: FramesQuery): Promise<FramesPage> {
    const { pages, checks, sealed, privateRooms, talks, talkPast } =
      this.#options;
    const { room, ...bounds } = talks.meant(query);
    if (isDirectRoom(room)) return await talkPast.page({ room, ...bounds });
    const { raws, earlier } = await pages.page({
      ...{ room, limit: WIRE.historyPage, ...bounds },
    });
    const checked = raws.flatMap((raw): CheckedFrame[] => {
      const one = raw === null ? null : checks.history(raw);
      if (raw === null || one === null || one.frame.room !== room) return [];
      return [{ raw, frame: one.frame }];
    });
    const more = defined({ earlier });
    if (!sealed.isPrivate(room)) {
      return { room, frames: checked.map((one) => kept(one)), ...more };
    }
    const wire = privateRooms.wireOf(room);
    return { room, wire, ...await this.#opened(room, checked), ...more };
  }

  async #opened(
    room: RoomName,
    checked: readonly CheckedFrame[],
  ): Promise<Pick<FramesPage, "frames" | "epochs">> {
    const { sealed } = this.#options;
    const opened = await sealed.read(
      room,
      checked.map(({ frame }) => ({
        ...{ room, id: frame.id, from: frame.from, from_name: "" },
        ...{ text: frame.content.text, timestamp: frame.timestamp },
        ...{ received_at: 0, verified: frame.signature !== "" },
        ...{ late: true, live: false },
      })),
    );
    const starts = new Set(opened.flatMap((one) => one?.epoch ?? []));
    const records = await sealed.records(room, [...starts]);
    const hashes = records.map(({ hash }) => hash);
    return {
      frames: checked.map((one, at) => kept(one, opened[at], hashes)),
      epochs: records.map(({ hash, author, body }): KeptEpoch => ({
        ...{ hash, author, body: toBase64(body) },
      })),
    };
  }
}

function kept(
  { raw, frame }: CheckedFrame,
  opened?: OpenedMessage,
  records: readonly string[] = [],
): KeptFrame {
  const { seq, received_at } = frame;
  const verified = frame.signature !== "";
  const said = { verified, timestamp: frame.timestamp };
  const timestamp = opened === undefined
    ? frame.timestamp
    : saidAt(said, opened.content);
  const epoch = records.find((hash) => hash.startsWith(opened?.epoch ?? "-"));
  return {
    ...{ frame: raw, timestamp, ...defined({ seq, received_at }) },
    ...(opened === undefined || epoch === undefined ? {} : {
      opened: {
        ...{ text: opened.content.text, key: toBase64(opened.key), epoch },
      },
    }),
  };
}
