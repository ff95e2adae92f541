import {
  lineText,
  messageLine,
  roomTag,
  type ShownMessage,
} from "./message_text.ts";
import { Speakers } from "./speakers.ts";
import { clockText, dayText } from "./time_text.ts";

/** The messages' texts, and how they are shown. */
export interface ShownTexts {
  /** As they are shown, whole. */
  readonly texts: readonly string[];
  /** Longer ones than so many UTF-16 units are cut. */
  readonly head?: number | undefined;
  /** Flags of the command that shows all of a text. */
  readonly wholeBy?: string | undefined;
}

/**
 * The lines of one output, or of a stream: above the messages what holds for all of them up to the next such line (their
 * room where it is one, their day, whether they came late), then a line a message, with the time where it is not that of the line above. One message of today has no line
 * above it, and names its room itself.
 */
export class MessageLines {
  readonly #now: number;
  #speakers = new Speakers();
  #section = "";
  #time = "";

  /** @param now wall clock, which the first line above messages says, so that times have an age. */
  constructor(now: number) {
    this.#now = now;
  }

  /** The same as it is now, which goes its own way from here. */
  copy(): MessageLines {
    const copy = new MessageLines(this.#now);
    copy.#speakers = this.#speakers.copy();
    copy.#section = this.#section;
    copy.#time = this.#time;
    return copy;
  }

  /** The next lines. */
  of(
    messages: readonly ShownMessage[],
    { texts, head, wholeBy = "" }: ShownTexts,
  ): string[] {
    this.#speakers.expect(messages.flatMap(speakersOf));
    const rooms = new Set(messages.map(({ room }) => room));
    const [only] = messages;
    const isAlone = messages.length === 1 && this.#isPlain(only);
    const namesRoom = rooms.size > 1 || isAlone;
    return messages.flatMap((message, place) => {
      const section = isAlone ? this.#section : sectionOf(message, namesRoom);
      const above = this.#change(section);
      const line = messageLine(message, {
        speakers: this.#speakers,
        time: this.#tick(clockText(message.timestamp)),
        namesRoom,
        text: texts[place] ?? "",
        wholeBy,
      });
      return [...above, lineText(line, head)];
    });
  }

  /** Whether a message needs no line above it: it is of today and came at once. */
  #isPlain(message: ShownMessage | undefined): boolean {
    return this.#section === "" && message !== undefined && !message.late &&
      dayText(message.timestamp) === dayText(this.#now);
  }

  #change(section: string): string[] {
    if (section === this.#section) return [];
    const isFirst = this.#section === "";
    this.#section = section;
    this.#time = "";
    return [isFirst ? `${section}, now ${this.#nowText(section)}` : section];
  }

  /** The time where it is another one than that of the line above; else nothing. */
  #tick(time: string): string {
    const isSame = time === this.#time;
    this.#time = time;
    return isSame ? "" : time;
  }

  #nowText(section: string): string {
    const day = dayText(this.#now);
    const time = clockText(this.#now);
    return section.includes(day) ? time : `${day} ${time}`;
  }
}

/** What holds for a message and those that follow it. */
function sectionOf(
  { room, timestamp, late, ...rest }: ShownMessage,
  namesRoom: boolean,
): string {
  return [
    ...(namesRoom ? [] : [roomTag({ room, ...rest })]),
    `${dayText(timestamp)} UTC`,
    ...(late ? ["arrived while you were away"] : []),
  ].join(", ");
}

function speakersOf(message: ShownMessage) {
  const { answered } = message;
  return answered === undefined ? [message] : [message, answered];
}
