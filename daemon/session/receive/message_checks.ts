import type {
  DeliveredMessage,
  RawObject,
} from "../../../lib/protocol/frames.ts";
import type { Marks } from "../../../lib/protocol/marks_frames.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import { signedBytes } from "../../../lib/protocol/signing.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import type { VerifiedMessage } from "../core/verified_message.ts";
import type { RestRow } from "./rest_history.ts";
import {
  type Verdict,
  verifyHistory,
  verifyMessage,
  verifyRow,
} from "./verify_message.ts";

/** Checks each message that a relay gives, whatever the way, and counts what it refuses. */
export class MessageChecks {
  readonly #verifier: Verifier;
  readonly #nameOf: (wire: RoomName) => RoomName;
  /** Messages refused since their signature is not their author's. */
  forged = 0;
  /** Messages of no use: malformed. */
  malformed = 0;

  /** @param nameOf what a room of the wire is called here */
  constructor(
    verifier: Verifier,
    nameOf: (wire: RoomName) => RoomName = (wire) => wire,
  ) {
    this.#verifier = verifier;
    this.#nameOf = nameOf;
  }

  /** A live message; null for one that is refused. @param raw the object just as it came */
  live(frame: DeliveredMessage, raw: RawObject): VerifiedMessage | null {
    return this.#counted(verifyMessage({ frame, raw }, this.#verifier));
  }

  /** A message of a history page; null for one that is refused. */
  history(raw: RawObject | null): VerifiedMessage | null {
    return this.#counted(verifyHistory(raw, this.#verifier));
  }

  /** A row of REST history; null for one that is refused. */
  row(row: RestRow): VerifiedMessage | null {
    return this.#counted(verifyRow(row, this.#verifier));
  }

  /** What was signed is what the wire calls it; from here on it is called as here. */
  #byName({ frame, verified }: VerifiedMessage): VerifiedMessage {
    const room = this.#nameOf(frame.room);
    return {
      frame: room === frame.room ? frame : { ...frame, room },
      verified,
    };
  }

  /** Whether a reader signed what it tells; one whose signature is not its own counts as forged. */
  marks({ from, signature }: Marks, raw: RawObject): boolean {
    if (this.#verifier.verify(from, signature, signedBytes(raw))) return true;
    this.forged++;
    return false;
  }

  #counted(verdict: Verdict): VerifiedMessage | null {
    if (verdict === "forged") this.forged++;
    else if (verdict === "malformed") this.malformed++;
    else return this.#byName(verdict);
    return null;
  }
}
