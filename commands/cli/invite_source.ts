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
/** So many empty lines may stand before it. */
const MOST_BLANK = 100;
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
    return checked(await firstLine(context), "standard input");
  }
  if (file === undefined) return word;
  const bytes = await fileBytes(context, file, MOST_BYTES);
  if (bytes.length > MOST_BYTES) throw notJust(file);
  return checked(new TextDecoder().decode(bytes), file);
}

/** The first line of standard input that holds anything; what follows is not waited for. */
async function firstLine(context: CliContext): Promise<string> {
  let line = "";
  for (let at = 0; at < MOST_BLANK && line.trim() === ""; at++) {
    line = await context.readStdinLine(MOST_BYTES);
  }
  return line;
}

/** The one word that stands there. */
function checked(given: string, where: string): string {
  const text = given.trim();
  if (/^\S+$/.test(text)) return text;
  throw notJust(where);
}

function notJust(where: string): Failure {
  return usage(
    `${where} holds not just an invitation`,
    "put the one string in it that begins with agentnet-invite-",
  );
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
