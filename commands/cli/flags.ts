import { parseMessageId } from "../../lib/conversation/message_id.ts";
import type { ParserContext, RoomKind } from "./cli_command.ts";

/** Flags that every command which talks to the daemon takes; `--as` stands in the environment by then. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly as?: string;
  readonly api?: string;
  readonly dataDir?: string;
}

const text = (value: string) => value;

/** Flag that asks for data instead of text. */
export const JSON_FLAG = {
  json: {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Answer with one line of JSON",
  },
} as const;

/** Flag that says which of this user's agents is meant; `cliCommand` reads it. */
export const AS_FLAG = {
  as: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "name",
    brief: "Another agent of yours, with files of its own (AGENTNET_AS)",
  },
} as const;

/** The definitions of {@link CommonFlags}. */
export const COMMON_FLAGS = {
  ...JSON_FLAG,
  ...AS_FLAG,
  api: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "host:port",
    brief: "Address of the daemon's API (AGENTNET_API)",
  },
  dataDir: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "dir",
    brief: "Folder of the identity (AGENTNET_DATA_DIR)",
  },
} as const;

interface ValueFlag {
  readonly kind: "parsed";
  readonly parse: (value: string) => string;
  readonly optional: true;
  readonly placeholder: string;
  readonly brief: string;
}

/** A flag that may be left out and takes a text. */
export function textFlag(placeholder: string, brief: string): ValueFlag {
  return { kind: "parsed", parse: text, optional: true, placeholder, brief };
}

interface SwitchFlag {
  readonly kind: "boolean";
  readonly optional: true;
  readonly withNegated: false;
  readonly brief: string;
}

/** A flag that is there or not. */
export function switchFlag(brief: string): SwitchFlag {
  return { kind: "boolean", optional: true, withNegated: false, brief };
}

interface ReadFlag<T> {
  readonly kind: "parsed";
  readonly parse: (value: string) => T;
  readonly optional: true;
  readonly placeholder: string;
  readonly brief: string;
}

/** A flag that may be left out, with a reader of its own. */
export function readFlag<T>(
  parse: (value: string) => T,
  placeholder: string,
  brief: string,
): ReadFlag<T> {
  return { kind: "parsed", parse, optional: true, placeholder, brief };
}

/** An id that a message is to have, or has. */
export function idFlag(brief: string): ReadFlag<string> {
  return readFlag(parseMessageId, "id", brief);
}

/** Words of a command line: any number of them. */
export function words(placeholder: string, brief: string) {
  return {
    kind: "array",
    parameter: { parse: text, placeholder, brief },
  } as const;
}

/** One word. */
export function word(placeholder: string, brief: string) {
  return { parse: text, placeholder, brief };
}

/** A room's name, which a shell can complete. */
export function roomWord(brief: string, kind: RoomKind = "joined") {
  return {
    ...word("room", brief),
    proposeCompletions(this: ParserContext, partial: string) {
      return proposeRooms(this, kind, partial);
    },
  };
}

/** A flag with a room's name, which a shell can complete. */
export function roomFlag(brief: string) {
  return {
    ...textFlag("room", brief),
    proposeCompletions(this: ParserContext, partial: string) {
      return proposeRooms(this, "joined", partial);
    },
  };
}

/** A room's name, then words of a text: a shell completes the first alone. */
export function roomAndWords(placeholder: string, brief: string) {
  const parameter = {
    ...word(placeholder, brief),
    proposeCompletions(this: ParserContext, partial: string) {
      const isFirst = this.completing?.isFirstWord ?? false;
      return isFirst ? proposeRooms(this, "joined", partial) : [];
    },
  };
  return { kind: "array", parameter } as const;
}

async function proposeRooms(
  { completing }: ParserContext,
  kind: RoomKind,
  partial: string,
): Promise<readonly string[]> {
  const rooms = await completing?.rooms(kind) ?? [];
  // One that starts like a flag would be read as one.
  return rooms.filter((room) =>
    room.startsWith(partial) && !room.startsWith("-")
  );
}
