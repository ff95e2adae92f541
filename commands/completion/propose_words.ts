import { buildApplication, proposeCompletions } from "@stricli/core";
import type {
  CliCommand,
  Completing,
  ParserContext,
  Registry,
  RoomKind,
} from "../cli/cli_command.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { knownRooms } from "./known_rooms.ts";
import { PARSER_CONFIG } from "../cli/parser_config.ts";

/**
 * What can stand in the place of a command line's last word.
 *
 * @param registry the commands that a command line can name.
 * @param words the command line after the program's name, up to the word to complete, which may be empty.
 */
export async function proposeWords(
  context: CliContext,
  registry: Registry,
  words: readonly string[],
): Promise<string[]> {
  const names = nextNames(registry, words);
  const row = chosen(registry, words);
  if (row === null) return names;
  // What follows is text.
  if (words.slice(0, -1).includes("--")) return [];
  const { command } = await row.load();
  const proposed = await proposeCompletions(
    buildApplication(command.parsed, PARSER_CONFIG),
    words.slice(row.length),
    completingContext(context, command, words.slice(row.length)),
  );
  const last = words.at(-1) ?? "";
  const help = last !== "" && "--help".startsWith(last) ? ["--help"] : [];
  const found = proposed.map((one) => one.completion);
  return [...new Set([...names, ...found, ...help])];
}

/** Names of commands, or second words of them, that the last word is a start of. */
function nextNames(registry: Registry, words: readonly string[]): string[] {
  const typed = words.join(" ");
  const names = Object.keys(registry).map((name) => name.split(" "))
    .filter((name) => name.slice(0, words.length).join(" ").startsWith(typed))
    .flatMap((name) => name[words.length - 1] ?? []);
  return [...new Set(names)];
}

/** The command whose name stands whole before the last word: two words before one. */
function chosen(registry: Registry, words: readonly string[]) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    if (words.length <= length || !Object.hasOwn(registry, name)) continue;
    const row = registry[name];
    if (row !== undefined) return { load: row.load, length };
  }
  return null;
}

function completingContext(
  cli: CliContext,
  { flags }: CliCommand,
  words: readonly string[],
): ParserContext {
  const output = { write: () => {} };
  const completing: Completing = {
    isFirstWord: plainWords(words.slice(0, -1), flags) === 0,
    rooms: (kind: RoomKind) => knownRooms(cli, kind),
  };
  return {
    cli,
    firstWord: "",
    completing,
    process: { stdout: output, stderr: output },
    run: () => Promise.resolve(),
  };
}

/** How many words are neither a flag nor its value. */
function plainWords(
  words: readonly string[],
  flags: ReadonlyMap<string, boolean>,
): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (!word.startsWith("--")) count++;
    else if (flags.get(word.slice(2))) i++;
  }
  return count;
}
