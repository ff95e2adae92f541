import { Failure } from "../../lib/errors.ts";

/** How far the sockets have come. Until they have listened once, what goes wrong ends the start; after that, the relay. */
export class ListeningPhase {
  readonly #started = Promise.withResolvers<number>();
  readonly #lost: (failure: Failure) => void;
  #hasStarted = false;
  #isListening = false;
  #isRenewing = false;

  /** @param lost the relay can't go on. */
  constructor(lost: (failure: Failure) => void) {
    this.#lost = lost;
  }

  /** The port, once it listens for the first time. */
  get started(): Promise<number> {
    return this.#started.promise;
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** The view is being made anew: until the relay listens again, that workers end is no end of its start. */
  get isRenewing(): boolean {
    return this.#isRenewing;
  }

  /** The sockets' worker is started. */
  begin(): void {
    this.#isListening = false;
  }

  renew(): void {
    this.#isRenewing = true;
  }

  listens(port: number): void {
    this.#hasStarted = this.#isListening = true;
    this.#isRenewing = false;
    this.#started.resolve(port);
  }

  /** It goes on once that has passed, but is no start. */
  endsStart(failure: Failure): void {
    this.#started.reject(failure);
  }

  ends(failure: Failure): void {
    if (this.#hasStarted) this.#lost(failure);
    else this.#started.reject(failure);
  }

  /** A worker ended, and is started again: an error to whoever started the relay. */
  workerEnded(reason: string): void {
    if (this.#hasStarted || this.#isRenewing) return;
    this.endsStart(new Failure("INTERNAL", { fields: { reason } }));
  }
}
