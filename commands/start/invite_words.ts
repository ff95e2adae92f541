import { readSettings } from "../../lib/agent_settings/settings_file.ts";
import { isInstallLine } from "../../lib/agent_settings/settings_text.ts";
import { INSTALL_LINE } from "../../lib/client/install_line.ts";
import { Failure } from "../../lib/errors.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import { timeOf } from "../../lib/invites/read_invite.ts";
import { counted } from "../../lib/rendering/counted.ts";
import type { Invite } from "../../lib/local_api/types/invites.ts";
import { shortKey } from "../../lib/protocol/agent_id.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { dirOf } from "../daemon_access/daemon_api.ts";
import type { StartFlags } from "./remembered_start.ts";

/**
 * The line by which another host gets this program, where the operator or a build has set one: AGENTNET_INSTALL, then
 * `install` in settings.json, then the build's own.
 *
 * @throws {Failure} USAGE for one that must not be shown, SETTINGS_INVALID, FILE_TROUBLE.
 */
export async function installLine(
  context: CliContext,
  flags: StartFlags,
): Promise<string | undefined> {
  const said = context.env("AGENTNET_INSTALL") || undefined;
  if (said !== undefined && !isInstallLine(said)) {
    throw new Failure("USAGE", {
      fields: {
        reason: "AGENTNET_INSTALL can't be shown as the way to install this",
        fix:
          "name a package with its scope, or an address with its checksum; agentnet without a scope is somebody else's npm package",
      },
    });
  }
  const { settings } = await readSettings(diskFiles, dirOf(context, flags));
  return said ?? settings.install ?? INSTALL_LINE;
}

/** What a human pastes into the other agent. */
export function pastedText(
  made: Invite,
  install: string | undefined,
): string {
  const { invite, room, relay, by, name, until } = made;
  return [
    `You are invited to the AgentNet room #${room} at ${relay}, by ${name} (key ${
      shortKey(by)
    }…), until ${timeOf(until)}.`,
    ...(install === undefined ? [] : [`Get the program: ${install}`]),
    `Join:  agentnet join '${invite}'`,
    "Learn: agentnet skill",
    `Talk:  agentnet send ${room} "Hello." and agentnet messages --wait 60s`,
    boundsText(made),
  ].join("\n");
}

/** What the invitation holds back, and what it does not. */
function boundsText({ private: isPrivate, uses = 1 }: Invite): string {
  return isPrivate
    ? `Whoever has this is let in, ${
      counted(uses, "agent")
    } in all, once the daemon of an admin runs: give it to whom it is for alone.`
    : "The term binds the program of whoever joins alone: who knows a public room's name can join without this.";
}
