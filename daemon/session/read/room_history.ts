import { Failure } from "../../../lib/errors.ts";
import type { IdNames } from "../../../lib/client/id_names.ts";
import type {
  HistoryMessage,
  HistoryPage,
  HistoryQuery,
} from "../../../lib/local_api/types.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { MessageChecks } from "../receive/message_checks.ts";
import type { RestHistory } from "../receive/rest_history.ts";
import type { VerifiedMessage } from "../core/verified_message.ts";
import type { Reconnect } from "../reconnect.ts";
import type { RelayConnection } from "../session_options.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { isMessageId } from "../../../lib/protocol/message_id.ts";
import { messageKind } from "../../../lib/protocol/message_kind.ts";
import { defined } from "../../../lib/defined.ts";
import type { People } from "./people.ts";

export interface RoomHistoryOptions {
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly restHistory: RestHistory;
  readonly checks: MessageChecks;
  readonly names: IdNames;
  readonly people: Pick<People, "marked">;
  readonly mailbox: Pick<Mailbox, "shownIdOf">;
}

/** What a relay shows of a room's past, each message checked: by `room.history`, else by REST. */
export class RoomHistory {
  readonly #options: RoomHistoryOptions;

  constructor(options: RoomHistoryOptions) {
    this.#options = options;
  }

  /** Oldest first. Rejects with a `Failure`. */
  async page(query: HistoryQuery): Promise<HistoryPage> {
    const limit = Math.max(1, Math.min(query.limit, WIRE.historyPage));
    const connection = this.#options.reconnect.connection;
    if (connection?.features.has("history")) {
      try {
        return await this.#byFrame(connection, { ...query, limit });
      } catch (error) {
        if (!mayBeHadByRest(error)) throw error;
      }
    }
    return await this.#byRest({ ...query, limit });
  }

  async #byFrame(
    connection: RelayConnection,
    query: HistoryQuery,
  ): Promise<HistoryPage> {
    const { messages, has_more } = await connection.history(query);
    const { checks } = this.#options;
    const checked = messages.map((raw) => checks.history(raw));
    return {
      room: query.room,
      messages: this.#shown(checked, query),
      has_more,
    };
  }

  async #byRest(query: HistoryQuery): Promise<HistoryPage> {
    const { room, limit, before_seq } = query;
    const rows = await this.#options.restHistory(room, {
      limit,
      ...(before_seq === undefined ? {} : { beforeSeq: before_seq }),
    });
    const { checks } = this.#options;
    const checked = rows.toReversed().map((row) => checks.row(row));
    const messages = this.#shown(checked, query);
    return { room, messages, has_more: rows.length >= limit };
  }

  #shown(
    checked: readonly (VerifiedMessage | null)[],
    query: HistoryQuery,
  ): HistoryMessage[] {
    return checked.flatMap((one) =>
      one === null || one.frame.room !== query.room
        ? []
        : [this.#options.people.marked(this.#messageOf(one))]
    );
  }

  #messageOf({ frame, verified }: VerifiedMessage): HistoryMessage {
    const { room, from, from_name, content, timestamp, seq, reply_to } = frame;
    const kind = messageKind(frame.kind);
    const id = this.#options.mailbox.shownIdOf(frame);
    return {
      ...{ id, room, from, timestamp, verified, text: content.text },
      from_name: from_name ?? this.#options.names.get(from) ?? "",
      ...defined({ seq, kind }),
      ...(reply_to !== undefined && isMessageId(reply_to) ? { reply_to } : {}),
    };
  }
}

/** A relay shows a public room's past by REST to those who are not in it. */
function mayBeHadByRest(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  return error.code === "NOT_IN_ROOM" || error.code === "NOT_CONNECTED" ||
    error.code === "UNKNOWN_TYPE";
}
