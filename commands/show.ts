import { EXIT } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  readFlag,
  switchFlag,
  textFlag,
  word,
} from "./cli/flags.ts";
import { findMessage } from "../lib/conversation/message_lookup.ts";
import { readMaxBytes } from "./cli/max_bytes.ts";
import { writeMessages } from "./output/message_page.ts";

interface Flags extends CommonFlags {
  readonly from?: string;
  readonly maxBytes?: number;
  readonly raw?: boolean;
}

export const command = cliCommand<Flags, [id: string]>({
  brief: "Show one message whole",
  example: "agentnet show 42",
  help:
    "Shows one message of the mailbox, by its id or by the number before it. Where several agents used the id, " +
    "--from says whose is meant. --raw prints its text alone, each byte as it came.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      from: textFlag("who", "Key of its author, or the start of it"),
      maxBytes: readFlag(readMaxBytes, "n", "Bound the whole output in bytes"),
      raw: switchFlag("Print the text alone, without fence and marks"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("id", "Id, or the number before the message")],
    },
  },
  async run(context, flags, id) {
    const api = await daemonApi(context, flags);
    const message = await findMessage(api, { word: id, from: flags.from });
    const bounded = flags.maxBytes !== undefined;
    if (flags.raw && !flags.json && !bounded) {
      context.stdout.write(message.text);
      return EXIT.done;
    }
    writeMessages(context, {
      ...flags,
      messages: [message],
      after: () => [],
      around: (some) => ({ message: some[0] }),
    });
    return EXIT.done;
  },
});
