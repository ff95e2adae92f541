import { Failure } from "../../../lib/errors.ts";
import type { SealedRooms } from "../sealed_rooms.ts";
import type { FileUploads } from "../files/file_uploads.ts";
import type { SendOutcomes } from "./send_outcomes.ts";
import type { Entry } from "./send_queue.ts";

export interface SealedSendsOptions {
  readonly sealed: Pick<
    SealedRooms,
    "textOf" | "members" | "wasRefused" | "wasTaken"
  >;
  readonly files: Pick<FileUploads, "atRelay">;
  readonly outcomes: Pick<SendOutcomes, "tryLater" | "refuse">;
}

/** From a seal that could not be made to the next try, where nothing else is said; milliseconds. */
const AGAIN_MS = 5_000;

/** What of a send goes over the wire: with the file that it names as the relay has it, and to a private room nothing plain. */
export class SealedSends {
  readonly #options: SealedSendsOptions;

  constructor(options: SealedSendsOptions) {
    this.#options = options;
  }

  /**
   * What was handed over before, or else the text, sealed where its room is private.
   *
   * @returns null where it can't be sealed: then it waits, and those behind it, or is refused
   */
  async textOf(entry: Entry): Promise<string | null> {
    const { sealed, files } = this.#options;
    try {
      const text = entry.send.sealed ??
        await sealed.textOf(entry.send = files.atRelay(entry.send));
      entry.readers ??= await sealed.members(entry.send.room);
      return text;
    } catch (error) {
      this.#unsealed(entry, Failure.from(error));
      return null;
    }
  }

  /** It was not handed over, or not taken: the next try seals it anew. */
  wasRefused(entry: Entry): void {
    const { sealed, ...send } = entry.send;
    if (sealed === undefined || send.status === "unknown") return;
    this.#options.sealed.wasRefused(send.room);
    entry.send = send;
    delete entry.readers;
  }

  /** The relay has it. */
  wasTaken({ send: { room, sealed } }: Entry): void {
    if (sealed !== undefined) this.#options.sealed.wasTaken(room);
  }

  #unsealed(entry: Entry, failure: Failure): void {
    const { outcomes } = this.#options;
    const { code, message, retryAfterMs: ms = AGAIN_MS } = failure;
    if (code === "KEY_MISSING" || code === "FILE_TROUBLE") {
      outcomes.tryLater(entry, ms, message);
    } else outcomes.refuse(entry, message, failure);
  }
}
