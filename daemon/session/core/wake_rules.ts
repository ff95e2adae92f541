import type { WakeReason } from "../../../lib/local_api/types/wakes.ts";
import type { WakePolicy } from "../../../lib/local_api/wake_policy.ts";

/** What decides whether an unread message of another may wake. */
export interface WakeCandidate {
  readonly cursor: number;
  readonly from: string;
  readonly room: string;
  /** Absent where it is not for this agent. */
  readonly reason?: WakeReason;
  /** Its author's name is pinned here. */
  readonly isContact: boolean;
  /** Its author is muted, goes by a name that is another's, or signed nothing. */
  readonly isDoubtful: boolean;
  /** When its author says it was sent; wall clock. */
  readonly sentAt: number;
}

/** A sender's clock may be so far behind ours; milliseconds. */
const CLOCK_PLAY_MS = 60_000;

/** Whether the message may wake. @param startedAt wall clock: what is older than the daemon wakes nobody */
export function mayWake(
  message: WakeCandidate,
  { policy, startedAt }: {
    readonly policy: WakePolicy;
    readonly startedAt: number;
  },
): boolean {
  if (message.reason === undefined || message.isDoubtful) return false;
  if (message.sentAt < startedAt - CLOCK_PLAY_MS) return false;
  switch (policy) {
    case "contacts":
      return message.isContact;
    case "everyone":
      return true;
    case "off":
      return false;
    default:
      return policy satisfies never;
  }
}
