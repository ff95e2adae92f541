import { EXIT, type ExitCode } from "../../lib/errors.ts";
import { foreignName } from "../../lib/guards/fence.ts";
import type { CheckedInvitation } from "../../lib/invites/read_invite.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import { shortKey } from "../../lib/protocol/agent_id.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { waitWithCountdown } from "../daemon_access/wait_with_note.ts";
import { answer, note } from "../output/answer.ts";
import { tellJoined } from "../output/joined_answer.ts";
import { DEFAULT_WAIT_MS, type EnterFlags } from "./daemon_for_room.ts";
import { pinInviter } from "./pin_inviter.ts";

/**
 * Asks to be let into a private room. The daemon of an admin does it by itself, where one is there; else the answer says
 * that it is waited for, which this agent's daemon does.
 *
 * @throws {Failure} as the daemon's API.
 */
export async function joinPrivate(
  context: CliContext,
  flags: EnterFlags,
  { invitation, text, api }: {
    readonly invitation: CheckedInvitation;
    readonly text: string;
    readonly api: LocalApi;
  },
): Promise<ExitCode> {
  const { relay, by, name } = invitation;
  const { status, room, admin } = await waitWithCountdown(
    context,
    flags.wait ?? DEFAULT_WAIT_MS,
    () => api.join_private({ invite: text }),
  );
  const { inviter, words } = await pinInviter(api, { id: by, name });
  note(context, words);
  const json = { ...room, status, admin, relay: relay.href, inviter };
  if (status === "joined") {
    return tellJoined(context, flags, { verb: "joined", room, json });
  }
  const who = foreignName(admin.name || shortKey(admin.id));
  const where = admin.connected ? "connected" : "away";
  answer(context, flags, {
    json,
    text: () => `asked; waits for the daemon of an admin: ${who} (${where})`,
  });
  if (admin.connected) {
    note(
      context,
      "the admin is there and does not answer: its daemon may be an older one, which does not say that an invitation has ended; ask your human",
    );
  }
  return EXIT.kept;
}
