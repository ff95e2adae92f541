import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";

/** A line's first word that was read as a flag, and the command's name. */
export interface ReadAsFlag {
  readonly name: string;
  readonly word: string;
}

/**
 * Refuses a flag in the place of a room where this agent is in a room that is called so: strangers name rooms, and one
 * called `--force` would lift a guard and make a room of the text's first word.
 *
 * @throws {Failure} USAGE with the line for either.
 */
export async function refuseRoomAsFlag(
  api: Pick<LocalApi, "status">,
  { name, word }: ReadAsFlag,
): Promise<void> {
  if (!await isRoom(api, word)) return;
  throw new Failure("USAGE", {
    fields: {
      reason: `'${word}' is a flag, and a room that this agent is in`,
      fix: `for the room put -- before it: agentnet ${name} -- ${word}; ` +
        "for the flag put another word before it, or leave that room",
    },
  });
}

/** False also where the daemon has no answer: then the command, which asks it next, has none either and says why. */
async function isRoom(
  api: Pick<LocalApi, "status">,
  word: string,
): Promise<boolean> {
  try {
    const { rooms } = await api.status();
    return rooms.some((room) => room.name === word);
  } catch (thrown) {
    if (thrown instanceof Failure) return false;
    throw thrown;
  }
}
