/** What has happened since the core began: numbers that only grow, for whoever watches the relay. */
export class Tally {
  /** Logins that were welcomed. */
  logins = 0;
  /** Message frames that came in, whatever became of them. */
  messagesIn = 0;
  /** Messages stored for the first time. */
  messagesStored = 0;
  /** Copies handed to members' connections. */
  deliveries = 0;
  readonly #refusals = new Map<string, number>();

  /** Refusals by their wire code (docs/protocol.md section 5). */
  get refusals(): ReadonlyMap<string, number> {
    return this.#refusals;
  }

  refused(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }
}
