/** An operator ended the room on purpose: nobody's program makes it again by itself. */
export const CLOSED_BY_OPERATOR = "closed by the operator";

/** Why a relay ended a room, as `room.closed` says it (protocol.md section 7); another relay may say anything. */
const CLOSED_REASONS = [
  "the last member left",
  "nobody came back",
  "idle",
  "its place was needed",
  CLOSED_BY_OPERATOR,
] as const;
export type ClosedReason = typeof CLOSED_REASONS[number];

/** The reason where it is one of ours, which can be shown; undefined for any other text. */
export function knownClosedReason(reason: string): ClosedReason | undefined {
  return CLOSED_REASONS.find((known) => known === reason);
}
