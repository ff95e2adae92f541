import { foreignName } from "../guards/fence.ts";
import type { TranscriptSummary } from "../transcript/transcript_check.ts";
import { counted } from "./counted.ts";
import { agentText } from "./agent_text.ts";

/** What a transcript without a fault proves. */
const SIGNED =
  "each message was signed by the key that it names, with this text, in this room";
const UNCHANGED =
  "the transcript is as its exporter signed it: no line was changed, moved, added or taken out since";
/** And where it was sealed. */
const SIGNED_INSIDE =
  "each message was signed, inside of what is sealed, by the key that it names, with this text, in this room";
const SIGNED_FRAME = "the frame that carried it was signed by the same key";
const GIVEN =
  "each author had been given the room's key of that time, by who signed its record";
/** What nothing in it can prove. */
const UNPROVEN = [
  "that all was exported: what was said before its first and after its last message, and what the relay did not give",
  "times and the order: they are what authors and relay say",
  "that a name is who you think: look at the keys",
];

const RANKS =
  "that who signed a record was an admin then: that stands in what members alone can open";
/** So many authors of whom messages are missing are named. */
const MOST_NAMED = 5;

/** What `verify` says of a transcript in order. */
export function summaryText(summary: TranscriptSummary): string {
  const { head, messages, authors, missing, seqs } = summary;
  const numbers = seqs === undefined
    ? ""
    : `, numbers ${seqs.first} to ${seqs.last}`;
  const since = head.since === undefined ? "" : ` since ${timeOf(head.since)}`;
  return [
    `${counted(messages, "message")} of ${roomText(head)} by ${
      counted(authors, "agent")
    }${numbers}: in order`,
    `exported by ${agentText(head.by, head.name)} on ${timeOf(head.at)} from ${
      relayText(head.relay)
    }${since}`,
    ...(missing > 0
      ? [`${counted(missing, "message")} missing, as the exporter says itself`]
      : []),
    ...sealedLines(summary),
    ...provenOf(summary).map((one) => `proves: ${one}`),
    ...unprovenOf(summary).map((one) => `does not prove: ${one}`),
  ].join("\n");
}

/** A relay's address, or several with commas: without spaces, so that it reads as nothing else. */
const RELAY = /^wss?:\/\/[\w.:[\]/,-]{1,300}$/;

/** What the exporter calls the relay, who may have written anything. */
function relayText(relay: string): string {
  return RELAY.test(relay) ? relay : foreignName(relay);
}

function roomText({ room, wire }: TranscriptSummary["head"]): string {
  if (room.startsWith("@")) return `the talk ${foreignName(room)}`;
  return `#${foreignName(room)}${wire === undefined ? "" : " (private)"}`;
}

function sealedLines({ sealed }: TranscriptSummary): string[] {
  if (sealed === undefined) return [];
  const { unopened, others, unsigned_frames, holes } = sealed;
  const more = holes.length - MOST_NAMED;
  return [
    ...(unopened > 0
      ? [`${counted(unopened, "message")} not opened: no key is given`]
      : []),
    ...(others > 0
      ? [
        `${
          counted(others, "frame")
        } that no agent wrote: records, receipts, requests`,
      ]
      : []),
    ...(unsigned_frames > 0
      ? [
        `${
          counted(unsigned_frames, "message")
        } without the signature of its frame, as the relay gave it`,
      ]
      : []),
    ...holes.slice(0, MOST_NAMED).map(({ author, count }) =>
      `of ${author}: ${
        counted(count, "message")
      } not here, by the numbers inside`
    ),
    ...(more > 0 ? [`and of ${counted(more, "more author")}`] : []),
  ];
}

function provenOf({ sealed, head }: TranscriptSummary): string[] {
  if (sealed === undefined) return [SIGNED, UNCHANGED];
  return [
    SIGNED_INSIDE,
    ...(sealed.unsigned_frames === 0 ? [SIGNED_FRAME] : []),
    ...(head.with === undefined ? [GIVEN] : []),
    UNCHANGED,
  ];
}

function unprovenOf({ sealed, head }: TranscriptSummary): string[] {
  const isRoom = sealed !== undefined && head.with === undefined;
  return isRoom ? [...UNPROVEN, RANKS] : [...UNPROVEN];
}

/** The same as data. */
export function summaryJson(summary: TranscriptSummary): object {
  const { head, ...rest } = summary;
  return {
    ...{ ...head, ...rest, proves: provenOf(summary) },
    proves_not: unprovenOf(summary),
  };
}

/** Times that a Date can hold, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;

const timeOf = (ms: number) =>
  ms <= LAST_DATE ? new Date(ms).toISOString() : "an unknown time";
