import assert from "node:assert/strict";

/** What a reader of one life of a room was told, in order: a message's number, or 0 for a gap. */
type Told = number;

/**
 * The plain account of a room: all that was said since we wanted it, and all that the mailbox got. It knows nothing of
 * states: at the end every message must stand once, in order, or where it would stand there must be a gap.
 */
export class RoomLedger {
  #told: Told[] = [];
  #said = new Set<number>();
  /** Those that nobody could know of, since the relay kept them back and nothing came after. */
  readonly #unheard = new Set<number>();

  /** A message is said that is wanted. */
  said(n: number): void {
    this.#said.add(n);
  }

  unheard(n: number): void {
    this.#unheard.add(n);
  }

  /** It can be known of now. */
  heardOf(n: number): void {
    this.#unheard.delete(n);
  }

  /** Messages up to this one are not wanted. */
  startsAfter(last: number): void {
    for (const n of this.#said) if (n <= last) this.#said.delete(n);
  }

  told(now: readonly Told[]): void {
    assert.deepEqual(
      now.slice(0, this.#told.length),
      this.#told,
      "what was told is told",
    );
    this.#told = [...now];
  }

  /** Nothing more comes of this life of the room. */
  close(): void {
    const messages = this.#told.filter((n) => n > 0);
    const sorted = [...new Set(messages)].toSorted((a, b) => a - b);
    assert.deepEqual(messages, sorted, "doubled or out of order");
    for (const n of this.#said) {
      const isSettled = messages.includes(n) || this.#unheard.has(n);
      assert.ok(isSettled || this.#isInGap(n), `${n} is lost in silence`);
    }
    this.forget();
  }

  forget(): void {
    this.#told = [];
    this.#said.clear();
    this.#unheard.clear();
  }

  #isInGap(n: number): boolean {
    const at = this.#told.findIndex((one) => one > n);
    const before = at < 0 ? this.#told : this.#told.slice(0, at);
    return before.lastIndexOf(0) > before.findLastIndex((one) => one > 0);
  }
}
