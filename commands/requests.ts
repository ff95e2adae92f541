import { EXIT } from "../lib/errors.ts";
import { requestLine } from "../lib/rendering/request_line.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { COMMON_FLAGS, textFlag } from "./cli/flags.ts";
import { type BoundFlags, MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { answer } from "./output/answer.ts";
import { answerList, restNote } from "./output/bounded.ts";

interface Flags extends BoundFlags {
  readonly drop?: string;
}

export const command = cliCommand<Flags>({
  brief: "List what agents wrote to you whom you don't know",
  example: "agentnet requests",
  help:
    "Lists messages of agents that this one never wrote to, accepted or pinned, one each; they are in no mailbox and " +
    "wake nobody. 'accept KEY' takes one in, 'requests --drop KEY' removes it, 'mute KEY' keeps the agent away.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...MAX_BYTES_FLAG,
      drop: textFlag("key", "Remove what this agent wrote"),
    },
  },
  async run(context, flags) {
    const api = await daemonApi(context, flags);
    if (flags.drop !== undefined) {
      const done = await api.drop_request({ agent: flags.drop });
      const text = () => `dropped: ${done.agent}`;
      answer(context, flags, { json: done, text });
      return EXIT.done;
    }
    const { requests } = await api.requests();
    answerList(context, flags, {
      items: requests,
      line: (request) => requestLine(request, context.clock.wall()),
      fenced: true,
      after: (shown) =>
        requests.length === 0 ? ["no requests"] : restNote(
          requests.length - shown,
          "agentnet requests --max-bytes 0",
        ),
      around: (some) => ({ requests: some }),
    });
    return EXIT.done;
  },
});
