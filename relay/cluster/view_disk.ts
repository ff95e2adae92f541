import {
  type CallPort,
  PortCalls,
  type WithoutCall,
} from "../../lib/port_calls.ts";
import {
  BadCopy,
  type FromViewCopies,
  type ToViewCopies,
} from "../view_copy/copy_port.ts";

/** The disk's side of copies of views. Each rejects with an Error that says why. */
export interface ViewDisk {
  /** A copy of this relay's view, in place of any before it. */
  make(): Promise<{ readonly size: number; readonly sha256: string }>;
  /** A piece of it. */
  read(offset: number): Promise<Uint8Array>;
  /** Another relay's is to come. */
  begin(): Promise<void>;
  /** Its next bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** That were all. @returns the log's last place that is in it. @throws BadCopy where what came is not as it must be. */
  finish(sha256: string, log: string): Promise<number>;
  /** What was made, or has come, is not wanted any more. */
  drop(): Promise<void>;
}

/** Lends the disk, which costs a worker as long as somebody has it. */
export interface ViewDisks {
  /** @returns the disk, and what gives it back. */
  borrow(): { readonly disk: ViewDisk; readonly giveBack: () => void };
}

/** The disk by way of the worker that has it, which the keeper starts when it is wanted. */
export class LentDisk implements ViewDisks {
  readonly #calls = new PortCalls<ToViewCopies, FromViewCopies>();
  readonly #tell: (word: "copies_wanted" | "copies_done") => void;
  #borrowers = 0;
  #isThere = Promise.withResolvers<void>();

  /** @param tell asks the keeper for the worker's port, and says that it is not needed any more. */
  constructor(tell: (word: "copies_wanted" | "copies_done") => void) {
    this.#tell = tell;
  }

  /** The port to a worker that was just started. */
  connect(port: CallPort): void {
    if (this.#borrowers === 0) return port.close();
    this.#calls.connect(port, "the worker of copies began anew");
    this.#isThere.resolve();
  }

  borrow(): { readonly disk: ViewDisk; readonly giveBack: () => void } {
    if (++this.#borrowers === 1) this.#tell("copies_wanted");
    let isBack = false;
    const giveBack = () => {
      if (isBack) return;
      isBack = true;
      if (--this.#borrowers === 0) this.#leave();
    };
    return { disk: this.#disk(), giveBack };
  }

  #leave(): void {
    this.#calls.leave("the worker of copies ended");
    this.#isThere = Promise.withResolvers();
    this.#tell("copies_done");
  }

  #disk(): ViewDisk {
    return {
      make: () => this.#ask({ type: "make" }, "made"),
      read: async (offset) =>
        (await this.#ask({ type: "read", offset }, "piece")).bytes,
      begin: async () => void await this.#ask({ type: "begin" }, "done"),
      write: async (bytes) => {
        // What came with it shares its buffer; slice() of Node's Buffer does not copy.
        const own = new Uint8Array(bytes);
        await this.#ask({ type: "write", bytes: own }, "done", [own.buffer]);
      },
      finish: async (sha256, log) =>
        (await this.#ask({ type: "finish", sha256, log }, "taken")).position,
      drop: async () => void await this.#ask({ type: "drop" }, "done"),
    };
  }

  async #ask<Type extends FromViewCopies["type"]>(
    question: WithoutCall<ToViewCopies>,
    type: Type,
    transfer: Transferable[] = [],
  ): Promise<Extract<FromViewCopies, { readonly type: Type }>> {
    await this.#isThere.promise;
    const answer = await this.#calls.ask(question, transfer);
    if (answer.type === type) {
      return answer as Extract<FromViewCopies, { readonly type: Type }>;
    }
    if (answer.type !== "failed") throw new Error(answer.type);
    const { why, reason } = answer;
    throw why === "copy" ? new BadCopy(reason) : new Error(reason);
  }
}
