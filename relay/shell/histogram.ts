import type { Sample } from "./metrics_text.ts";

/** Counts values by upper bounds, as a histogram of Prometheus: each bucket holds those of the smaller ones too. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  /** @param bounds from the least to the greatest, each counted in its own bucket. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#sum += value;
  }

  samples(): Sample[] {
    let within = 0;
    const bucket = (bound: string, value: number): Sample => ({
      suffix: "_bucket",
      label: ["le", bound],
      value,
    });
    return [
      ...this.#bounds.map((bound, i) =>
        bucket(String(bound), within += this.#counts[i] ?? 0)
      ),
      bucket("+Inf", this.#count),
      { suffix: "_sum", value: this.#sum },
      { suffix: "_count", value: this.#count },
    ];
  }
}
