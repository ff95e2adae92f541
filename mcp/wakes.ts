import { pause } from "../lib/clock.ts";
import { Failure } from "../lib/errors.ts";
import { defined } from "../lib/defined.ts";
import type { Wake } from "../lib/local_api/types/wakes.ts";
import type { WakePolicy } from "../lib/local_api/wake_policy.ts";
import type { ToolContext } from "./tool_context.ts";

/** Who is woken by this server, and whose messages do it. */
export interface Watcher {
  /** What the daemon knows the session by. */
  readonly watcher: string;
  /** Default: as the settings say. */
  readonly wake?: Exclude<WakePolicy, "off">;
}

export interface TellWakesOptions extends Watcher {
  /** Brings a wake to the session. Rejects with a `Failure` when it did not come there. */
  readonly tell: (wake: Wake) => Promise<void>;
  /** Told why a wake did not come there, once until one did. */
  readonly onTrouble: (failure: Failure) => void;
  readonly signal: AbortSignal;
}

/** One request waits so long; milliseconds. */
const POLL_MS = 300_000;
/** Pause where no daemon answers, and where another watches for the same session; milliseconds. */
const AWAY_MS = 5_000;
const REPLACED_MS = 60_000;
/** After so many failures in a row it is not tried again: each costs a wake that another way could bring. */
const MOST_FAILURES = 3;

/** Brings each wake of a session to it, over daemons that come and go, until the signal is aborted. */
export async function tellWakes(
  context: ToolContext,
  options: TellWakesOptions,
): Promise<void> {
  const { tell, onTrouble, signal } = options;
  for (let failures = 0; failures < MOST_FAILURES && !signal.aborted;) {
    const wake = await nextWake(context, options);
    if (wake === null) continue;
    try {
      await tell(wake);
      failures = 0;
    } catch (thrown) {
      if (signal.aborted) return;
      if (++failures === 1) onTrouble(Failure.from(thrown));
    }
  }
}

/** A wake, or null where there was none for a while. */
async function nextWake(
  { clock, daemon }: ToolContext,
  { watcher, wake, signal }: TellWakesOptions,
): Promise<Wake | null> {
  try {
    const { api } = await daemon();
    const query = { watcher, wait_ms: POLL_MS, ...defined({ wake }) };
    const answer = await api.wake(query, signal);
    if (answer.replaced) await pause(clock, { ms: REPLACED_MS, signal });
    return answer.wake ?? null;
  } catch {
    // What keeps the daemon from being asked is told by who listens for messages (new_messages.ts).
    if (!signal.aborted) await pause(clock, { ms: AWAY_MS, signal });
    return null;
  }
}
