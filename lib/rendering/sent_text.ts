import { counted } from "./counted.ts";
import { fencedText, foreignText } from "../guards/fence.ts";
import { withSign } from "../guards/room_sign.ts";
import { makeVisible } from "../guards/visible.ts";
import type {
  AnsweredMessage,
  AnyMessage,
} from "../local_api/types/messages.ts";
import type {
  NotWoken,
  Receipts,
  SendResult,
  SentMessage,
} from "../local_api/types/sends.ts";
import type { AttachedFile } from "../protocol/attached_file.ts";
import { fileFacts } from "./file_text.ts";
import { cutText } from "./fit_bytes.ts";
import { roomTag } from "./message_text.ts";
import { Speakers } from "./speakers.ts";
import { timeText } from "./time_text.ts";

/** How much of a text is shown, in UTF-16 units: enough to know it again. */
const SHOWN_TEXT = 60;
/** Members who were called and don't hear it that are named. */
const NAMED_CALLED = 5;

/** One of the last sends as a line: what became of it, and enough of its text to know it again. */
export function sentLine(sent: SentMessage, now: number): string {
  const { status, id, short_id, created_at, reason, text, receipts } = sent;
  const start = cutText(text, Math.min(text.length, SHOWN_TEXT));
  return [
    status,
    makeVisible(short_id ?? id),
    timeText(created_at, now),
    roomTag(sent),
    ...(reason === undefined ? [] : [`(${foreignText(reason)})`]),
    ...(receipts === undefined ? [] : [receiptsText(receipts)]),
    foreignText(start) + (start.length < text.length ? "…" : ""),
  ].join("  ");
}

/** What readers told; who told nothing may have it all the same. With who came later it can be more than were there. */
function receiptsText({ delivered, shown, of }: Receipts): string {
  const whole = of === undefined || delivered > of ? "" : ` of ${of}`;
  const rest = delivered === of ? "" : "; of others nothing is known";
  return `(delivered to ${delivered}${whole}, shown to ${shown}${rest})`;
}

/** What became of a send just made. */
export function sendText(
  { status, id, short_id, room, bytes, sha256, others, file, not_woken = [] }:
    SendResult,
): string {
  const called = not_woken.slice(0, NAMED_CALLED).map(notWokenText).join("");
  return `${status} ${makeVisible(short_id ?? id)} ${
    withSign(makeVisible(room))
  } ${bytes} bytes, sha256 ${makeVisible(sha256)}${
    othersText(others)
  }${called}${sentFileText(file)}`;
}

const KEPT = {
  agent:
    "this relay keeps nothing for one agent alone: it is sent once the other agent, which has to know you, is there too",
  key: "it is sent as soon as the newest key of the private room is here",
} as const;

/** What a message waits for that is kept. */
export function keptText({ waits_for: what }: SendResult): string {
  return `kept; ${
    what === undefined
      ? "it is sent as soon as there is a connection"
      : KEPT[what]
  }`;
}

const NOT_WOKEN = {
  away: "is not connected: it reads this when it is back",
  no: "can't be woken: it reads this when it looks next",
  braked: "is not woken just now: it reads this when it looks next",
} as const;

/** That one who was called does not hear it now. */
function notWokenText({ id, name, why }: NotWoken): string {
  return `; ${fencedText(name)} ${id.slice(0, 8)} ${NOT_WOKEN[why]}`;
}

/** What a text was sent in answer to. */
export function answeredLine(message: AnyMessage): string {
  return `↩ ${quotedLine(message)}`;
}

/** A message by its author, and the start of it inside a fence of its own. */
export function quotedLine(message: AnyMessage): string {
  const speakers = new Speakers();
  speakers.expect([message]);
  const { text: start } = answeredPart(message);
  const rest = start.length < message.text.length ? "…" : "";
  return `${speakers.called(message)} ${fencedText(start + rest)}`;
}

/** The same as data: enough of the message to know it again. */
export function answeredPart(message: AnyMessage): AnsweredMessage {
  const { short_id = "", from, from_name, text, verified } = message;
  const start = cutText(text, Math.min(text.length, SHOWN_TEXT));
  return { short_id, from, from_name, text: start, verified };
}

/** What went with it. */
function sentFileText(file: AttachedFile | undefined): string {
  return file === undefined
    ? ""
    : `; with ${fencedText(file.name)}, ${fileFacts(file)}`;
}

/** Who can have it now; nothing where that is not known. */
function othersText(others: number | undefined): string {
  if (others === undefined) return "";
  if (others === 0) {
    return "; nobody else here now: it waits in the room's history";
  }
  return `, ${counted(others, "other")} here`;
}
