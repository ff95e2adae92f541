import { Failure } from "../../../lib/errors.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";
import type { Heard } from "../heard.ts";
import type { StoredState } from "../stored_state.ts";

/** What is to be known of own messages that the relay took. */
export class OwnMessages {
  readonly #me: string;
  readonly #stored: Pick<StoredState, "rooms" | "mailbox" | "failed">;
  readonly #heard: (event: Heard) => void;

  constructor({ me, stored, heard }: {
    readonly me: string;
    readonly stored: Pick<StoredState, "rooms" | "mailbox" | "failed">;
    readonly heard: (event: Heard) => void;
  }) {
    this.#me = me;
    this.#stored = stored;
    this.#heard = heard;
  }

  /** The room's past may come by time alone, and then ends at a message that is known, our own too. */
  accepted({ room, id }: LoggedSend, seq: number | undefined): void {
    const { rooms, mailbox, failed } = this.#stored;
    const here = rooms.get(room);
    if (seq !== undefined) here?.ownSeq(seq);
    try {
      mailbox.remember({ from: this.#me, id, verified: true });
    } catch (error) {
      failed(Failure.from(error));
    }
    // What was said before it was delivered before its number came, unless it was lost.
    if (here?.state.at === "live" && here.missingBeforeOwn > 0) {
      this.#heard({ missed: here.name });
    }
  }
}
