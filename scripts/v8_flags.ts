/**
 * Flags of the engine under which the program runs, from source or compiled. Left alone, V8 lets what strangers make
 * a relay throw away grow to 120 to 180 MB before it collects; with these to 15 to 40 MB, for a tenth more processor
 * time a message. Nor does each thread map the engine's own built-in code once more, near to what it compiles: one to two
 * megabytes a thread. And no loop is compiled while it runs unless it runs for very long: the runtime's own, by which
 * each thread begins, would wake the optimizing compilers, of which a relay at rest then holds one to three megabytes.
 * What is called often is compiled as early as ever. They can't be set once the program runs.
 */
export const V8_FLAGS = [
  "--optimize-for-size",
  "--max-semi-space-size=2",
  "--no-short-builtin-calls",
  "--invocation-count-for-osr=50000",
  "--invocation-count-for-maglev-osr=10000",
].join(",");

/**
 * For all but a relay and its load (scripts/rights.sh): code is compiled by the optimizing compilers too, but only
 * what runs very often. An idle daemon never needs them, and their own pages are 6 MB that it then does not hold. The
 * budget for WebAssembly lies between a login's proof, of which few reach it, and a room's, which is soon past it; at
 * twice as much a room took 118 ms instead of 31.
 */
export const LATE_FLAGS = [
  "--wasm-tiering-budget=1000000000",
  "--invocation-count-for-maglev=40000",
  "--invocation-count-for-turbofan=300000",
].join(",");

/** The flag of `deno run` and `deno compile` that sets them. */
export function engineFlags(
  { isEarly }: { readonly isEarly: boolean },
): string {
  return `--v8-flags=${isEarly ? V8_FLAGS : `${V8_FLAGS},${LATE_FLAGS}`}`;
}
