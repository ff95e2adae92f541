import type { AnswerOf, OperationName, RequestOf } from "./operations.ts";
import type { AttachedFile } from "../protocol/attached_file.ts";
import type { FileWanted, TakenFile } from "./types/files.ts";
import type { MessageQuery } from "./types/mailbox.ts";
import type { ReceivedMessage } from "./types/messages.ts";

/** Who does the operations: one method each, its request parsed already. Every method fails with a `Failure` alone. */
export type Operator = {
  readonly [Name in OperationName]: (
    request: RequestOf<Name>,
    /** Aborted when the caller went away. */
    signal: AbortSignal,
  ) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};

/** What is done with files, whose bytes are no JSON. */
export interface FileApi {
  /** Takes in the file of a message. Yields how many bytes are at the relay, now and then. */
  take(
    wanted: FileWanted,
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<number, TakenFile>;
  /** The file of a message, piece by piece; only the end says that it is the right one. */
  give(
    query: MessageQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, AttachedFile>;
}

/** What the local API's routes need of the session: the seam between HTTP and everything behind it. */
export interface AgentApi extends Operator {
  readonly fileApi: FileApi;
  /** Calls back for each message as it enters the mailbox; returns what ends that. */
  subscribe(listener: (message: ReceivedMessage) => void): () => void;
}
