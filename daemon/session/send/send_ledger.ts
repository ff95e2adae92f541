import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import type { MailboxDatabase } from "../../mailbox/database.ts";
import type {
  LoggedSend,
  SendLog,
  SendStatus,
} from "../../mailbox/send_log.ts";

/** What became of a send, as it is written down. */
export interface SendFate {
  readonly status: SendStatus;
  readonly reason?: string;
  readonly seq?: number;
  /** What is handed over to a private room. */
  readonly sealed?: string;
  readonly others?: number;
}

export interface SendLedgerOptions {
  readonly sends: SendLog;
  readonly database: MailboxDatabase;
  readonly log: Logger;
}

/** The outbox on disk: what nobody could send again after a power cut is on the disk itself before it counts as kept. */
export class SendLedger {
  readonly #options: SendLedgerOptions;

  constructor(options: SendLedgerOptions) {
    this.#options = options;
  }

  /** Sends that an earlier run left open, in the order in which they were made. @throws Failure FILE_TROUBLE */
  open(): LoggedSend[] {
    return this.#options.sends.open();
  }

  /** Writes down a new send. @throws Failure FILE_TROUBLE */
  add(send: Omit<LoggedSend, "n" | "reason" | "seq">): LoggedSend {
    const { sends, database } = this.#options;
    const add = () => sends.add(send);
    return send.status === "queued"
      ? database.durably(add)
      : database.transaction(add);
  }

  /**
   * Writes down what became of a send. What the relay did can't be undone by our disk: where that fails, the file says
   * "unknown", as it does of what is on the line.
   *
   * @returns whether it was written
   */
  settle(id: string, fate: SendFate): boolean {
    const { sends, database, log } = this.#options;
    const settle = () => sends.settle(id, fate);
    try {
      if (fate.status === "queued") database.durably(settle);
      else database.transaction(settle);
      return true;
    } catch (error) {
      log.error("outcome not written", { reason: Failure.from(error).message });
      return false;
    }
  }

  /** The send of this id, when its outcome is not known. @throws Failure FILE_TROUBLE */
  unknown(id: string): LoggedSend | undefined {
    const send = this.#options.sends.byId(id);
    return send?.status === "unknown" ? send : undefined;
  }
}
