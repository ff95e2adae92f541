import type { HistoryMessage } from "../../../lib/local_api/types/messages.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";

/** So many messages are remembered, the last ones that were listed. */
const MOST = 10_000;
/** So many that begin alike are looked at. */
const MOST_ALIKE = 5;

/** Where the relay has a message. */
export interface Listed {
  readonly room: RoomName;
  readonly seq: number;
}

/** The messages of relays' histories that were listed for somebody, who may name one of them by its short id. */
export class ListedIds {
  /** By whole short id, those listed last at the end. */
  readonly #at = new Map<string, Listed>();

  /** @param messages with whole short ids */
  add(messages: readonly HistoryMessage[]): void {
    for (const { short_id, room, seq } of messages) {
      if (short_id === undefined || seq === undefined) continue;
      this.#at.delete(short_id);
      this.#at.set(short_id, { room, seq });
    }
    for (const oldest of this.#at.keys()) {
      if (this.#at.size <= MOST) break;
      this.#at.delete(oldest);
    }
  }

  /** Those whose short id begins so, of one room where it is named. */
  at(start: string, room?: RoomName): readonly Listed[] {
    return [...this.#at]
      .filter(([short]) => short.startsWith(start))
      .map(([, listed]) => listed)
      .filter((one) => room === undefined || one.room === room)
      .slice(-MOST_ALIKE);
  }
}
