import { uuid } from "../../../lib/conversation/message_id.ts";
import { Failure } from "../../../lib/errors.ts";
import {
  type SealedKind,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** Says in a private room what is no message: records, and requests for them. */
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

  /** Never rejects. @returns whether the relay has it; false where that is not known, too */
  async say(
    name: string,
    kind: SealedKind,
    body: Uint8Array,
  ): Promise<boolean> {
    const { reconnect: { connection }, own, randomBytes, log } = this.#options;
    if (connection === undefined || !this.isOpen(name)) return false;
    const id = uuid(randomBytes(16));
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
