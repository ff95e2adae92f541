import type { Failure } from "../../../lib/errors.ts";
import type { LoggedSend, SendStatus } from "../../mailbox/send_log.ts";
import type { SendFate, SendLedger } from "./send_ledger.ts";

/** What became of a send, short of a refusal. */
export interface Sent {
  readonly status: "accepted" | "queued" | "unknown";
  readonly seq?: number;
  /** How many others were in the room. */
  readonly others?: number;
}

/** A send that has not come to an end. */
export interface Entry {
  send: LoggedSend;
  /** What the file says of it. */
  onFile: SendStatus;
  /** Monotonic time before which it is not tried. */
  notBefore: number;
  /** Monotonic time at which it is looked at again, if nothing came about before. */
  lookAt?: number;
  /** Who called and has no answer yet. */
  waiter?: PromiseWithResolvers<Sent>;
  /** Who is to read it, where it is sealed for a private room. */
  readers?: readonly string[] | undefined;
  /** On its way to the relay now, its outcome not yet known. */
  inFlight?: true;
}

/** The sends that wait, in the order in which they were made, each with who waits for it, in memory and on disk. */
export class SendQueue {
  readonly #ledger: SendLedger;
  #entries: Entry[];
  #closed = false;

  /** @param waiting what an earlier run left. */
  constructor(ledger: SendLedger, waiting: readonly LoggedSend[]) {
    this.#ledger = ledger;
    this.#entries = waiting.map((send) => ({
      ...{ send, onFile: send.status, notBefore: 0 },
    }));
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get queued(): number {
    return this.#entries.filter(({ send }) => send.status === "queued").length;
  }

  find(id: string): Entry | undefined {
    return this.#entries.find(({ send }) => send.id === id);
  }

  /** Whether it still waits: while one send is on its way, others may come to an end. */
  has(entry: Entry): boolean {
    return this.#entries.includes(entry);
  }

  /**
   * Takes a new send in at the end.
   *
   * @param onFile what the file is to say: of what is handed over at once the outcome is unknown until it is known
   * @throws Failure FILE_TROUBLE
   */
  add(send: Parameters<SendLedger["add"]>[0], onFile: SendStatus): Entry {
    const logged = this.#ledger.add({ ...send, status: onFile });
    const entry: Entry = {
      send: { ...logged, status: send.status },
      ...{ onFile, notBefore: 0 },
    };
    this.#entries.push(entry);
    return entry;
  }

  /** Joins whoever calls to the send's answer. */
  wait(entry: Entry): Promise<Sent> {
    entry.waiter ??= Promise.withResolvers();
    return entry.waiter.promise;
  }

  settle(entry: Entry, fate: SendFate): void {
    entry.send = { ...entry.send, ...fate };
    this.write(entry, fate);
  }

  /** On disk alone. @returns whether it was written */
  write(entry: Entry, fate: SendFate): boolean {
    // The file says "unknown" of what is on its way, which it then stays.
    if (this.#closed) return false;
    const isWritten = this.#ledger.settle(entry.send.id, fate);
    if (isWritten) entry.onFile = fate.status;
    return isWritten;
  }

  remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  answer(entry: Entry, sent: Sent): void {
    entry.waiter?.resolve(sent);
    delete entry.waiter;
  }

  reject(entry: Entry, failure: Failure): void {
    entry.waiter?.reject(failure);
    delete entry.waiter;
  }

  /** Answers all who wait; nothing is written any more. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#entries) {
      const isUnknown = entry.inFlight || entry.send.status === "unknown";
      this.answer(entry, { status: isUnknown ? "unknown" : "queued" });
    }
  }
}
