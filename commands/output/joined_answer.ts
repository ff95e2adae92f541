import { EXIT, type ExitCode } from "../../lib/errors.ts";
import type { JoinedRoom } from "../../lib/local_api/types/rooms.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { answer } from "./answer.ts";
import { newFence } from "../../lib/rendering/render_context.ts";
import { joinedLines } from "../../lib/rendering/room_listing.ts";

/** Answers with a room and its members; its topic, tags and their names are others' text. */
export function tellJoined(
  context: CliContext,
  flags: { readonly json?: boolean },
  { verb, room, json = room }: {
    verb: string;
    room: JoinedRoom;
    json?: JoinedRoom;
  },
): ExitCode {
  const text = () => {
    const fence = newFence(context);
    return [verb, fence.open, ...joinedLines(room), fence.close].join("\n");
  };
  answer(context, flags, { json, text });
  return EXIT.done;
}
