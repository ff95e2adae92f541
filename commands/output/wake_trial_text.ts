import type { WakeTrial } from "../../lib/conversation/wake_trial.ts";
import { fencedText } from "../../lib/guards/fence.ts";
import { spanText } from "../../lib/rendering/time_text.ts";

/** How far a wake came, and what to do about it. */
export function wakeTrialText(trial: WakeTrial, now: number): string {
  const { agent, last_heard, woken_after_ms = 0 } = trial;
  const who = `${fencedText(agent.name)} ${agent.id.slice(0, 8)}`;
  const heard = last_heard === undefined
    ? ""
    : `, last heard ${spanText(now - last_heard)} ago`;
  switch (trial.stage) {
    case "untold":
      return `${who}: its program or the relay does not tell whether it can be woken`;
    case "away":
      return `${who} is not connected${heard}: what is said waits in the room`;
    case "no":
      return `${who} is connected${heard}; nothing waits to wake it (agentnet watch, hook or mcp on its side)`;
    case "braked":
      return `${who} is connected${heard}; its brakes hold back every wake just now`;
    case "sent":
      return `${who} was called and not woken: it may not have you among its contacts (agentnet pin on its side), or was woken just before`;
    case "woken":
      return `${who} was woken within ${(woken_after_ms / 1000).toFixed(1)} s`;
    default:
      return trial.stage satisfies never;
  }
}
