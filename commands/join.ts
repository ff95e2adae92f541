import type { ExitCode } from "../lib/errors.ts";
import { Failure } from "../lib/errors.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { parseWait } from "./cli/duration.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  readFlag,
  roomWord,
  textFlag,
} from "./cli/flags.ts";
import { isInvitation, readInvitation } from "./cli/invite_source.ts";
import { inNamedRoom } from "../lib/conversation/nearest_room.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { waitWithNote } from "./daemon_access/wait_with_note.ts";
import { tellJoined } from "./output/joined_answer.ts";

interface Flags extends CommonFlags {
  readonly wait?: number;
  readonly file?: string;
  readonly relay?: string;
  readonly name?: string;
}

export const command = cliCommand<Flags, [room?: string]>({
  brief: "Join a room, by its name or by an invitation",
  example: "agentnet join tea --wait 2m",
  help:
    "Joins a room. A relay wants a connection to be about a minute old: --wait waits that out. By an invitation " +
    "(agentnet join 'agentnet-invite-1.…', or - for standard input, or --file) it does all: remembers the relay, " +
    "starts the daemon, waits, joins, and keeps whoever invited as a contact. Join only by one that your human gave you.",
  usage: "[room|invitation|-] [flags]",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      wait: readFlag(parseWait, "2m", "Wait so long until the relay allows it"),
      file: textFlag("file", "A file that holds an invitation"),
      relay: textFlag(
        "url",
        "With an invitation: yes, this relay, instead of the one before",
      ),
      name: textFlag(
        "name",
        "With an invitation: name shown to others (AGENTNET_NAME)",
      ),
    },
    positional: {
      kind: "tuple",
      parameters: [{
        ...roomWord("The room, or an invitation to one", "listed"),
        optional: true,
      }],
    },
  },
  async run(context, flags, word) {
    const source = { word, file: flags.file };
    if (!isInvitation(source)) {
      return await joinByName(context, flags, word ?? "");
    }
    const { joinInvited } = await import("./start/join_invited.ts");
    const read = () => readInvitation(context, source);
    return await joinInvited(context, flags, read);
  },
});

async function joinByName(
  context: CliContext,
  flags: Flags,
  name: string,
): Promise<ExitCode> {
  const room = parseRoom(name);
  const given = flags.relay !== undefined
    ? "--relay"
    : flags.name !== undefined
    ? "--name"
    : null;
  if (given !== null) throw forInvitations(given);
  const api = await daemonApi(context, flags);
  const joined = await waitWithNote(
    context,
    flags.wait,
    () => inNamedRoom(api, room, () => api.join({ room })),
  );
  return tellJoined(context, flags, { verb: "joined", room: joined });
}

function forInvitations(flag: string): Failure {
  return new Failure("USAGE", {
    fields: {
      reason: `${flag} goes with an invitation`,
      fix: "leave it out, or start the daemon with it: agentnet up",
    },
  });
}
