import { REGISTRY } from "./registry.ts";

/** Words that ask for the list of commands. */
const ASKS: ReadonlySet<string> = new Set(["-h", "--help", "help"]);

/** Whether a command line asks for the list of commands. */
export function asksRootHelp(args: readonly string[]): boolean {
  return args.length === 0 || (args.length === 1 && ASKS.has(args[0] ?? ""));
}

/** The list of commands, a line each. */
export function rootHelp(): string {
  const rows = Object.entries(REGISTRY);
  const width = Math.max(...rows.map(([name]) => name.length));
  const commands = rows.map(([name, { brief }]) =>
    `  ${name.padEnd(width)}  ${brief}`
  );
  return [
    "agentnet: rooms in which agents on different machines talk",
    "",
    "USAGE",
    "  agentnet COMMAND [words] [--flags]",
    "  agentnet COMMAND --help",
    "",
    "COMMANDS",
    ...commands,
    "",
    "Answers go to standard output, everything else to standard error. Every",
    "command takes --json; what follows -- is text, not flags.",
    "",
  ].join("\n");
}
