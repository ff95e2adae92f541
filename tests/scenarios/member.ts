import type { StagedRelay } from "../../scripts/stage.ts";
import { percentile, watchMemory } from "../fakes/process_figures.ts";
import { pause } from "./crowd.ts";
import type { Stranger } from "./strangers.ts";
import { timedWorker } from "./timed_worker.ts";

/** What a logged-in member and the relay's memory felt of a flood. */
export interface FloodResult {
  readonly roundTrips: number;
  /** Of the member's pings, in milliseconds. */
  readonly p99: number;
  readonly worst: number;
  /** Resident memory at its peak over the start, in bytes. */
  readonly peakBytes: number;
  /** From the flood's end to an answer of `/ready`, in milliseconds. */
  readonly readyAfterMs: number;
}

/** How long a relay may take until it serves before that counts as never. */
const READY_MS = 30_000;

/** Floods a relay while a member, from another address, asks for a pong every 20 ms. */
export async function withMember(
  relay: StagedRelay,
  flood: Stranger,
  ms: number,
): Promise<FloodResult> {
  const module = new URL("./member_worker.ts", import.meta.url);
  const member = await timedWorker(module, relay.url);
  await pause(500);
  const memory = watchMemory(relay.process.pid);
  await flood(relay.url, ms);
  const from = performance.now();
  await ready(relay.url);
  const readyAfterMs = performance.now() - from;
  const peakBytes = memory.stop();
  const times = await member.stop();
  return {
    roundTrips: times.length,
    p99: percentile(times, 0.99),
    worst: Math.max(...times),
    ...{ peakBytes, readyAfterMs },
  };
}

/** Returns once the relay says that it serves; it may first say that this address has asked too much. */
async function ready(url: string): Promise<void> {
  const address = new URL("/ready", url.replace(/^ws/, "http"));
  const signal = AbortSignal.timeout(READY_MS);
  while (true) {
    const { ok, body } = await fetch(address, { signal });
    await body?.cancel();
    if (ok) return;
    await pause(50);
  }
}
