import { Failure } from "../../../lib/errors.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";
import type { StoredState } from "../stored_state.ts";

/** What is to be known of own messages that the relay took. */
export class OwnMessages {
  readonly #me: string;
  readonly #stored: Pick<StoredState, "rooms" | "mailbox" | "failed">;

  constructor(
    me: string,
    stored: Pick<StoredState, "rooms" | "mailbox" | "failed">,
  ) {
    this.#me = me;
    this.#stored = stored;
  }

  /** The room's past may come by time alone, and then ends at a message that is known, our own too. */
  accepted({ room, id }: LoggedSend, seq: number | undefined): void {
    const { rooms, mailbox, failed } = this.#stored;
    if (seq !== undefined) rooms.get(room)?.ownSeq(seq);
    try {
      mailbox.remember({ from: this.#me, id, verified: true });
    } catch (error) {
      failed(Failure.from(error));
    }
  }
}
