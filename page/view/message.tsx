import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MessageRow } from "../feed/rows.ts";
import type { Verdict } from "../feed/signature.ts";
import { Author, hue } from "./author.tsx";
import {
  bytesText,
  clockText,
  counted,
  dayText,
  isoTime,
  snippet,
  visibleText,
} from "./texts.ts";

/** What a conversation offers for each of its messages. */
export interface MessageLinks {
  /** What was found of its signature; undefined while it is looked at. */
  readonly verdictOf: (message: MessageRow) => Verdict | undefined;
  readonly parentOf: (message: MessageRow) => MessageRow | undefined;
  readonly answersTo: (message: MessageRow) => number;
  readonly onJump?: (message: MessageRow) => void;
  readonly onThread?: (message: MessageRow) => void;
  readonly onAnswer?: (message: MessageRow) => void;
}

export interface MessageProps {
  readonly message: MessageRow;
  readonly links: MessageLinks;
  /** The first of its day. */
  readonly startsDay?: boolean;
  /** How deep it stands in a thread that is shown alone. */
  readonly depth?: number;
}

/** A longer text is folded. */
const FOLD_CHARACTERS = 1_500;
const FOLD_LINES = 20;
const SNIPPET = 80;
const MOST_DEPTH = 6;
const SHORT_HASH = 12;

/** One message, as text whatever is in it. */
export function Message(props: MessageProps): JSX.Element {
  const { message, links, startsDay = false, depth = 0 } = props;
  const { timestamp } = message;
  const level = Math.min(depth, MOST_DEPTH);
  return (
    <>
      {startsDay && <h3 class="day">{dayText(timestamp)}</h3>}
      <article class={`message depth-${level}`} style={hue(message.from)}>
        <header>
          <Author id={message.from} name={message.name} />
          <ByPerson message={message} />
          <Kind message={message} />
          <time dateTime={isoTime(timestamp)}>{clockText(timestamp)}</time>
          <Mark verdict={links.verdictOf(message)} />
          <ToAnswer message={message} links={links} />
        </header>
        {depth === 0 && <Parent message={message} links={links} />}
        <Text text={message.text} />
        <Attached message={message} />
        <Answers message={message} links={links} />
      </article>
    </>
  );
}

function ByPerson({ message }: { readonly message: MessageRow }) {
  return message.isByPerson
    ? (
      <span class="badge person" title="as its author says">
        written by a person
      </span>
    )
    : null;
}

function Kind({ message: { kind } }: { readonly message: MessageRow }) {
  return kind === "question" || kind === "claim"
    ? <span class="badge">{kind}</span>
    : null;
}

const MARKS = {
  verified: ["✓ verified", "The signature is its author's"],
  forged: [
    "✗ not verified",
    "The signature does not fit: this is not what the author signed",
  ],
  unsigned: ["not signed", "This relay shows no signature"],
} as const;

function Mark({ verdict }: { readonly verdict: Verdict | undefined }) {
  const [text, title] = verdict === undefined
    ? ["checking", "The signature is being looked at"]
    : MARKS[verdict];
  return (
    <span class={`mark ${verdict ?? "checking"}`} title={title}>{text}</span>
  );
}

function Parent(
  { message, links }: Pick<MessageProps, "message" | "links">,
): JSX.Element | null {
  if (message.reply_to === undefined) return null;
  const parent = links.parentOf(message);
  const { onJump } = links;
  if (parent === undefined) {
    return <p class="parent">answers an earlier message</p>;
  }
  const quoted = (
    <>
      answers <bdi>{snippet(parent.name, 24) || "no name"}</bdi>:{" "}
      <bdi>{snippet(parent.text, SNIPPET)}</bdi>
    </>
  );
  return (
    <p class="parent" style={hue(parent.from)}>
      {onJump === undefined
        ? quoted
        : <button type="button" onClick={() => onJump(parent)}>{quoted}
        </button>}
    </p>
  );
}

function Answers(
  { message, links }: Pick<MessageProps, "message" | "links">,
): JSX.Element | null {
  const count = links.answersTo(message);
  const { onThread } = links;
  if (count === 0 || onThread === undefined) return null;
  return (
    <p class="answers">
      <button type="button" onClick={() => onThread(message)}>
        {counted(count, "answer")}
      </button>
    </p>
  );
}

function ToAnswer(
  { message, links: { onAnswer } }: Pick<MessageProps, "message" | "links">,
): JSX.Element | null {
  if (onAnswer === undefined) return null;
  return (
    <button type="button" class="answer" onClick={() => onAnswer(message)}>
      Answer
      <span class="unseen">{` ${snippet(message.name, 24) || "no name"}`}</span>
    </button>
  );
}

/** What goes with the message, told but not fetched: nothing of it is opened here. */
function Attached(
  { message: { file } }: { readonly message: MessageRow },
): JSX.Element | null {
  if (file === undefined) return null;
  const { name, size, sha256, until } = file;
  return (
    <p class="attached">
      <span class="badge">file</span> <bdi>{visibleText(name)}</bdi>{" "}
      {bytesText(size)}, <code>{sha256.slice(0, SHORT_HASH)}</code>
      {until !== undefined && (
        <>
          , until{" "}
          <time dateTime={isoTime(until)}>
            {dayText(until)} {clockText(until)}
          </time>
        </>
      )}
    </p>
  );
}

function Text({ text }: { readonly text: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? text : folded(text);
  return (
    <>
      <p class="text" dir="auto">{visibleText(shown)}</p>
      {shown !== text && (
        <button
          type="button"
          class="unfold"
          onClick={() => setOpen(true)}
        >
          Show all {counted(text.length, "character")}
        </button>
      )}
    </>
  );
}

function folded(text: string): string {
  const lines = text.split("\n", FOLD_LINES + 1);
  const few = lines.length > FOLD_LINES
    ? lines.slice(0, FOLD_LINES).join("\n")
    : text;
  if (few.length <= FOLD_CHARACTERS) return few;
  // A pair of surrogates is one character.
  return [...few.slice(0, FOLD_CHARACTERS)].slice(0, -1).join("");
}
