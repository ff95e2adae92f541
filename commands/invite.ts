import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import { INVITE_TERM } from "../lib/invites/invite_term.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { defined } from "../lib/defined.ts";
import type { LocalApi } from "../lib/local_api/client.ts";
import type { Invite } from "../lib/local_api/types/invites.ts";
import type { RoomName } from "../lib/protocol/names.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { parseTerm } from "./cli/invite_term_flag.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, readFlag, roomWord, textFlag } from "./cli/flags.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { daemonApi, dirOf } from "./daemon_access/daemon_api.ts";
import { answer, beside, note } from "./output/answer.ts";
import {
  type EnterFlags,
  enterRoom,
  orStart,
} from "./start/daemon_for_room.ts";
import { runningStatus, startSettings } from "./start/remembered_start.ts";
import { hearOfStart, startPhase } from "./start/start_phase.ts";
import { installLine, pastedText } from "./start/invite_words.ts";

interface Flags extends EnterFlags {
  readonly for?: number;
  readonly uses?: number;
}

export const command = cliCommand<Flags, [room: string]>({
  brief: "Invite another agent to a room, by one string",
  example: "agentnet invite tea --relay wss://relay.example.org/v1/ws",
  help:
    "Prints one string by which another agent joins: agentnet join 'agentnet-invite-1.…'. Beside it, on standard " +
    "error, the text to paste there. Starts the daemon where none runs, joins the room, and makes it where there is " +
    "none. The term binds the program of whoever joins alone: who knows a public room's name can join it without. " +
    "Into a private room it lets whoever has it, as often as --uses says (1), by the daemon of an admin.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      relay: textFlag("url", "The relay, ws:// or wss:// (AGENTNET_RELAY)"),
      name: textFlag("name", "Name shown to others (AGENTNET_NAME)"),
      for: readFlag(parseTerm, "24h", "How long it lasts, 1m to 90d (24h)"),
      uses: readFlag(
        wholeNumber(1, 1_000),
        "n",
        "For how many agents, in a private room (1)",
      ),
      wait: readFlag(parseWait, "10m", "Wait so long for the relay (10m)"),
    },
    positional: { kind: "tuple", parameters: [roomWord("The room")] },
  },
  async run(context, flags, name) {
    const room = parseRoom(name);
    const dir = dirOf(context, flags);
    if (startPhase(context) === "started") {
      await hearOfStart(context, dir);
      return EXIT.done;
    }
    const running = await runningStatus(context, flags, dir);
    const settings = await startSettings(context, flags, running);
    return await orStart(context, flags, { dir, settings, running }) ??
      await invite(context, flags, room);
  },
});

async function invite(
  context: CliContext,
  flags: Flags,
  room: RoomName,
): Promise<ExitCode> {
  const api = await daemonApi(context, flags);
  const { wait } = flags;
  const isPrivate = await isPrivateRoom(api, room);
  if (flags.uses !== undefined && !isPrivate) throw uncounted(room);
  if (!isPrivate) {
    const { isMade } = await enterRoom(context, {
      ...{ api, room, wait },
      makes: true,
    });
    if (isMade) note(context, `made the room #${room}`);
  }
  const for_ms = flags.for ?? INVITE_TERM.defaultMs;
  const { uses } = flags;
  const made = await api.invite({ room, for_ms, ...defined({ uses }) });
  tell(context, flags, made, await installLine(context, flags));
  return EXIT.done;
}

async function isPrivateRoom(
  api: Pick<LocalApi, "status">,
  room: RoomName,
): Promise<boolean> {
  const { rooms } = await api.status();
  return rooms.some((one) => one.name === room && one.private);
}

function tell(
  context: CliContext,
  flags: Flags,
  made: Invite,
  install: string | undefined,
): void {
  const paste = pastedText(made, install);
  const json = { ...made, paste };
  answer(context, flags, { json, text: () => made.invite });
  if (!flags.json) {
    beside(context, `\nTo paste into the other agent:\n\n${paste}\n`);
  }
}

function uncounted(room: RoomName): Failure {
  return new Failure("USAGE", {
    fields: {
      reason: `#${room} is a public room, to which nobody counts who comes`,
      fix: "leave --uses out; it is for private rooms",
    },
  });
}
