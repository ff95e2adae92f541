// A room's past, as the relay keeps it: `history`.

import type { RoomName } from "../../protocol/names.ts";
import type { HistoryMessage } from "./messages.ts";

/** Where a page of a room's past ends. */
export interface EarlierPage {
  /** Only what came before this sequence number of the relay; in a talk, before this message's number here. */
  readonly before_seq?: number;
  /** Only what was sent before this time; for relays that number nothing. */
  readonly before?: number;
}

/** Query of GET /v2/history. */
export interface HistoryQuery extends EarlierPage {
  readonly room: RoomName;
  /** 1 to 1,000, the newest ones; 50 where the query names none. */
  readonly limit: number;
  /** So many of the newest ones are passed over, at most 2,000. */
  readonly skip?: number;
}

/** GET /v2/history */
export interface HistoryPage {
  readonly room: RoomName;
  /** Oldest first. */
  readonly messages: readonly HistoryMessage[];
  readonly has_more: boolean;
  /** The page before this one, which may hold no message where others do; absent where it can't be had. */
  readonly earlier?: EarlierPage;
}
