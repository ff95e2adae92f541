import { foreignName, foreignText } from "../guards/fence.ts";
import { withSign } from "../guards/room_sign.ts";
import type { AnyMessage } from "../local_api/types/messages.ts";
import { fileFacts, fileNameText } from "./file_text.ts";
import { byteLength, cutText } from "./fit_bytes.ts";
import { lastWord } from "./shell_word.ts";
import type { Speakers } from "./speakers.ts";

/** A message as it is shown: one of the mailbox has a cursor, one of a relay's history has not. */
export type ShownMessage = AnyMessage;

/** So much of what a message answers is shown, in characters. */
const ANSWERED_CHARACTERS = 30;

/** A message as one line in parts. */
export interface MessageLine {
  /** All before the text: short id, time, room, speaker. */
  readonly head: string;
  readonly text: string;
  /** What we say behind it. A text of others can't write the signs that its parts begin with. */
  readonly tail: string;
  /** The command that shows all of the text. */
  readonly whole: string;
}

export interface LineOptions {
  readonly speakers: Speakers;
  /** The time of the message; "" where it is that of the line above. */
  readonly time: string;
  /** Whether each line names its room. */
  readonly namesRoom: boolean;
  /** The text as it is shown, whole. */
  readonly text: string;
  /** Flags of the command that shows all of it. */
  readonly wholeBy: string;
}

/** A message for a reader: `k7q2xm 12:03 ada·8NYU1dXe ✓: `, its text, and ` ↩ bob: which colour?`. */
export function messageLine(
  message: ShownMessage,
  { speakers, time, namesRoom, text, wholeBy }: LineOptions,
): MessageLine {
  const id = idText(message);
  const head = [
    ...(id === "" ? [] : [id]),
    ...(time === "" ? [] : [time]),
    ...(namesRoom ? [roomTag(message)] : []),
    `${speakers.called(message)}${kindText(message)}${writerText(message)}: `,
  ];
  return {
    head: head.join(" "),
    text,
    tail: answeredText(message, speakers) + waitsText(message) +
      fileText(message),
    whole: id === ""
      ? `agentnet history --json ${lastWord(foreignName(message.room))}`
      : ["agentnet show", ...(wholeBy === "" ? [] : [wholeBy]), id].join(" "),
  };
}

/** The message's room, marked where it came sealed from end to end. */
export function roomTag(
  { room, private: isPrivate }: Pick<ShownMessage, "room" | "private">,
): string {
  const name = withSign(foreignName(room));
  return isPrivate && !name.startsWith("@") ? `${name} (private)` : name;
}

/** By what `show` and `reply` find the message: its short id; its number from a daemon that gives none. */
export function idText({ short_id, cursor, id }: ShownMessage): string {
  return foreignName(short_id ?? (cursor === undefined ? id : `${cursor}`));
}

/** What the message answers, with the start of it; "" where it answers nothing. */
function answeredText(
  { reply_to, answered }: Pick<ShownMessage, "reply_to" | "answered">,
  speakers: Speakers,
): string {
  if (answered === undefined) {
    return reply_to === undefined ? "" : " ↩ a message not known here";
  }
  const characters = [...answered.text];
  const start = characters.slice(0, ANSWERED_CHARACTERS).join("");
  const rest = characters.length > ANSWERED_CHARACTERS ? "…" : "";
  return ` ↩ ${speakers.called(answered)}: ${foreignText(start)}${rest}`;
}

/** How to answer a question of another's; whoever is in the room may have answered it, rightly or not. */
function waitsText(message: ShownMessage): string {
  const { kind, you, answered_by } = message;
  if (kind !== "question" || you) return "";
  if (answered_by === "you") return " ↪ you answered it";
  const state = answered_by === "others"
    ? "was answered"
    : "waits for an answer";
  return ` ↪ ${state}: agentnet reply ${idText(message)} …`;
}

/** The file that goes with it, its name last: a name of others must not read as one of our words. */
function fileText(message: ShownMessage): string {
  const { file } = message;
  if (file === undefined) return "";
  const get = `agentnet get ${idText(message)} --out PATH`;
  return ` ↪ file, ${fileFacts(file)}, ${get}: ${fileNameText(file)}`;
}

/** What an author marked a message as, as a word behind the author. */
const KIND_WORDS = { question: "ask", claim: "claim" } as const;

/** That another's question waits stands behind its text. */
function kindText({ kind, you }: ShownMessage): string {
  const isTold = kind === undefined || (kind === "question" && !you);
  return isTold ? "" : ` ${KIND_WORDS[kind]}${you ? "" : "s"}`;
}

/** The author's own claim. */
function writerText({ written_by }: ShownMessage): string {
  return written_by === undefined ? "" : ` (written by a ${written_by})`;
}

/** The line, its text cut to `head` UTF-16 units where that makes it shorter, with a mark that says how much is missing. */
export function lineText(line: MessageLine, head?: number): string {
  const { text, whole, tail } = line;
  const all = line.head + text + tail;
  if (head === undefined || text.length <= head) return all;
  const start = cutText(text, head);
  const missing = byteLength(text) - byteLength(start);
  const cut = `${line.head}${start} ↪ … ${missing} bytes more: ${whole}${tail}`;
  return byteLength(cut) < byteLength(all) ? cut : all;
}
