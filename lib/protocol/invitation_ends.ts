/** Why an invitation lets nobody in any more: its uses are taken, its term is over, or a removal ended it. */
export const INVITATION_ENDS = ["used_up", "expired", "ended"] as const;
export type InvitationEnd = typeof INVITATION_ENDS[number];

/** The same in words. */
export const INVITATION_END_TEXT: Readonly<Record<InvitationEnd, string>> = {
  used_up: "it was used as often as it may be",
  expired: "its term is over",
  ended: "it ended when somebody was removed, or left",
};
