/** The way from one relay to others past the log, on which anything may be lost, doubled or late. */
export interface ViewBus {
  /** @param reply the subject at which an answer is heard. */
  say(subject: string, bytes: Uint8Array, reply?: string): void;
  /** Hears what is said at a subject, until the returned function is called. */
  hear(subject: string, heard: HeardAtSubject): () => void;
}

/** @param reply the empty text where no answer is wanted. */
export type HeardAtSubject = (bytes: Uint8Array, reply: string) => void;
