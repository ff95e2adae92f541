import { foreignName, foreignText } from "../guards/fence.ts";
import { makeVisible } from "../guards/visible.ts";
import type { HistoryMessage, ReceivedMessage } from "../local_api/types.ts";
import { lastWord } from "./shell_word.ts";
import { byteLength, cutText } from "./fit_bytes.ts";
import { timeText } from "./time_text.ts";

/** A message as it is shown: one of the mailbox has a cursor, one of a relay's history has not. */
export type ShownMessage =
  & HistoryMessage
  & Partial<Pick<ReceivedMessage, "cursor" | "late">>;

/** Characters of an agent id that are shown beside a name. */
const SHORT_KEY = 8;

/** A message as one line in two parts. */
export interface MessageLine {
  /** All before the text: cursor, time, age, room, speaker. */
  readonly head: string;
  readonly text: string;
  /** What we say behind the text. */
  readonly tail: string;
  /** The command that shows all of it. */
  readonly whole: string;
}

export interface LineOptions {
  /** Wall clock, for the age. */
  readonly now: number;
  /** Text as it came, without marks. */
  readonly raw: boolean;
}

/** A message for a reader: `42  12:03:04Z 5s ago  #room  name·8NYU1dXe ✓: ` and its text. */
export function messageLine(
  message: ShownMessage,
  { now, raw }: LineOptions,
): MessageLine {
  const late = message.late ? ", arrived while you were away" : "";
  const head = [
    ...(message.cursor === undefined ? [] : [`${message.cursor}`]),
    `${timeText(message.timestamp, now)}${late}`,
    `#${foreignName(message.room)}`,
    `${speakerText(message)}: `,
  ];
  return {
    head: head.join("  "),
    text: raw ? message.text : foreignText(message.text),
    tail: raw ? "" : waitsText(message),
    whole: message.cursor === undefined
      ? `agentnet history --json ${lastWord(foreignName(message.room))}`
      : `agentnet show ${message.cursor}`,
  };
}

/** How to answer a question of another's. */
function waitsText({ kind, you, cursor, id }: ShownMessage): string {
  if (kind !== "question" || you) return "";
  return `  (waits for an answer: agentnet reply ${
    cursor ?? makeVisible(id)
  } …)`;
}

/** What an author marked a message as, as a word behind the author. */
const KIND_WORDS = { question: "asks", claim: "claims" } as const;

/**
 * Who speaks: the name is a claim, the short key the identity, the mark tells a signature that was checked. A name
 * that is pinned to another key is said to be another's.
 */
function speakerText(message: ShownMessage): string {
  const { from, from_name, name_conflict, you, kind } = message;
  const checked = message.verified ? "✓" : "unverified";
  return [
    ...(you ? ["you"] : [agentText(from, from_name)]),
    ...(you && message.verified ? [] : [checked]),
    ...(name_conflict === undefined
      ? []
      : [`⚠ not the ${foreignName(name_conflict)} you know`]),
    ...(message.muted ? ["muted"] : []),
    ...(kind === undefined ? [] : [KIND_WORDS[kind]]),
  ].join(" ");
}

/** An agent as `name·8NYU1dXe`; the key alone where there is no name. */
export function agentText(id: string, name: string): string {
  const key = makeVisible(id.slice(0, SHORT_KEY));
  return name === "" ? key : `${foreignName(name)}·${key}`;
}

/** The line, or its start up to `cut` UTF-16 units of the text with a mark that says how much is missing. */
export function lineText(line: MessageLine, cut?: number): string {
  if (cut === undefined) return line.head + line.text + line.tail;
  const start = cutText(line.text, cut);
  const missing = byteLength(line.text) - byteLength(start);
  return missing === 0
    ? line.head + line.text + line.tail
    : `${line.head}${start} … ${missing} bytes more: ${line.whole}${line.tail}`;
}
