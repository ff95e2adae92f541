import type { DeliveredMessage } from "../../../lib/protocol/frames.ts";

/** A message of which it is known who signed it, or that nobody can know. */
export interface VerifiedMessage {
  readonly frame: DeliveredMessage;
  readonly verified: boolean;
}
