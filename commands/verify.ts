import { EXIT, Failure } from "../lib/errors.ts";
import { Verifier } from "../lib/protocol/verifying.ts";
import { summaryJson, summaryText } from "../lib/rendering/transcript_text.ts";
import { TranscriptCheck } from "../lib/transcript/transcript_check.ts";
import { LONGEST_LINE } from "../lib/transcript/transcript_lines.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { switchFlag, word } from "./cli/flags.ts";
import { answer, tellFailure } from "./output/answer.ts";
import { ProgressNotes } from "./output/progress_notes.ts";
import { readLines } from "./output/read_lines.ts";

interface Flags {
  readonly json?: boolean;
}

export const command = cliCommand<Flags, [file: string]>({
  brief: "Check a transcript, without daemon or network",
  example: "agentnet verify tea.jsonl",
  help:
    "Checks each signature, doubles, holes in the relay's numbers, the chain over all lines and the signature of who " +
    "made it, and says what that proves and what not. Exit code 4 with the first line at fault, from 1; with --json it " +
    "is 'line', beside 'error'. '-' reads standard input.",
  parameters: {
    flags: { json: switchFlag("Print JSON") },
    positional: {
      kind: "tuple",
      parameters: [
        word("file", "What 'agentnet export' wrote; - for standard input"),
      ],
    },
  },
  async run(context, flags, path) {
    const check = new TranscriptCheck(new Verifier());
    const progress = new ProgressNotes(context, "lines");
    let lines = 0;
    let bytes = 0;
    for await (const line of readLines(context, path, LONGEST_LINE)) {
      bytes += line.length + 1;
      if (!check.add(line)) break;
      progress.at(++lines, bytes);
    }
    const verdict = check.end();
    if (!verdict.ok) {
      const { line, reason } = verdict.fault;
      const failure = new Failure("TRANSCRIPT_WRONG", {
        fields: { line, reason },
      });
      return tellFailure(context, failure, { ...flags, beside: { line } });
    }
    answer(context, flags, {
      json: summaryJson(verdict.summary),
      text: () => summaryText(verdict.summary),
    });
    return EXIT.done;
  },
});
