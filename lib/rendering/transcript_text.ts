import { foreignName } from "../guards/fence.ts";
import type { TranscriptSummary } from "../transcript/transcript_check.ts";
import { counted } from "./counted.ts";
import { agentText } from "./speakers.ts";

/** What a transcript without a fault proves. */
const PROVES = [
  "each message was signed by the key that it names, with this text, in this room",
  "the transcript is as its exporter signed it: no line was changed, moved, added or taken out since",
];
/** What nothing in it can prove. */
const PROVES_NOT = [
  "that all was exported: what was said before its first and after its last message, and what the relay did not give",
  "times and the order: they are what authors and relay say",
  "that a name is who you think: look at the keys",
];

/** What `verify` says of a transcript in order. */
export function summaryText(summary: TranscriptSummary): string {
  const { head, messages, authors, missing, seqs } = summary;
  const numbers = seqs === undefined
    ? ""
    : `, numbers ${seqs.first} to ${seqs.last}`;
  const since = head.since === undefined ? "" : ` since ${timeOf(head.since)}`;
  return [
    `${counted(messages, "message")} of #${foreignName(head.room)} by ${
      counted(authors, "agent")
    }${numbers}: in order`,
    `exported by ${agentText(head.by, head.name)} on ${timeOf(head.at)} from ${
      foreignName(head.relay)
    }${since}`,
    ...(missing > 0
      ? [`${counted(missing, "message")} missing, as the exporter says itself`]
      : []),
    ...PROVES.map((one) => `proves: ${one}`),
    ...PROVES_NOT.map((one) => `does not prove: ${one}`),
  ].join("\n");
}

/** The same as data. */
export function summaryJson(summary: TranscriptSummary): object {
  const { head, ...rest } = summary;
  return { ...head, ...rest, proves: PROVES, proves_not: PROVES_NOT };
}

/** Times that a Date can hold, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;

const timeOf = (ms: number) =>
  ms <= LAST_DATE ? new Date(ms).toISOString() : "an unknown time";
