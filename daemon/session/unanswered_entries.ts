import type { Reconnect } from "./reconnect.ts";

/** What was asked of a relay that did not answer in time; "leave" where it was given up since. */
export type AskedEntry = "join" | "create" | "leave";

export interface UnansweredEntriesOptions {
  readonly reconnect: Pick<Reconnect, "connection">;
  /** What a room is called on the wire, by what it is called here. */
  readonly wireOf: (name: string) => string;
}

/**
 * Rooms that this agent asked to be in, and of which nobody knows whether the relay has it in them. Each took a time limit
 * to come about, and goes with the connection.
 */
export class UnansweredEntries {
  readonly #options: UnansweredEntriesOptions;
  /** By the name on the wire: what it is called here may be forgotten when the answer comes. */
  readonly #asked = new Map<string, AskedEntry>();
  #connection: unknown;

  constructor(options: UnansweredEntriesOptions) {
    this.#options = options;
  }

  note(name: string, asked: AskedEntry): void {
    this.#now().set(this.#options.wireOf(name), asked);
  }

  /** Nobody wants to be in it any more: the late answer is one to be left. */
  giveUp(name: string): void {
    const wire = this.#options.wireOf(name);
    if (this.#now().has(wire)) this.#asked.set(wire, "leave");
  }

  /** What was asked, once: the answer came. Undefined where nothing was, on this connection. */
  take(name: string): AskedEntry | undefined {
    const wire = this.#options.wireOf(name);
    const asked = this.#now().get(wire);
    this.#asked.delete(wire);
    return asked;
  }

  /** Another connection's relay has us in no room. */
  #now(): Map<string, AskedEntry> {
    const { connection } = this.#options.reconnect;
    if (connection !== this.#connection) this.#asked.clear();
    this.#connection = connection;
    return this.#asked;
  }
}
