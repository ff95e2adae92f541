import { refuseRoomAsFlag } from "../../lib/conversation/room_as_flag.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { FirstFlag } from "../cli/cli_command.ts";
import type { CommonFlags } from "../cli/flags.ts";
import { daemonApi } from "./daemon_api.ts";

/** The `checkFirst` of a command whose first word is a room: the check throws as {@link refuseRoomAsFlag}. */
export function roomFirst(name: string) {
  return async (
    context: CliContext,
    flags: CommonFlags,
    { word }: FirstFlag,
  ): Promise<void> => {
    const api = await daemonApi(context, flags);
    await refuseRoomAsFlag(api, { name, word });
  };
}
