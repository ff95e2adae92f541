import type { Clock } from "../../../lib/clock.ts";
import type { WhoAmI } from "../../../lib/local_api/types/daemon.ts";
import type { Logger } from "../../../lib/log.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import type { Arrivals } from "../read/arrivals.ts";
import type { HeardReceipts } from "../receipts/heard_receipts.ts";
import type { Reconnect } from "../reconnect.ts";
import type { OwnMessages } from "../send/own_messages.ts";
import type { StoredState } from "../stored_state.ts";

/** What the parts of private rooms are made of. */
export interface SealedOptions {
  readonly me: WhoAmI;
  readonly stored: StoredState;
  readonly askKeys: AskKeys;
  readonly verifier: Verifier;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly own: Pick<OwnMessages, "numbered">;
  readonly arrivals: Pick<Arrivals, "arrived">;
  /** Told of each receipt that was opened. */
  readonly receipts: Pick<HeardReceipts, "note">;
  /** Whether authors are told what becomes of their messages. */
  readonly tellsReceipts: boolean;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Logger;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}
