import type { Clock } from "../../../lib/clock.ts";
import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { WhoAmI } from "../../../lib/local_api/types/daemon.ts";
import type { NewMessage } from "../../mailbox/kept_messages.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import type { Heard } from "../heard.ts";
import type { StoredState } from "../stored_state.ts";

export interface OwnMessagesOptions {
  readonly me: WhoAmI;
  readonly stored: Pick<
    StoredState,
    "rooms" | "mailbox" | "privateRooms" | "failed"
  >;
  readonly clock: Pick<Clock, "wall">;
  readonly heard: (event: Heard) => void;
}

/** What is to be known of own messages that the relay took: they are part of their room. */
export class OwnMessages {
  readonly #options: OwnMessagesOptions;

  constructor(options: OwnMessagesOptions) {
    this.#options = options;
  }

  /** How many others are in the room, as far as is heard here; undefined where we are not. @param among those alone count */
  others(room: string, among?: readonly string[]): number | undefined {
    const { me, stored } = this.#options;
    const here = stored.rooms.get(room);
    if (!here?.joined) return undefined;
    return here.memberIds.filter((id) =>
      id !== me.id && (among?.includes(id) ?? true)
    ).length;
  }

  /** The room's past may come by time alone, and then ends at a message that is known, our own too. */
  accepted(send: LoggedSend, seq: number | undefined): void {
    const { mailbox, failed } = this.#options.stored;
    try {
      mailbox.addOwn(this.#messageOf(send, seq));
    } catch (error) {
      failed(Failure.from(error));
    }
    this.numbered(send.room, seq);
  }

  /** The relay gave something of ours this number: what was said before it was delivered before it, unless it was lost. */
  numbered(room: string, seq: number | undefined): void {
    const here = this.#options.stored.rooms.get(room);
    if (seq !== undefined) here?.progress.ownSeq(seq);
    if (here?.state.at === "live" && here.progress.missingBeforeOwn > 0) {
      this.#options.heard({ missed: here.name });
    }
  }

  #messageOf(send: LoggedSend, seq: number | undefined): NewMessage {
    const { me, clock, stored: { privateRooms } } = this.#options;
    const { id, room, text, replyTo, kind, writtenBy, file } = send;
    const now = clock.wall();
    const isPrivate = isDirectRoom(room) ||
      privateRooms.get(room) !== undefined;
    return {
      ...{ id, room, text, from: me.id, from_name: me.name },
      ...{ timestamp: now, received_at: now, verified: true, late: false },
      ...defined({ seq, reply_to: replyTo, kind, written_by: writtenBy, file }),
      ...(isPrivate ? { private: true } : {}),
    };
  }
}
