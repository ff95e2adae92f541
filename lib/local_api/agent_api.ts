import type { AnswerOf, OperationName, RequestOf } from "./operations.ts";
import type { ReceivedMessage } from "./types.ts";

/** Who does the operations: one method each, its request parsed already. Every method fails with a `Failure` alone. */
export type Operator = {
  readonly [Name in OperationName]: (
    request: RequestOf<Name>,
    /** Aborted when the caller went away. */
    signal: AbortSignal,
  ) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};

/** What the local API's routes need of the session: the seam between HTTP and everything behind it. */
export interface AgentApi extends Operator {
  /** Calls back for each message as it enters the mailbox; returns what ends that. */
  subscribe(listener: (message: ReceivedMessage) => void): () => void;
}
