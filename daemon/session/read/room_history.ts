import { Failure } from "../../../lib/errors.ts";
import type { IdNames } from "../../../lib/client/id_names.ts";
import type {
  HistoryMessage,
  HistoryPage,
} from "../../../lib/local_api/types.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import {
  type Judged,
  judgeHistory,
  judgeRow,
  type Verdict,
} from "../receive/verified_message.ts";
import type { RestHistory } from "../receive/rest_history.ts";
import type { RelayConnection } from "../session_options.ts";

export interface HistoryQuery {
  readonly room: string;
  readonly limit: number;
  readonly before_seq?: number;
}

export interface RoomHistoryOptions {
  readonly connection: () => RelayConnection | undefined;
  readonly restHistory: RestHistory;
  readonly verifier: Verifier;
  readonly names: IdNames;
  /** Counts what is refused; null for that. */
  readonly count: (verdict: Verdict) => Judged | null;
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
    const connection = this.#options.connection();
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
    const verdicts = messages.map((raw) =>
      judgeHistory(raw, this.#options.verifier)
    );
    return {
      room: query.room,
      messages: this.#shown(verdicts, query),
      has_more,
    };
  }

  async #byRest(query: HistoryQuery): Promise<HistoryPage> {
    const { room, limit, before_seq } = query;
    const rows = await this.#options.restHistory(room, {
      limit,
      ...(before_seq === undefined ? {} : { beforeSeq: before_seq }),
    });
    const verdicts = rows.toReversed().map((row) =>
      judgeRow(row, this.#options.verifier)
    );
    const messages = this.#shown(verdicts, query);
    return { room, messages, has_more: rows.length >= limit };
  }

  #shown(verdicts: readonly Verdict[], query: HistoryQuery): HistoryMessage[] {
    return verdicts.flatMap((verdict) => {
      const judged = this.#options.count(verdict);
      return judged === null || judged.frame.room !== query.room
        ? []
        : [this.#messageOf(judged)];
    });
  }

  #messageOf({ frame, verified }: Judged): HistoryMessage {
    const { id, room, from, from_name, content, timestamp, seq, reply_to } =
      frame;
    return {
      ...{ id, room, from, timestamp, verified, text: content.text },
      from_name: from_name ?? this.#options.names.get(from) ?? "",
      ...(seq === undefined ? {} : { seq }),
      ...(reply_to === undefined ? {} : { reply_to }),
    };
  }
}

/** A relay shows a public room's past by REST to those who are not in it. */
function mayBeHadByRest(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  return error.code === "NOT_IN_ROOM" || error.code === "NOT_CONNECTED" ||
    error.code === "UNKNOWN_TYPE";
}
