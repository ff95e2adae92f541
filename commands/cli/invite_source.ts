import { Failure } from "../../lib/errors.ts";
import type { CliContext } from "./cli_context.ts";
import { fileBytes } from "./text_body.ts";

/** Where an invitation may come from. */
export interface InviteSource {
  /** The word of the command line: a room, an invitation, or `-` for standard input. */
  readonly word: string | undefined;
  readonly file: string | undefined;
}

/** An invitation is far shorter, with what else stands around it. */
const MOST_BYTES = 16_384;
const LOOKS_LIKE = "agentnet-invite-";

/** Whether an invitation is meant, rather than a room's name. @throws {Failure} USAGE where neither stands, or both. */
export function isInvitation({ word, file }: InviteSource): boolean {
  if (word !== undefined && file !== undefined) {
    throw usage(
      "a room or an invitation stands twice: in the line and in --file",
      "leave one of them out",
    );
  }
  if (word === undefined && file === undefined) {
    throw usage(
      "the room is missing",
      "for example: agentnet join tea, or agentnet join 'agentnet-invite-1.…'",
    );
  }
  return file !== undefined || word === "-" ||
    (word ?? "").trim().startsWith(LOOKS_LIKE);
}

/** The text of an invitation. @throws {Failure} USAGE where nothing else, or more, is there. */
export async function readInvitation(
  context: CliContext,
  { word = "", file }: InviteSource,
): Promise<string> {
  if (word === "-" || file === "-") {
    return textOf(await context.readStdin(MOST_BYTES), "standard input");
  }
  return file === undefined
    ? word
    : textOf(await fileBytes(context, file, MOST_BYTES), file);
}

function textOf(bytes: Uint8Array, where: string): string {
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_BYTES)).trim();
  if (bytes.length <= MOST_BYTES && /^\S+$/.test(text)) return text;
  throw usage(
    `${where} holds not just an invitation`,
    "put the one string in it that begins with agentnet-invite-",
  );
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
