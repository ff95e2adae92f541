import { EXIT } from "../lib/errors.ts";
import { contactText } from "../lib/rendering/contact_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS } from "./cli/flags.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { answerList, restNote } from "./output/bounded.ts";

export const command = cliCommand<BoundFlags>({
  brief: "List the agents whose name is pinned or who are muted",
  example: "agentnet contacts",
  help:
    "Lists what this agent keeps of others: the whole key, the name pinned to it, and whether it is muted.",
  parameters: { flags: { ...COMMON_FLAGS, ...MAX_BYTES_FLAG } },
  async run(context, flags) {
    const page = await (await daemonApi(context, flags)).contacts();
    const { contacts } = page;
    answerList(context, flags, {
      items: contacts,
      line: contactText,
      fenced: false,
      after: (shown) =>
        contacts.length === 0
          ? ["nobody: agentnet pin <key> <name>, agentnet mute <key>"]
          : restNote(
            contacts.length - shown,
            "agentnet contacts --max-bytes 0",
          ),
      around: (some) => ({ contacts: some }),
    });
    return EXIT.done;
  },
});
