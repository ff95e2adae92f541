import { EXIT, Failure } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { AS_FLAG, JSON_FLAG } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import {
  knownIdentities,
  type KnownIdentity,
} from "./start/known_identities.ts";
import { foreignText } from "../lib/guards/fence.ts";

interface Flags {
  readonly json?: boolean;
  readonly as?: string;
}

export const command = cliCommand<Flags>({
  brief: "List your agents on this host, and which of them run",
  example: "agentnet identities",
  help:
    "Lists the default agent and those of --as NAME: name, key, relay, and whether its daemon runs. One whose data dir " +
    "was named by its path is not among them. With --as NAME that one alone.",
  parameters: { flags: { ...JSON_FLAG, ...AS_FLAG } },
  async run(context, flags) {
    const all = await knownIdentities(context);
    const identities = flags.as === undefined ? all : only(flags.as, all);
    const json = { identities };
    const text = () => identities.map(lineOf).join("\n");
    answer(context, flags, { json, text });
    return EXIT.done;
  },
});

/** @throws {Failure} NOT_FOUND */
function only(name: string, all: readonly KnownIdentity[]): KnownIdentity[] {
  const found = all.filter(({ as }) => as === name);
  if (found.length > 0) return found;
  const fields = {
    what: `identity '${name}' yet`,
    fix: `make it: agentnet up --as ${name}`,
  };
  throw new Failure("NOT_FOUND", { fields });
}

function lineOf(
  { as, name, key, relay, running, pid, trouble }: KnownIdentity,
): string {
  return foreignText([
    as === null ? "(default)" : `--as ${as}`,
    name ?? "no name yet",
    key ?? "no key yet",
    relay ?? "no relay yet",
    running
      ? `running${pid === undefined ? "" : `, pid ${pid}`}`
      : "not running",
    ...(trouble === undefined ? [] : [trouble]),
  ].join("  "));
}
