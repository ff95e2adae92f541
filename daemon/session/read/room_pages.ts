import { Failure } from "../../../lib/errors.ts";
import type { EarlierPage } from "../../../lib/local_api/types/history.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { defined } from "../../../lib/defined.ts";
import type { RestHistory } from "../receive/rest_history.ts";
import { frameOfRow } from "../receive/verify_message.ts";
import type { Reconnect } from "../reconnect.ts";
import type { RelayConnection } from "../session_options.ts";

export interface RoomPagesOptions {
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly restHistory: RestHistory;
}

/** Which page: the newest where no bound is named. */
export interface PageQuery extends EarlierPage {
  readonly room: RoomName;
  /** The relay gives 200 at most. */
  readonly limit: number;
}

/** What a relay gave, oldest first, unchecked; null for what can't be read. */
export interface RawPage {
  readonly raws: readonly (RawObject | null)[];
  readonly has_more: boolean;
  /** Where the page before it ends; absent where there is none. */
  readonly earlier?: EarlierPage;
}

/** A room's past as a relay gives it: by `room.history`, else by REST. */
export class RoomPages {
  readonly #options: RoomPagesOptions;

  constructor(options: RoomPagesOptions) {
    this.#options = options;
  }

  /** At most as many as the relay gives at once. Rejects with a `Failure`. */
  async page(query: PageQuery): Promise<RawPage> {
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
    { before: _, ...query }: PageQuery,
  ): Promise<RawPage> {
    const { messages, has_more } = await connection.history(query);
    return withEarlier({ raws: messages, has_more }, query);
  }

  async #byRest(query: PageQuery): Promise<RawPage> {
    const { room, limit, before_seq: beforeSeq, before } = query;
    const rows = await this.#options.restHistory(room, {
      limit,
      ...defined({ beforeSeq, before }),
    });
    const raws = rows.toReversed().map(frameOfRow);
    return withEarlier({ raws, has_more: rows.length >= limit }, query);
  }
}

function withEarlier(page: RawPage, { before_seq, before }: PageQuery) {
  const earlier = page.has_more
    ? earlierThan(page.raws, { before_seq, before })
    : undefined;
  return { ...page, ...defined({ earlier }) };
}

/** Where the page before these ends, by the first that says where it is; undefined where that leads nowhere. */
function earlierThan(
  raws: RawPage["raws"],
  { before_seq = Infinity, before = Infinity }: {
    readonly before_seq: number | undefined;
    readonly before: number | undefined;
  },
): EarlierPage | undefined {
  for (const { seq, timestamp } of raws.filter((raw) => raw !== null)) {
    if (isWhole(seq)) return seq < before_seq ? { before_seq: seq } : undefined;
    if (!isWhole(timestamp)) continue;
    // One millisecond is read twice, so that messages of the same one aren't lost.
    const at = timestamp + 1 < before ? timestamp + 1 : timestamp;
    return at < before ? { before: at } : undefined;
  }
  return undefined;
}

const isWhole = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** A relay shows a public room's past by REST to those who are not in it. */
function mayBeHadByRest(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  return error.code === "NOT_IN_ROOM" || error.code === "NOT_CONNECTED" ||
    error.code === "UNKNOWN_TYPE";
}
