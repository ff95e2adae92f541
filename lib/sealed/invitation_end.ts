import type { Epoch } from "./chain.ts";
import type { InvitationEnd } from "../protocol/invitation_ends.ts";

/**
 * Why an invitation that one agent made lets nobody in any more; undefined for one that is open, another's, or of which
 * no epoch that counts says anything.
 *
 * @param path the epochs that count, the one in force last
 */
export function invitationEnd(
  path: readonly Epoch[],
  { pub, by, now }: {
    /** The invitation's public key. */
    readonly pub: string;
    readonly by: string;
    /** Milliseconds since 1970. */
    readonly now: number;
  },
): InvitationEnd | undefined {
  const inviteIn = ({ state }: Epoch) =>
    state.invites.find((one) => one.pub === pub && one.by === by);
  const last = path.findLastIndex((epoch) => inviteIn(epoch) !== undefined);
  const invite = last < 0 ? undefined : inviteIn(path[last]!);
  if (invite === undefined) return undefined;
  const next = path[last + 1]?.state;
  if (next === undefined) return invite.until < now ? "expired" : undefined;
  const came = (next.joined ?? []).filter(([, by]) => by === pub).length;
  if (came >= invite.uses) return "used_up";
  return invite.until < (next.at ?? now) ? "expired" : "ended";
}
