import type { WhoAmI } from "../../lib/local_api/types/daemon.ts";
import { isDirectRoom } from "../../lib/protocol/direct_room.ts";
import { ownName } from "../../lib/text_rules/own_name.ts";
import type { SeenIds } from "./seen_ids.ts";

/** What of a message says whom it is for. */
export interface Addressed {
  readonly from: string;
  readonly room: string;
  readonly text: string;
  readonly reply_to?: string;
}

/** Which messages are meant for this agent: the one place that decides it, for unread ones, waits and marks alike. */
export class Mentions {
  readonly #me: string;
  readonly #isNamed: (text: string) => boolean;
  readonly #seen: Pick<SeenIds, "has">;

  constructor(me: WhoAmI, seen: Pick<SeenIds, "has">) {
    this.#me = me.id;
    this.#isNamed = ownName(me);
    this.#seen = seen;
  }

  /** Whether the message of another is to this agent alone, names it, or answers one of its messages. @throws Failure FILE_TROUBLE */
  has({ from, room, text, reply_to }: Addressed): boolean {
    if (from === this.#me) return false;
    return isDirectRoom(room) || this.#isNamed(text) ||
      (reply_to !== undefined && this.#isOurs(reply_to));
  }

  /** Our own messages are noted as had, long after they fell out of the buffer. */
  #isOurs(id: string): boolean {
    return this.#seen.has({ from: this.#me, id, verified: true });
  }
}
