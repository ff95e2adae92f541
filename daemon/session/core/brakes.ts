import { Failure, type Fields } from "../../../lib/errors.ts";

/** Own messages in a row in a room, without another voice. */
const IN_A_ROW = 5;
/** Own messages in a minute, over all rooms. */
const A_MINUTE = 20;
const MINUTE_MS = 60_000;
/** After so long a silence of one's own, a row is over; milliseconds. */
export const COOL_DOWN_MS = 5 * MINUTE_MS;

/** What the brakes know of own messages; times are monotonic milliseconds. */
export interface OwnVoice {
  /** Own messages in the room since somebody else spoke there. */
  readonly inARow: number;
  /** When the last of them was sent. */
  readonly lastAt: number;
  /** When own messages were sent, over all rooms, oldest first. */
  readonly recent: readonly number[];
}

/** Why one more message is to wait: a Failure BRAKES, or null when it may go. */
export function brake(voice: OwnVoice, now: number): Failure | null {
  const cooled = voice.lastAt + COOL_DOWN_MS - now;
  if (voice.inARow >= IN_A_ROW && cooled > 0) {
    return held({
      reason: "five in a row here and nobody else spoke",
      sooner: "another voice in the room ends the row sooner",
    }, cooled);
  }
  const oldest = voice.recent.at(-A_MINUTE);
  const free = oldest === undefined ? 0 : oldest + MINUTE_MS - now;
  const reason = "twenty messages within a minute";
  return free > 0 ? held({ reason }, free) : null;
}

function held(fields: Fields, ms: number): Failure {
  return new Failure("BRAKES", { fields, retryAfterMs: Math.ceil(ms) });
}

/** Keeps count for {@link brake}: two models can thank each other for ever. */
export class Brakes {
  readonly #rooms = new Map<string, { inARow: number; lastAt: number }>();
  #recent: number[] = [];

  /** Why a message to the room is to wait, or null. */
  check(room: string, now: number): Failure | null {
    const { inARow, lastAt } = this.#rooms.get(room) ??
      { inARow: 0, lastAt: -Infinity };
    return brake({ inARow, lastAt, recent: this.#recent }, now);
  }

  /** An own message goes out. */
  spoke(room: string, now: number): void {
    const had = this.#rooms.get(room);
    const inARow = had !== undefined && now - had.lastAt < COOL_DOWN_MS
      ? had.inARow + 1
      : 1;
    this.#rooms.set(room, { inARow, lastAt: now });
    this.#recent = [...this.#recent, now].slice(-A_MINUTE);
  }

  /** Somebody else spoke in the room, or it was left. */
  heard(room: string): void {
    this.#rooms.delete(room);
  }
}
