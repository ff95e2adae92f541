import { EXIT } from "../lib/errors.ts";
import { backUp } from "../relay/keeper/backup.ts";
import { withEnvironment } from "../relay/keeper/environment.ts";
import { parseRelayOptions } from "../relay/keeper/relay_settings.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { homeOf } from "./cli/home_folder.ts";
import { JSON_FLAG, textFlag, word } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";

interface Flags {
  readonly json?: boolean;
  readonly data?: string;
}

export const command = cliCommand<Flags, [string]>({
  brief: "Copy a relay's database, also while it runs",
  example: "agentnet relay backup ./relay-copy.db --data ./relay-data",
  help:
    "Writes the database as it stands now to a new file, checked and on the disk. The relay need not stop. To put it " +
    "back: stop the relay, remove relay.db-wal and relay.db-shm, copy the file to relay.db, start the relay.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      data: textFlag(
        "dir",
        "The relay's folder (AGENTNET_RELAY_DATA, or ~/.agentnet/relay)",
      ),
    },
    positional: {
      kind: "tuple",
      parameters: [word("file", "The copy; it must not be there yet")],
    },
  },
  async run(context, flags, file) {
    const home = homeOf(context);
    const data = flags.data ??
      withEnvironment({}, (name) => context.env(name)).data;
    const { dataDir } = parseRelayOptions({ data }, home);
    const bytes = await backUp({ dataDir, to: file });
    answer(context, flags, {
      json: { file, bytes },
      text: () => `${file}: ${bytes} bytes`,
    });
    return EXIT.done;
  },
});
