import type { StoreReady } from "../../relay/store/contract.ts";
import type { CoreSettings } from "../../relay/core/settings.ts";
import { agent } from "./agents.ts";
import { type BedLine, CoreBed } from "./core_bed.ts";
import { DiskStore } from "./disk_store.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** How long rooms stay where an operator says nothing. */
export const ROOM_DEFAULTS = { roomIdleMs: 30 * DAY, roomEmptyMs: 7 * DAY };
const LEFT = { features: ["ack", "closed", "history", "left"] };

/** A line of an agent whose client knows what a leave is answered with. */
export function login(bed: CoreBed, n: number, address?: string): BedLine {
  return bed.login(bed.maker(agent(n)), LEFT, address);
}

/** A relay over a real database, which starts anew on what the one before left. */
export class RestartingRelay implements Disposable {
  readonly #store = new DiskStore();
  readonly #settings: Partial<CoreSettings>;
  bed: CoreBed;

  constructor(settings: Partial<CoreSettings> = {}) {
    this.#settings = { ...ROOM_DEFAULTS, ...settings };
    this.bed = this.#start({ wall: 1_800_000_000_000, mono: 1_000_000 });
  }

  /** Stops the relay, and starts it after so many milliseconds. */
  restart(afterMs = 0): CoreBed {
    const { wall } = this.bed.now;
    return this.bed = this.#start({ wall: wall + afterMs, mono: 500 });
  }

  ready(): StoreReady {
    return this.#store.ready();
  }

  [Symbol.dispose](): void {
    this.#store.close();
  }

  #start(now: CoreBed["now"]): CoreBed {
    const bed = new CoreBed(this.#settings, this.#store);
    bed.now = now;
    bed.core.restore(this.#store.ready(), now);
    return bed;
  }
}

/** Goes on for a long time, with a tick a minute and every line heard of. */
export function live(
  bed: CoreBed,
  ms: number,
  lines: readonly BedLine[] = [],
): void {
  for (let left = ms; left > 0; left -= MINUTE) {
    bed.pass(Math.min(left, MINUTE));
    for (const line of lines) bed.ask(line, '{"type":"ping"}');
  }
}
