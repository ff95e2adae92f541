import type { IdNames } from "../../../lib/client/id_names.ts";
import type {
  EarlierPage,
  HistoryPage,
  HistoryQuery,
} from "../../../lib/local_api/types/history.ts";
import type { HistoryMessage } from "../../../lib/local_api/types/messages.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { MessageChecks } from "../receive/message_checks.ts";
import type { VerifiedMessage } from "../core/verified_message.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { isMessageId } from "../../../lib/protocol/message_id.ts";
import { attachedFile } from "../../../lib/protocol/attached_file.ts";
import { writerOf } from "../../../lib/protocol/written_by.ts";
import { messageKind } from "../../../lib/protocol/message_kind.ts";
import { defined } from "../../../lib/defined.ts";
import { shortIdOf } from "../../mailbox/short_ids.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { ListedIds } from "./listed_ids.ts";
import type { RoomPages } from "./room_pages.ts";
import type { FileKeys } from "../files/file_keys.ts";
import { saidAt } from "../sealed/sealed_message.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { ShownMessages } from "./shown_messages.ts";

export interface RoomHistoryOptions {
  readonly pages: Pick<RoomPages, "page">;
  readonly checks: MessageChecks;
  readonly names: IdNames;
  readonly shown: Pick<ShownMessages, "all">;
  readonly mailbox: Pick<Mailbox, "shownIdOf">;
  readonly sealed: Pick<SealedRooms, "isPrivate" | "read">;
  readonly fileKeys: Pick<FileKeys, "remember">;
}

/** Most pages that a relay is asked for at once: 3,000 messages, with some pages cut short by their bytes. */
const MOST_PAGES = 20;
/** So many rooms whose history was looked at are remembered. */
const MOST_ROOMS = 10;

/** What a relay shows of a room's past, each message checked: by `room.history`, else by REST. */
export class RoomHistory {
  readonly #options: RoomHistoryOptions;
  #looked: readonly RoomName[] = [];
  /** What was shown of them. */
  readonly listed = new ListedIds();

  constructor(options: RoomHistoryOptions) {
    this.#options = options;
  }

  /** The rooms whose history was looked at, the last one first. */
  rooms(): readonly RoomName[] {
    return this.#looked;
  }

  /** What an agent looks at: oldest first. Rejects with a `Failure`. */
  async look(query: HistoryQuery): Promise<HistoryPage> {
    const page = await this.newest(query);
    const others = this.#looked.filter((room) => room !== query.room);
    this.#looked = [query.room, ...others].slice(0, MOST_ROOMS);
    this.listed.add(page.messages);
    return { ...page, messages: this.#options.shown.all(page.messages) };
  }

  /** The same as it comes, page by page where one is not enough and the relay numbers them. Rejects with a `Failure`. */
  async newest({ skip = 0, ...query }: HistoryQuery): Promise<HistoryPage> {
    const wanted = query.limit + skip;
    let page = await this.page({ ...query, limit: wanted });
    let messages = page.messages;
    for (let asked = 1; asked < MOST_PAGES; asked++) {
      const { before_seq } = page.earlier ?? {};
      if (messages.length >= wanted || before_seq === undefined) break;
      const limit = wanted - messages.length;
      page = await this.page({ ...query, limit, before_seq });
      messages = [...page.messages, ...messages];
    }
    const end = Math.max(0, messages.length - skip);
    const start = Math.max(0, end - query.limit);
    const shown = messages.slice(start, end);
    const has_more = page.has_more || end > query.limit;
    const earlier = start > 0 ? placeOf(shown[0]) : page.earlier;
    return {
      ...{ room: query.room, messages: shown, has_more },
      ...defined({ earlier }),
    };
  }

  /**
   * One page of the relay's, with whole short ids; at most as many as it gives at once, and those in a private room,
   * where much of a page may be no message. Rejects with a `Failure`.
   */
  async page(query: HistoryQuery): Promise<HistoryPage> {
    const { sealed, pages } = this.#options;
    const { room, before_seq, before } = query;
    const limit = sealed.isPrivate(room) ? WIRE.historyPage : query.limit;
    const { raws, has_more, earlier } = await pages.page({
      ...{ room, limit },
      ...defined({ before_seq, before }),
    });
    const messages = await this.#checked(raws, room);
    return { room, messages, has_more, ...defined({ earlier }) };
  }

  async #checked(
    raws: readonly (RawObject | null)[],
    room: RoomName,
  ): Promise<HistoryMessage[]> {
    const { checks, sealed } = this.#options;
    const messages = raws.flatMap((raw) => {
      const one = checks.history(raw);
      return one === null || one.frame.room !== room
        ? []
        : [this.#messageOf(one)];
    });
    return sealed.isPrivate(room)
      ? await this.#opened(room, messages)
      : messages;
  }

  /** What was said in a private room; what can't be opened, or is no message, is left out. */
  async #opened(
    room: RoomName,
    messages: readonly HistoryMessage[],
  ): Promise<HistoryMessage[]> {
    const { sealed, fileKeys } = this.#options;
    const opened = await sealed.read(
      room,
      messages.map((one) => ({
        ...one,
        received_at: 0,
        late: true,
        live: false,
      })),
    );
    return messages.flatMap((message, at) => {
      const one = opened[at];
      if (one === undefined) return [];
      const { reply_to: _, kind: __, written_by: ___, file: ____, ...rest } =
        message;
      const { content, isRemoved } = one;
      const { text, head } = content;
      const timestamp = saidAt(message, content);
      fileKeys.remember(message, head.file);
      return [{
        ...{ ...rest, timestamp, text },
        ...{ verified: true, private: true as const },
        ...defined({
          reply_to: head.replyTo,
          kind: head.kind,
          written_by: head.writtenBy,
          removed: isRemoved || undefined,
          file: attachedFile(head.file),
        }),
      }];
    });
  }

  #messageOf({ frame, verified }: VerifiedMessage): HistoryMessage {
    const { room, from, from_name, content, timestamp, reply_to } = frame;
    const { seq, received_at, nonce, signature } = frame;
    const kind = messageKind(frame.kind);
    const written_by = writerOf(frame.written_by);
    const id = this.#options.mailbox.shownIdOf(frame);
    return {
      ...{ id, room, from, timestamp, verified, text: content.text },
      short_id: shortIdOf(frame),
      from_name: from_name ?? this.#options.names.get(from) ?? "",
      ...defined({ seq, kind, written_by, file: frame.file, received_at }),
      ...defined({
        nonce: nonce || undefined,
        signature: signature || undefined,
      }),
      ...(reply_to !== undefined && isMessageId(reply_to) ? { reply_to } : {}),
    };
  }
}

/** Before this message, by its number, or its time where the relay gives none. */
function placeOf(
  message: HistoryMessage | undefined,
): EarlierPage | undefined {
  if (message === undefined) return undefined;
  const { seq, timestamp } = message;
  return seq === undefined ? { before: timestamp + 1 } : { before_seq: seq };
}
