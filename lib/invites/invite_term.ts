/** How long an invitation may last, and does where nobody says it; milliseconds. */
export const INVITE_TERM = {
  leastMs: 60_000,
  mostMs: 90 * 24 * 3_600_000,
  defaultMs: 24 * 3_600_000,
} as const;
