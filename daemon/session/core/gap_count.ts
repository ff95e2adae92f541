/** More messages a minute than a room can have are no messages: another room of that name has begun (protocol.md 6: 500). */
const MOST_A_MINUTE = 1_000;
const ALWAYS_LIKELY = 1_000;

/**
 * How many messages are missing before `seq`, when everything up to `lastSeq` was had.
 *
 * A relay numbers a room's messages without holes as long as the room lives; the numbers of a later room of the same
 * name begin far above. A jump that no room's life explains has no count.
 *
 * @param elapsedMs since the last message had
 * @returns 0 when none is missing, undefined when some may be and nobody knows how many
 */
export function missingBefore(
  seq: number,
  { lastSeq, elapsedMs }: {
    readonly lastSeq: number | undefined;
    readonly elapsedMs: number;
  },
): number | undefined {
  if (lastSeq === undefined || lastSeq === 0) return 0;
  const missing = seq - lastSeq - 1;
  if (missing <= 0) return 0;
  const likely = ALWAYS_LIKELY +
    Math.max(0, elapsedMs) / 60_000 * MOST_A_MINUTE;
  return missing <= likely ? missing : undefined;
}
