import { uuid } from "../../../lib/conversation/message_id.ts";
import type { AuthorMarks } from "../../../lib/protocol/marks_frames.ts";
import type { Reconnect } from "../reconnect.ts";
import type { SendWay } from "../send/send_way.ts";
import type { PairSealer } from "./pair_sealer.ts";

export interface TalkReceiptsOptions {
  readonly sealer: Pick<PairSealer, "sealReceipt">;
  readonly way: Pick<SendWay, "isOpen" | "handOver">;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Tells the other of a talk what became of his messages, by the way that messages go. */
export class TalkReceipts {
  readonly #options: TalkReceiptsOptions;

  constructor(options: TalkReceiptsOptions) {
    this.#options = options;
  }

  /** Whether he can be told now: where no relay keeps it for him, while he is there. */
  isOpen(talk: string): boolean {
    return this.#options.way.isOpen(talk);
  }

  /** Rejects with a `Failure`. @returns whether the relay has it */
  async tell(
    talk: string,
    marks: readonly AuthorMarks[],
  ): Promise<boolean> {
    const { sealer, way, reconnect, randomBytes } = this.#options;
    const id = uuid(randomBytes(16));
    const text = await sealer.sealReceipt(talk, { id, marks });
    const { connection } = reconnect;
    if (connection === undefined) return false;
    const { status } = await way.handOver(connection, { id, room: talk, text });
    return status === "accepted";
  }
}
