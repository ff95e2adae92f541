import { newestCursor } from "../lib/conversation/question.ts";
import { pause } from "../lib/clock.ts";
import { Failure } from "../lib/errors.ts";
import type { ToolContext } from "./tool_context.ts";

/** How long one request waits before it is asked again, in milliseconds. */
const POLL_MS = 300_000;
/** Pause where there is no daemon, or it fails, in milliseconds. */
const PAUSE_MS = 5_000;

export interface WatchOptions {
  /** Told the rooms in which something came, each once. */
  readonly onNew: (rooms: readonly string[]) => Promise<void>;
  /** Told why nothing can be heard, once until something can. */
  readonly onTrouble: (failure: Failure) => void;
  readonly signal: AbortSignal;
}

/** Listens for new messages until the signal is aborted, over daemons that come and go. Marks nothing read. */
export async function watchMessages(
  context: ToolContext,
  { onNew, onTrouble, signal }: WatchOptions,
): Promise<void> {
  let isTold = false;
  for (let after: number | null = null; !signal.aborted;) {
    try {
      const { api } = await context.daemon();
      after ??= await newestCursor(api);
      isTold = false;
      const wait = { after, wait_ms: POLL_MS, background: true };
      const { messages } = await api.messages(wait, signal);
      const last = messages.at(-1);
      if (last === undefined) continue;
      after = last.cursor;
      await onNew([...new Set(messages.map(({ room }) => room))]);
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isTold) onTrouble(Failure.from(thrown));
      isTold = true;
      await pause(context.clock, { ms: PAUSE_MS, signal });
    }
  }
}
