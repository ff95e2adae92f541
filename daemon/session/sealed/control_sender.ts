import { uuid } from "../../../lib/conversation/message_id.ts";
import { Failure } from "../../../lib/errors.ts";
import {
  type SealedKind,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** Says in a private room what is no message: records, requests for them, receipts. */
export class ControlSender {
  readonly #options: SealedOptions;

  constructor(options: SealedOptions) {
    this.#options = options;
  }

  /** Whether the relay has us in the room, so that something can be said there. */
  isOpen(name: string): boolean {
    const { reconnect, stored: { rooms } } = this.#options;
    return reconnect.connection !== undefined &&
      rooms.get(name)?.isOpen === true;
  }

  /** For what is bound to its own id. */
  newId(): string {
    return uuid(this.#options.randomBytes(16));
  }

  /** Never rejects. @returns whether the relay has it; false where that is not known, too */
  async say(
    name: string,
    kind: SealedKind,
    body: Uint8Array,
    id = this.newId(),
  ): Promise<boolean> {
    const { reconnect: { connection }, own, log } = this.#options;
    if (connection === undefined || !this.isOpen(name)) return false;
    try {
      const text = writeSealed(kind, body);
      const outcome = await connection.send({ id, room: name, text });
      if (outcome.status !== "accepted") return false;
      own.numbered(name, outcome.seq);
      return true;
    } catch (error) {
      const { code } = Failure.from(error);
      log.info("not said in a private room", { kind, code });
      return false;
    }
  }
}
