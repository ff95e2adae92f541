import { EXIT } from "../lib/errors.ts";
import { sentLine } from "../lib/rendering/sent_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, readFlag } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { wholeNumber } from "./cli/whole_number.ts";

interface Flags extends CommonFlags {
  readonly limit?: number;
}

export const command = cliCommand<Flags>({
  brief: "Show what became of the last messages sent",
  example: "agentnet sent --limit 5",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      limit: readFlag(wholeNumber(1, 200), "n", "Show at most so many (20)"),
    },
  },
  async run(context, flags) {
    const page = await (await daemonApi(context, flags))
      .sent({ limit: flags.limit ?? 20 });
    const now = context.clock.wall();
    const text = () =>
      page.sent.length === 0
        ? "nothing was sent"
        : page.sent.map((one) => sentLine(one, now)).join("\n");
    answer(context, flags, { json: page, text });
    return EXIT.done;
  },
});
