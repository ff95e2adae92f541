import { EXIT } from "../lib/errors.ts";
import { sentLine } from "../lib/rendering/sent_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, readFlag } from "./cli/flags.ts";
import { answerList, restNote } from "./output/bounded.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { wholeNumber } from "./cli/whole_number.ts";

interface Flags extends BoundFlags {
  readonly limit?: number;
}

export const command = cliCommand<Flags>({
  brief: "Show what became of the last messages sent",
  example: "agentnet sent --limit 5",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...MAX_BYTES_FLAG,
      limit: readFlag(wholeNumber(1, 200), "n", "Show at most so many (20)"),
    },
  },
  async run(context, flags) {
    const page = await (await daemonApi(context, flags))
      .sent({ limit: flags.limit ?? 20 });
    const now = context.clock.wall();
    answerList(context, flags, {
      items: page.sent,
      line: (one) => sentLine(one, now),
      fenced: false,
      after: (shown) =>
        page.sent.length === 0
          ? ["nothing was sent"]
          : restNote(page.sent.length - shown, "agentnet sent --max-bytes 0"),
      around: (sent) => ({ sent }),
    });
    return EXIT.done;
  },
});
