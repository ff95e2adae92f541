import type { Now } from "../events.ts";
import type { LogTakingView } from "./log_port.ts";

/** A relay whose ticks were not seen for so long is without the log: it takes nothing in and delivers nothing. */
const LOST_MS = 3_000;
/** Its agents are better off elsewhere after so long. */
export const FORSAKEN_MS = 60_000;
/** A clock so far from the log's makes frames look too old or too new. */
const SKEW_MS = 2_000;

/** How far a copy of another relay's view is. */
export type Taking = Omit<LogTakingView, "type">;

interface Progress {
  readonly position: number;
  readonly end: number;
}

/** Whether a relay of a cluster may serve, and why not. */
export class LogHealth {
  /** When an own batch was seen last, or the relay caught up; monotonic. Null before that. */
  #seenAt: number | null = null;
  #now = 0;
  #skew: number | null = null;
  #progress: Progress | null = null;
  #taking: Taking | null = null;
  #unfit: string | null = null;
  #viewFault: string | null = null;

  /** Own batches come back, from now on. */
  seen(now: Now): void {
    this.#seenAt = this.#now = now.mono;
  }

  /**
   * How far it has come.
   *
   * @param position the last place of the log that is applied.
   * @param end where the log ended when it was opened; null for one who has been there.
   */
  came(position: number, end: number | null): void {
    if (end !== null) this.#progress = { position, end };
  }

  /** Another relay's view is on its way, in place of this one's; null: none is needed. */
  takes(taking: Taking | null): void {
    this.#taking = taking;
  }

  get isTaking(): boolean {
    return this.#taking !== null;
  }

  /** Whether it says and takes in nothing, since it has to begin anew first. */
  get isOut(): boolean {
    return this.isUnfit || this.isTaking;
  }

  /** Places of the log that are still missing of those that it had when it was opened. */
  get behind(): number {
    if (this.#progress === null) return 0;
    const { position, end } = this.#progress;
    return Math.max(0, end - position);
  }

  /** @param skewMs this relay's clock less the log's. */
  measured(skewMs: number): void {
    this.#skew = skewMs;
  }

  /** It may never serve again as it is. */
  condemn(reason: string): void {
    this.#unfit = reason;
  }

  /** The view could not be written; null: it could. */
  viewFault(reason: string | null): void {
    this.#viewFault = reason;
  }

  tick(now: Now): void {
    this.#now = now.mono;
  }

  get skewMs(): number | null {
    return this.#skew;
  }

  get isUnfit(): boolean {
    return this.#unfit !== null;
  }

  /** How long no own batch was seen; 0 before the relay has caught up. */
  get silentMs(): number {
    return this.#seenAt === null ? 0 : this.#now - this.#seenAt;
  }

  /** Whether the log is out of reach: nothing is taken in meanwhile. */
  get isLost(): boolean {
    return this.silentMs >= LOST_MS;
  }

  /** Why it does not serve; null when it does. */
  get trouble(): string | null {
    if (this.#unfit !== null) return this.#unfit;
    if (this.#taking !== null) return takingView(this.#taking);
    if (this.#viewFault !== null) {
      return `the view can't be written: ${this.#viewFault}`;
    }
    if (this.#seenAt === null) return catchingUp(this.#progress);
    if (this.isLost) return "the log does not take what this relay says";
    const skew = this.#skew ?? 0;
    return Math.abs(skew) > SKEW_MS
      ? `this host's clock is ${Math.abs(Math.round(skew))} ms ${
        skew < 0 ? "behind" : "ahead of"
      } the log's`
      : null;
  }
}

function catchingUp(progress: Progress | null): string {
  if (progress === null) return "waiting for the log's servers";
  const { position, end } = progress;
  return position < end
    ? `catching up with the log: ${position} of ${end}`
    : "waiting for what the other relays say";
}

function takingView({ node, bytes, size }: Taking): string {
  const what = "the log's beginning is gone, and another relay's view is taken";
  if (node === null) return `${what}: asking who gives it`;
  if (size === null) return `${what}: ${node} makes a copy`;
  return `${what}: ${bytes} of ${size} bytes from ${node}`;
}
