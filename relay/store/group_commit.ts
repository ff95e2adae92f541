import type { Clock, Timer } from "../../lib/clock.ts";
import type { StoreAnswer, StoreWrite } from "./contract.ts";
import { isFault } from "./database.ts";
import type { StorageFault } from "./storage_fault.ts";

/** A locked database is tried again after so long. */
const LOCK_PAUSE_MS = 25;
/** Commits follow one another for so long before the worker's other duties get a turn. */
const TURN_MS = 40;

export interface GroupCommitOptions {
  readonly clock: Clock;
  /** How long a write waits for company, where the commit before ended more lately than that. */
  readonly delayMs: number;
  /** Writes of one commit at most; so many waiting are committed at once. */
  readonly rows: number;
  /** How long a write waits for a locked database. */
  readonly lockedMs: number;
  /** Writes the group to disk, and returns only then. */
  readonly commit: (
    writes: readonly StoreWrite[],
  ) => readonly StoreAnswer[] | StorageFault;
  /** Gets the answers of one commit. */
  readonly answer: (answers: readonly StoreAnswer[]) => void;
  /** Called after each try. */
  readonly tried: () => void;
}

interface Waiting {
  readonly write: StoreWrite;
  readonly since: number;
}

/**
 * Commits writes together, in order: many fsyncs become one. One that comes alone is committed at once; what comes
 * while the disk is busy, or soon after, waits for company. What could not be committed is answered as failed; a
 * locked database is waited for first.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: Waiting[] = [];
  #timer: Timer | undefined;
  #added = 0;
  #answered = 0;
  #locked = false;
  /** When the last try ended, in monotonic milliseconds. */
  #triedAt = -Infinity;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Writes ever taken in. */
  get added(): number {
    return this.#added;
  }

  /** Writes ever answered; they are answered in order. */
  get answered(): number {
    return this.#answered;
  }

  /** The last try found the database locked. */
  get locked(): boolean {
    return this.#locked;
  }

  add(writes: readonly StoreWrite[]): void {
    if (writes.length === 0) return;
    const since = this.#options.clock.monotonic();
    for (const write of writes) this.#waiting.push({ write, since });
    this.#added += writes.length;
    const { delayMs } = this.#options;
    const isDue = this.#full() || since - this.#triedAt >= delayMs;
    if (isDue && !this.#locked) this.#turn();
    else this.#wake(delayMs);
  }

  /** Tries once to commit all that waits; what a locked database keeps from it is answered as failed. */
  finish(): void {
    this.#timer?.cancel();
    while (this.#waiting.length > 0) this.#try({ last: true });
  }

  #full(): boolean {
    return this.#waiting.length >= this.#options.rows;
  }

  #turn(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { clock, delayMs } = this.#options;
    const end = clock.monotonic() + TURN_MS;
    do this.#try({ last: false }); while (
      !this.#locked && this.#full() && clock.monotonic() < end
    );
    if (this.#waiting.length === 0) return;
    this.#wake(this.#locked ? LOCK_PAUSE_MS : this.#full() ? 0 : delayMs);
  }

  #wake(ms: number): void {
    this.#timer ??= this.#options.clock.after(ms, () => this.#turn());
  }

  #try({ last }: { last: boolean }): void {
    const group = this.#waiting.slice(0, this.#options.rows);
    const writes = group.map((one) => one.write);
    const outcome = this.#options.commit(writes);
    this.#locked = isFault(outcome) && outcome.kind === "busy";
    const wait = this.#locked && !last && !this.#tooOld(group[0]);
    if (!wait) {
      this.#waiting.splice(0, group.length);
      this.#answered += group.length;
      this.#options.answer(
        isFault(outcome) ? allFailed(writes, outcome) : outcome,
      );
    }
    this.#triedAt = this.#options.clock.monotonic();
    this.#options.tried();
  }

  #tooOld(first: Waiting | undefined): boolean {
    const { clock, lockedMs } = this.#options;
    return first !== undefined && clock.monotonic() - first.since >= lockedMs;
  }
}

function allFailed(
  writes: readonly StoreWrite[],
  { reason }: StorageFault,
): StoreAnswer[] {
  return writes.map(({ token }) => ({
    kind: "failed",
    token,
    why: "storage",
    reason,
  }));
}
