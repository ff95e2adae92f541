import { AdminApi } from "../lib/admin_api/client.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { JSON_FLAG, textFlag, word } from "./cli/flags.ts";
import { relayDataDir } from "./cli/relay_data_dir.ts";
import { answer } from "./output/answer.ts";
import { clusterStatus, isWell } from "./output/cluster_text.ts";

interface Flags {
  readonly json?: boolean;
  readonly data?: string;
}

export const command = cliCommand<Flags, [string]>({
  brief: "Show how the cluster stands that a relay of this host is one of",
  example: "agentnet relay cluster status --data /var/lib/agentnet-relay",
  help:
    "status shows the relays that share the log: who is here, how far each has applied it, whether all wrote the " +
    "same, and what this one refuses and why. Ends with 0 when this relay serves, every one is here and none " +
    "differs, else with 1.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      data: textFlag(
        "dir",
        "The running relay's folder (AGENTNET_RELAY_DATA, or ~/.agentnet/relay)",
      ),
    },
    positional: {
      kind: "tuple",
      parameters: [word("what", "status")],
    },
  },
  async run(context, flags, what) {
    if (what !== "status") {
      const reason = `'${what}' is nothing that is shown`;
      const fix = "write: agentnet relay cluster status";
      throw new Failure("USAGE", { fields: { reason, fix } });
    }
    const api = new AdminApi({
      dataDir: relayDataDir(context, flags.data),
      fetch: context.fetch,
      readTextFile: (path) => context.readTextFile(path),
    });
    const json = await api.act("cluster", {});
    answer(context, flags, { json, text: () => clusterStatus(json) });
    return isWell(json) ? EXIT.done : EXIT.unexpected;
  },
});
