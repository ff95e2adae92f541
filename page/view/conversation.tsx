import { type Signal, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MessageRow } from "../feed/rows.ts";
import type { Verdict } from "../feed/signature.ts";
import { threadOf, type Timeline } from "../feed/timeline.ts";
import { Message, type MessageLinks } from "./message.tsx";
import { counted, isSameDay, snippet } from "./texts.ts";
import { type ListHandle, VirtualList } from "./virtual_list.tsx";

/** Verdicts by message, each looked for once, when the message is first shown. */
export class Verdicts {
  readonly #found = new WeakMap<MessageRow, Signal<Verdict | undefined>>();
  readonly #check: (message: MessageRow) => Promise<Verdict>;

  constructor(check: (message: MessageRow) => Promise<Verdict>) {
    this.#check = check;
  }

  of(message: MessageRow): Verdict | undefined {
    const known = this.#found.get(message);
    if (known !== undefined) return known.value;
    const found = signal<Verdict | undefined>(undefined);
    this.#found.set(message, found);
    void this.#check(message).then((verdict) => found.value = verdict);
    return found.value;
  }
}

export interface ConversationProps {
  readonly room: string;
  readonly timeline: Timeline;
  readonly verdicts: Verdicts;
  readonly onOlder: () => void;
  /** Where a message can be answered. */
  readonly onAnswer?: (message: MessageRow) => void;
}

const ROW_HEIGHT = 76;
/** How long the newest message must be the newest before it is read out. */
const SPOKEN_AFTER_MS = 500;

/** A room's messages, and one thread of them alone where it was asked for. */
export function Conversation(props: ConversationProps): JSX.Element {
  const { room, timeline, verdicts, onOlder, onAnswer } = props;
  const [root, setRoot] = useState<MessageRow | null>(null);
  const handle = useRef<ListHandle | null>(null);
  const links: MessageLinks = {
    verdictOf: (message) => verdicts.of(message),
    parentOf: ({ reply_to }) => timeline.byId.get(reply_to ?? ""),
    answersTo: ({ id }) => timeline.answers.get(id) ?? 0,
    onJump: (message) =>
      handle.current?.toIndex(timeline.messages.indexOf(message)),
    onThread: setRoot,
    ...(onAnswer === undefined ? {} : { onAnswer }),
  };
  if (root !== null) {
    return (
      <Thread
        {...props}
        root={root}
        links={links}
        onBack={() => setRoot(null)}
      />
    );
  }
  const { messages } = timeline;
  return (
    <div class="conversation">
      <VirtualList
        kind="log"
        label={`Messages of ${room}`}
        items={messages}
        keyOf={({ seq }) => seq}
        rowHeight={ROW_HEIGHT}
        handle={handle}
        onStart={onOlder}
        render={(message, index) => (
          <Message
            message={message}
            links={links}
            startsDay={startsDay(messages, index)}
          />
        )}
      />
      <Spoken message={messages.at(-1)} />
    </div>
  );
}

function Thread(
  { timeline, root, links, onBack }: ConversationProps & {
    readonly root: MessageRow;
    readonly links: MessageLinks;
    readonly onBack: () => void;
  },
): JSX.Element {
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  const { onJump: _onJump, onThread: _onThread, ...rest } = links;
  const thread = threadOf(timeline, root);
  return (
    <div class="conversation">
      <p class="thread-head">
        <button type="button" ref={back} onClick={onBack}>
          ← All messages
        </button>
        <span>{counted(thread.length - 1, "answer")}</span>
      </p>
      <VirtualList
        kind="list"
        label="Thread"
        items={thread}
        keyOf={({ message }) => message.seq}
        rowHeight={ROW_HEIGHT}
        render={({ message, depth }) => (
          <Message message={message} links={rest} depth={depth} />
        )}
      />
    </div>
  );
}

/** What a screen reader says of what comes: the newest, once talk pauses. */
function Spoken(
  { message }: { readonly message: MessageRow | undefined },
): JSX.Element {
  const [text, setText] = useState("");
  const first = useRef(message?.seq);
  first.current ??= message?.seq;
  useEffect(() => {
    if (message === undefined || message.seq === first.current) return;
    const timer = setTimeout(() => {
      setText(`${snippet(message.name, 24)}: ${snippet(message.text, 200)}`);
    }, SPOKEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [message?.seq]);
  return <p class="unseen" aria-live="polite">{text}</p>;
}

function startsDay(messages: readonly MessageRow[], index: number): boolean {
  const [before, message] = [messages[index - 1], messages[index]];
  if (message === undefined) return false;
  return before === undefined ||
    !isSameDay(before.timestamp, message.timestamp);
}
