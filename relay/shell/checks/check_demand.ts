/** The share of time that frames take is looked at over so long. */
const WINDOW_MS = 100;
/** From this share on one thread is too little, and below that it is enough again. */
const HOT_SHARE = 0.6;
const WARM_SHARE = 0.3;
/** So many windows in a row make it so. */
const HOT_WINDOWS = 2;
/** So long after the last one that was warm it is over. */
const COOL_MS = 500;

/** Says when one thread is too little for the frames that come. */
export class CheckDemand {
  #at = -Infinity;
  #busyMs = 0;
  #hot = 0;
  #isOn = false;
  #warmAt = -Infinity;

  /** Whether frames should be checked by others too. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /**
   * To be told often; costs next to nothing between windows.
   *
   * @param now monotonic milliseconds.
   * @param busyMs time that frames have taken so far.
   */
  note(now: number, busyMs: number): void {
    const span = now - this.#at;
    if (span < WINDOW_MS) return;
    const share = (busyMs - this.#busyMs) / span;
    this.#at = now;
    this.#busyMs = busyMs;
    this.#hot = share >= HOT_SHARE ? this.#hot + 1 : 0;
    if (share >= (this.#isOn ? WARM_SHARE : HOT_SHARE)) this.#warmAt = now;
    this.#isOn = this.#isOn
      ? now - this.#warmAt < COOL_MS
      : this.#hot >= HOT_WINDOWS;
  }
}
