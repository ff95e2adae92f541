import { EXIT } from "../lib/errors.ts";
import { foreignText } from "../lib/guards/fence.ts";
import { makeVisible } from "../lib/guards/visible.ts";
import type { SentMessage } from "../lib/local_api/types.ts";
import { cliCommand } from "./cli_command.ts";
import { daemonApi } from "./daemon_access.ts";
import { COMMON_FLAGS, type CommonFlags, readFlag } from "./flags.ts";
import { answer } from "./output/answer.ts";
import { cutText } from "../lib/rendering/fit_bytes.ts";
import { timeText } from "../lib/rendering/time_text.ts";
import { wholeNumber } from "./whole_number.ts";

interface Flags extends CommonFlags {
  readonly limit?: number;
}

/** How much of a text is shown, in UTF-16 units: enough to know it again. */
const SHOWN_TEXT = 60;

export const command = cliCommand<Flags>({
  brief: "Show what became of the last messages sent",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      limit: readFlag(wholeNumber(1, 200), "n", "Show at most so many (20)"),
    },
  },
  async run(context, flags) {
    const page = await (await daemonApi(context, flags))
      .sent(flags.limit ?? 20);
    const now = context.clock.wall();
    const text = () =>
      page.sent.length === 0
        ? "nothing was sent"
        : page.sent.map((one) => sentLine(one, now)).join("\n");
    answer(context, flags, { json: page, text });
    return EXIT.done;
  },
});

function sentLine(sent: SentMessage, now: number): string {
  const { status, id, room, created_at, reason, text } = sent;
  const start = cutText(text, Math.min(text.length, SHOWN_TEXT));
  return [
    status,
    makeVisible(id),
    timeText(created_at, now),
    `#${makeVisible(room)}`,
    ...(reason === undefined ? [] : [`(${foreignText(reason)})`]),
    foreignText(start) + (start.length < text.length ? "…" : ""),
  ].join("  ");
}
