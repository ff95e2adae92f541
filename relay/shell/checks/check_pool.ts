import { CheckDemand } from "./check_demand.ts";
import { CheckLane, type CheckPort, type CheckTask } from "./check_lane.ts";

/** Without demand for so long the workers are ended. */
const IDLE_MS = 10_000;

export interface CheckPoolOptions {
  /** Has workers started, whose ports come through {@link CheckPool.connect}, or ended. */
  readonly want: (isWanted: boolean) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Workers that check frames, as long as one thread is too little for them: none of it on a relay at rest. */
export class CheckPool {
  readonly #options: CheckPoolOptions;
  readonly #demand = new CheckDemand();
  /** By the workers' numbers. */
  readonly #lanes = new Map<number, CheckLane>();
  #isWanted = false;
  #wantedAt = -Infinity;
  #stalls = 0;
  #checked = 0;

  constructor(options: CheckPoolOptions) {
    this.#options = options;
  }

  /** Takes the port of a worker that was just started, in place of the one of that number before it. */
  connect(worker: number, port: CheckPort): void {
    if (!this.#isWanted) return port.close();
    this.#lanes.get(worker)?.end();
    this.#lanes.set(worker, new CheckLane(port));
  }

  /** Whether a frame should be checked elsewhere just now, and can be. @param busyMs as for {@link CheckDemand.note} */
  mayTake(busyMs: number): boolean {
    this.#note(busyMs);
    return this.#demand.isOn && this.#freest() !== null;
  }

  /** Has frames checked, after {@link mayTake} said yes. Each is answered once: by null where that comes to nothing. */
  take(tasks: readonly CheckTask[]): void {
    this.#checked += tasks.length;
    this.#freest()?.give(tasks, this.#options.now());
  }

  /** About once a second. */
  tick(busyMs: number): void {
    this.#note(busyMs);
    const now = this.#options.now();
    for (const lane of this.#lanes.values()) {
      if (lane.takeBack(now)) this.#stalls++;
    }
    if (this.#isWanted && now - this.#wantedAt > IDLE_MS) this.#end();
  }

  /** For whoever watches the relay. */
  figures(): Readonly<Record<string, number>> {
    let waiting = 0;
    for (const lane of this.#lanes.values()) waiting += lane.waiting;
    return {
      check_workers: this.#lanes.size,
      checks_waiting: waiting,
      checks_elsewhere: this.#checked,
      check_stalls: this.#stalls,
    };
  }

  #note(busyMs: number): void {
    const now = this.#options.now();
    this.#demand.note(now, busyMs);
    if (!this.#demand.isOn) return;
    this.#wantedAt = now;
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#options.want(true);
  }

  #end(): void {
    this.#isWanted = false;
    for (const lane of this.#lanes.values()) lane.end();
    this.#lanes.clear();
    this.#options.want(false);
  }

  #freest(): CheckLane | null {
    let freest: CheckLane | null = null;
    for (const lane of this.#lanes.values()) {
      if (!lane.hasRoom) continue;
      if (freest === null || lane.waiting < freest.waiting) freest = lane;
    }
    return freest;
  }
}
