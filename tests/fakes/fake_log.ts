import {
  type Delivered,
  type LogLink,
  OtherLog,
} from "../../relay/cluster/log_link.ts";

/** A log in memory that delivers when a test says so, and as badly as it says. */
export class FakeLog implements LogLink {
  /** What stands in it, from position {@link first} on. */
  readonly bytes: Uint8Array[] = [];
  first = 1;
  /** Deliveries that were asked for, by where they begin. */
  readonly asked: number[] = [];
  refusesDeliveries = false;
  /** Another log is in its place. */
  isOther = false;
  /** Entries before the one that is asked for that it delivers too. */
  early = 0;
  /** Every one that was asked to hear, and how many of them were ended. */
  readonly listeners: ((said: Delivered) => void)[] = [];
  ended = 0;
  /** How often it was left for another server. */
  moves = 0;
  #heard: ((said: Delivered) => void) | null = null;
  #next = 1;
  #order = 0;

  append(text: string): void {
    this.bytes.push(new TextEncoder().encode(text));
  }

  get end(): number {
    return this.first + this.bytes.length - 1;
  }

  deliver(
    from: number,
    heard: (said: Delivered) => void,
  ): Promise<() => void> {
    this.asked.push(from);
    if (this.isOther) return Promise.reject(new OtherLog());
    if (this.refusesDeliveries) {
      return Promise.reject(new Error("no leader"));
    }
    this.#heard = heard;
    this.listeners.push(heard);
    this.#next = Math.max(from - this.early, this.first);
    this.#order = 0;
    return Promise.resolve(() => {
      this.ended++;
      if (this.#heard === heard) this.#heard = null;
    });
  }

  move(): void {
    this.moves++;
  }

  /** Delivers the next entry, if somebody hears and there is one; `isLost` on the way. */
  step(isLost = false): boolean {
    const bytes = this.bytes[this.#next - this.first];
    if (this.#heard === null || bytes === undefined) return false;
    const position = this.#next++;
    const order = ++this.#order;
    if (!isLost) this.say({ kind: "entry", position, at: 1, order, bytes });
    return true;
  }

  pulse(): void {
    this.say({ kind: "pulse", order: this.#order });
  }

  say(said: Delivered): void {
    this.#heard?.(said);
  }
}
