import { setImmediate } from "node:timers";

/** Milliseconds of work before sockets and timers are looked at again. */
const SLICE_MS = 8;
/** What a piece of work counts as at least. */
const LEAST_MS = 0.01;
/** Payers without work that are remembered until they owe nothing. */
const MOST_IDLE = 4_096;

/** What has work for the event loop: a connection of either kind. */
export interface Source {
  /** Who the time is charged to; work of one payer is done in order of its sources. */
  readonly payer: string;
  /** Whether a piece of work can be done now. */
  readonly mayWork: boolean;
  /** Whether work waits for what others say when: {@link FairTurns.release} looks at it again. */
  readonly awaitsRelease?: boolean;
  /** Set by {@link FairTurns} alone. */
  isQueued: boolean;
  /** Does one piece. */
  work(): void;
}

export interface FairTurnsOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Runs its argument soon, and after other IO had a chance if `isBusy`. */
  readonly defer?: (action: () => void, isBusy: boolean) => void;
}

interface Line {
  /** Virtual time at which its next piece begins: what it has used, in milliseconds. */
  start: number;
  /** Place in the heap; -1 without work. */
  at: number;
  readonly sources: Source[];
}

/**
 * Shares the event loop's time out among payers, whatever each piece of their work costs: the one that has used least
 * comes first (start-time fair queuing, Goyal 1996). Who asks for little is next at once; who asks for much waits behind
 * all others, and takes what they leave.
 */
export class FairTurns {
  readonly #now: () => number;
  readonly #defer: (action: () => void, isBusy: boolean) => void;
  readonly #lines = new Map<string, Line>();
  /** Lines with work, the least start first. */
  readonly #heap: Line[] = [];
  /** Those whose work may not be done yet. */
  readonly #held = new Set<Source>();
  #virtual = 0;
  #isScheduled = false;
  #isRunning = false;
  #busyMs = 0;

  constructor({ now, defer = deferred }: FairTurnsOptions) {
    this.#now = now;
    this.#defer = defer;
  }

  /** Call whenever a source may have work. */
  add(source: Source): void {
    if (source.isQueued) return;
    if (!source.mayWork) return this.#hold(source);
    source.isQueued = true;
    const line = this.#line(source.payer);
    line.sources.push(source);
    if (line.at < 0) this.#enter(line);
    this.#schedule(false);
  }

  /** A source is gone, and whatever waits of it. */
  forget(source: Source): void {
    this.#held.delete(source);
  }

  /** What kept work from being done may be over. Costs what is held, however many sources there are. */
  release(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const source of held) this.add(source);
  }

  /** Time that work in turns has taken so far, but for the run under way. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** Charges a payer for work that was done outside of its turns. */
  charge(payer: string, ms: number): void {
    const line = this.#line(payer);
    line.start = Math.max(line.start, this.#virtual) + ms;
    if (line.at >= 0) this.#sink(line);
  }

  #line(payer: string): Line {
    const known = this.#lines.get(payer);
    if (known !== undefined) return known;
    if (this.#lines.size >= this.#heap.length + MOST_IDLE) this.#forgetIdle();
    const line: Line = { start: this.#virtual, at: -1, sources: [] };
    this.#lines.set(payer, line);
    return line;
  }

  /** Drops who has no work, and with it what they owe. */
  #forgetIdle(): void {
    for (const [payer, line] of this.#lines) {
      if (line.at < 0) this.#lines.delete(payer);
    }
  }

  #schedule(isBusy: boolean): void {
    if (this.#isScheduled || this.#isRunning) return;
    this.#isScheduled = true;
    this.#defer(() => {
      this.#isScheduled = false;
      this.#isRunning = true;
      try {
        this.#run();
      } finally {
        this.#isRunning = false;
        if (this.#heap.length > 0) this.#schedule(true);
      }
    }, isBusy);
  }

  #run(): void {
    const from = this.#now();
    const end = from + SLICE_MS;
    let now = from;
    for (let line = this.#heap[0]; line !== undefined; line = this.#heap[0]) {
      this.#virtual = Math.max(this.#virtual, line.start);
      const began = now;
      this.#turn(line);
      now = this.#now();
      line.start = Math.max(line.start, this.#virtual) +
        Math.max(LEAST_MS, now - began);
      if (line.sources.length > 0) this.#sink(line);
      else this.#exit(line);
      if (now >= end) break;
    }
    this.#busyMs += now - from;
  }

  #turn(line: Line): void {
    const source = line.sources.shift();
    if (source === undefined) return;
    source.isQueued = false;
    if (source.mayWork) source.work();
    if (source.isQueued) return;
    if (!source.mayWork) return this.#hold(source);
    // It may have come to another payer with what it did.
    const payer = this.#lines.get(source.payer);
    if (payer !== line) return this.add(source);
    source.isQueued = true;
    line.sources.push(source);
  }

  #hold(source: Source): void {
    if (source.awaitsRelease) this.#held.add(source);
  }

  #enter(line: Line): void {
    line.start = Math.max(line.start, this.#virtual);
    line.at = this.#heap.push(line) - 1;
    this.#rise(line);
  }

  #exit(line: Line): void {
    const { at } = line;
    const last = this.#heap.pop();
    line.at = -1;
    if (last === undefined || last === line) return;
    this.#place(last, at);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(line: Line): void {
    while (line.at > 0) {
      const above = this.#heap[(line.at - 1) >> 1];
      if (above === undefined || above.start <= line.start) return;
      this.#swap(above, line);
    }
  }

  #sink(line: Line): void {
    for (;;) {
      const left = this.#heap[2 * line.at + 1];
      const right = this.#heap[2 * line.at + 2];
      const least = right !== undefined && left !== undefined &&
          right.start < left.start
        ? right
        : left;
      if (least === undefined || least.start >= line.start) return;
      this.#swap(line, least);
    }
  }

  #swap(upper: Line, lower: Line): void {
    const { at } = upper;
    this.#place(upper, lower.at);
    this.#place(lower, at);
  }

  #place(line: Line, at: number): void {
    line.at = at;
    this.#heap[at] = line;
  }
}

/** Whom the work for an address that is nobody yet is charged to. */
export function payerOf(address: string): string {
  return `address ${address}`;
}

/** An immediate that is asked for by an immediate keeps Deno from reading any socket; a timer doesn't. */
function deferred(action: () => void, isBusy: boolean): void {
  if (isBusy) setTimeout(action, 0);
  else setImmediate(action);
}
