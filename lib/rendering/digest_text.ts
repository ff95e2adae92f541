import { foreignName, foreignText } from "../guards/fence.ts";
import { withSign } from "../guards/room_sign.ts";
import type { AnyMessage } from "../local_api/types/messages.ts";
import type { Digest, DigestPart } from "../local_api/types/digest.ts";
import type { Fittable } from "./fit_bytes.ts";
import { idText } from "./message_text.ts";
import { newFence, type RenderContext } from "./render_context.ts";
import { Speakers } from "./speakers.ts";
import { clockText, dayText } from "./time_text.ts";

/** What a digest may take where nobody says otherwise, in UTF-8 bytes. */
export const DIGEST_BYTES = 2_000;
/** So much of a message's first line is shown, in characters. */
const LINE_CHARACTERS = 60;
/** So many rooms are named; more are counted. */
const NAMED_ROOMS = 10;
/** Most of each part that the daemon tells. */
const MOST_TOLD = 20;

/** What many messages come to, in a fence: who said how many, then of each part the newest ones, as many as are asked for. */
export function digestList(
  context: Pick<RenderContext, "randomBytes">,
  digest: Digest,
  /** The command that shows the messages themselves. */
  all: string,
): Fittable {
  const fence = newFence(context);
  return {
    count: MOST_TOLD,
    longest: 0,
    render(most) {
      const lines = digest.count === 0
        ? ["no messages"]
        : [fence.open, ...bodyOf(digest, most), fence.close, `read: ${all}`];
      return lines.map((line) => `${line}\n`).join("");
    },
  };
}

function bodyOf(digest: Digest, most: number): string[] {
  const { authors, mentions, questions } = digest;
  const speakers = new Speakers();
  const lasts = authors.told.map(({ last }) => last);
  speakers.expect([...lasts, ...mentions.told, ...questions.told]);
  const line = (one: AnyMessage) => lineOf(one, speakers);
  return [
    headLine(digest),
    saidLine(digest, most, speakers),
    ...partLines("for you", mentions, { most, line }),
    ...partLines("open questions", questions, { most, line }),
    ...lastLines(lasts, { most, line }),
  ];
}

/** `250 messages, 2026-11-27 08:12 to 12:31 UTC, #tea 200, #coffee 50` */
function headLine({ count, since = 0, until = 0, rooms }: Digest): string {
  const [first, last] = [dayText(since), dayText(until)];
  const end = first === last ? clockText(until) : `${last} ${clockText(until)}`;
  const named = rooms.slice(0, NAMED_ROOMS)
    .map(({ name, count }) => `${withSign(foreignName(name))} ${count}`);
  const rest = rooms.length > NAMED_ROOMS
    ? [`${rooms.length - NAMED_ROOMS} more rooms`]
    : [];
  const many = count === 1 ? "1 message" : `${count} messages`;
  const span = `${first} ${clockText(since)} to ${end} UTC`;
  return [many, span, ...named, ...rest].join(", ");
}

/** `said: ada·8NYU1dXe ✓ 120, bob·5hRk2mVq ✓ 80, 3 others 50` */
function saidLine(
  { count, authors }: Digest,
  most: number,
  speakers: Speakers,
): string {
  const told = authors.told.slice(0, most);
  const names = told.map(({ count, last }) =>
    `${speakers.called(last)} ${count}`
  );
  const others = authors.count - told.length;
  const rest = count - told.reduce((sum, { count }) => sum + count, 0);
  const more = others > 0
    ? [`${others} ${others === 1 ? "other" : "others"} ${rest}`]
    : [];
  return `said: ${[...names, ...more].join(", ")}`;
}

interface Lines {
  /** At most so many lines. */
  readonly most: number;
  readonly line: (message: AnyMessage) => string;
}

/** The newest of a part, under how many there are. */
function partLines(
  title: string,
  { count, told }: DigestPart,
  { most, line }: Lines,
): string[] {
  if (count === 0) return [];
  const some = most === 0 ? [] : told.slice(-most);
  const older = count - some.length;
  const head = `${title}, ${count}${older > 0 ? `, the newest` : ""}:`;
  return [some.length === 0 ? `${title}: ${count}` : head, ...some.map(line)];
}

/** The last that each of those who said most has said. */
function lastLines(
  lasts: readonly AnyMessage[],
  { most, line }: Lines,
): string[] {
  const some = lasts.slice(0, most);
  return some.length === 0
    ? []
    : ["the last of each:", ...some.map((one) => line(one))];
}

/** A message by its id, its author and the start of its first line. */
function lineOf(message: AnyMessage, speakers: Speakers): string {
  const characters = [...message.text];
  const start = characters.slice(0, LINE_CHARACTERS).join("");
  const rest = characters.length > LINE_CHARACTERS ? "…" : "";
  return `${idText(message)} ${clockText(message.timestamp)} ${
    speakers.called(message)
  }: ${foreignText(start)}${rest}`;
}
