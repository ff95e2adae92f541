import { OwnNumbers } from "./own_numbers.ts";

/** How far a room's messages were had. */
export interface Place {
  /** The relay's number of the last one before which nothing is missing; 0 in a room that was empty. */
  readonly lastSeq: number | undefined;
  /** Our wall clock at the last one. */
  readonly lastAt: number | undefined;
}

/** Moves on as a room's messages are had, those of others and the numbers of our own. */
export class RoomProgress {
  #place: Place;
  readonly #own = new OwnNumbers();

  constructor(place: Place) {
    this.#place = place;
  }

  /** To go back to where messages can't be written. */
  get place(): Place {
    return this.#place;
  }

  get lastSeq(): number | undefined {
    return this.#place.lastSeq;
  }

  get lastAt(): number | undefined {
    return this.#place.lastAt;
  }

  goBackTo(place: Place): void {
    this.#place = place;
  }

  /** All up to this number was had, or is not wanted. */
  startAt(seq: number): void {
    this.#place = { ...this.#place, lastSeq: seq };
  }

  /** A message was had: of this number, or its relay counts none. @param at our wall clock */
  had(seq: number | undefined, at: number): void {
    this.advance(seq);
    this.#place = { ...this.#place, lastAt: at };
  }

  /** The message of this number was had, or is our own. */
  advance(seq: number | undefined): void {
    let { lastSeq } = this.#place;
    if (seq !== undefined && seq > (lastSeq ?? 0)) lastSeq = seq;
    if (lastSeq !== undefined) lastSeq = this.#own.upFrom(lastSeq);
    this.#place = { ...this.#place, lastSeq };
  }

  /** How many messages are missing before the next own one that lies ahead of what was had; 0 where none does. */
  get missingBeforeOwn(): number {
    return this.#own.missingAfter(this.#place.lastSeq ?? 0);
  }

  /** The number of the last own message that lay ahead of what was had. */
  get newestOwn(): number {
    return this.#own.newest;
  }

  /** The relay numbered an own message, which it will not deliver to us. */
  ownSeq(seq: number): void {
    const { lastSeq } = this.#place;
    if (lastSeq === undefined) return;
    if (seq === lastSeq + 1) return this.advance(seq);
    if (seq > lastSeq) this.#own.add(seq);
  }

  /** The room is new, and empty. */
  begins(): void {
    this.#place = { lastSeq: 0, lastAt: undefined };
  }

  /** The room is no more: nothing of a later one was had. */
  ends(): void {
    this.#place = { lastSeq: undefined, lastAt: undefined };
  }
}
