/** Minutes that are remembered. */
export const MINUTES = 60;
const MINUTE_MS = 60_000;

interface Row {
  /** The minute that the last count is of. */
  minute: number;
  /** A ring: the count of minute m stands at m mod {@link MINUTES}. */
  readonly counts: Uint16Array;
}

/** How many messages each room had in each of the last minutes, since this relay began. */
export class MinuteCounts {
  readonly #rows = new Map<string, Row>();

  /** @param wall milliseconds since 1970 */
  add(room: string, wall: number): void {
    const minute = Math.floor(wall / MINUTE_MS);
    const row = this.#rows.get(room);
    if (row === undefined) {
      const counts = new Uint16Array(MINUTES);
      counts[minute % MINUTES] = 1;
      this.#rows.set(room, { minute, counts });
      return;
    }
    moveOn(row, minute);
    const at = row.minute % MINUTES;
    row.counts[at] = Math.min((row.counts[at] ?? 0) + 1, 0xffff);
  }

  /** The last `minutes` counts, the one under way last; empty where the room had none. */
  of(room: string, minutes: number, wall: number): number[] {
    const row = this.#rows.get(room);
    const now = Math.floor(wall / MINUTE_MS);
    if (row === undefined || now - row.minute >= MINUTES) return [];
    const counts: number[] = [];
    for (let minute = now - minutes + 1; minute <= now; minute++) {
      const isKept = minute <= row.minute && minute > row.minute - MINUTES;
      counts.push(isKept ? row.counts[minute % MINUTES] ?? 0 : 0);
    }
    return counts;
  }

  /** Forgets rooms that were silent for as long as is remembered. */
  sweep(wall: number): void {
    const now = Math.floor(wall / MINUTE_MS);
    for (const [room, { minute }] of this.#rows) {
      if (now - minute >= MINUTES) this.#rows.delete(room);
    }
  }

  get size(): number {
    return this.#rows.size;
  }
}

/** A clock that was set back adds to the latest minute known. */
function moveOn(row: Row, minute: number): void {
  const passed = Math.min(minute - row.minute, MINUTES);
  for (let step = 1; step <= passed; step++) {
    row.counts[(row.minute + step) % MINUTES] = 0;
  }
  row.minute = Math.max(row.minute, minute);
}
