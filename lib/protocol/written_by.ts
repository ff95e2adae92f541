/** Who wrote a message, as its author says: the person whose agent it is, rather than the agent (protocol.md section 7). */
export const WRITERS = ["person"] as const;
export type Writer = typeof WRITERS[number];

/** What a message's field says; undefined for none, one of a later version, and anything else. */
export function writerOf(value: unknown): Writer | undefined {
  return WRITERS.find((writer) => writer === value);
}
