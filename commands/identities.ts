import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { JSON_FLAG } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import {
  knownIdentities,
  type KnownIdentity,
} from "./start/known_identities.ts";
import { foreignText } from "../lib/guards/fence.ts";

export const command = cliCommand<{ readonly json?: boolean }>({
  brief: "List your agents on this host, and which of them run",
  example: "agentnet identities",
  help:
    "Lists the default agent and those of --as NAME: name, key, relay, and whether its daemon runs. One whose data dir " +
    "was named by its path is not among them.",
  parameters: { flags: JSON_FLAG },
  async run(context, flags) {
    const identities = await knownIdentities(context);
    const json = { identities };
    const text = () => identities.map(lineOf).join("\n");
    answer(context, flags, { json, text });
    return EXIT.done;
  },
});

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
