import type { AnyMessage } from "../../../lib/local_api/types/messages.ts";
import type {
  Digest,
  DigestPart,
  DigestQuery,
} from "../../../lib/local_api/types/digest.ts";
import type { WhoAmI } from "../../../lib/local_api/types/daemon.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { Answers } from "./question_answers.ts";
import type { RoomHistory } from "./room_history.ts";
import type { People } from "./people.ts";
import type { ShownMessages } from "./shown_messages.ts";

/** So many of each kind are told; more are counted. */
const MOST_TOLD = 20;
/** So much of a message's first line is told, in UTF-16 units. */
const LINE_UNITS = 100;
/** How a text ends that asks something. */
const ASKS = /[?？؟]\s*$/u;

export interface DigestsOptions {
  readonly me: Pick<WhoAmI, "id">;
  readonly mailbox: Pick<Mailbox, "pages" | "mentions">;
  readonly history: Pick<RoomHistory, "newest">;
  readonly people: Pick<People, "isMuted">;
  readonly shown: Pick<ShownMessages, "all">;
}

/** What many messages come to: who said how many, who named this agent, what was asked and not answered. */
export class Digests {
  readonly #options: DigestsOptions;

  constructor(options: DigestsOptions) {
    this.#options = options;
  }

  /** Of what a query finds in the mailbox, or of a room's newest messages at the relay. Rejects with a `Failure`. */
  async of({ history, ...query }: DigestQuery): Promise<Digest> {
    const { mailbox, people } = this.#options;
    const answers = new Answers(this.#options.me.id, mailbox.pages.answers());
    if (history === undefined || query.room === undefined) {
      return this.#digest(mailbox.pages.each(query), answers);
    }
    const { room } = query;
    // No relay keeps what is said to one agent alone once it is here.
    const messages: readonly AnyMessage[] = room.startsWith("@")
      ? mailbox.pages.page({ room, all: true, last: history }).messages
      : (await this.#options.history.newest({ room, limit: history })).messages;
    answers.addAll(messages);
    const heard = messages.filter(({ from }) => !people.isMuted(from));
    return this.#digest(heard, answers);
  }

  #digest(
    messages: Iterable<AnyMessage>,
    answers: Answers,
  ): Digest {
    const { mailbox } = this.#options;
    const authors = new Map<string, { count: number; last: AnyMessage }>();
    const rooms = new Map<AnyMessage["room"], number>();
    const [mentions, questions] = [new Newest(), new Newest()];
    let span: { since: number; until: number } | undefined;
    let count = 0;
    for (const whole of messages) {
      const message = withFirstLine(whole);
      const { from, verified, room, timestamp } = message;
      count++;
      rooms.set(room, (rooms.get(room) ?? 0) + 1);
      const said = authors.get(`${from} ${verified}`)?.count ?? 0;
      authors.set(`${from} ${verified}`, { count: said + 1, last: message });
      if (mailbox.mentions.has(whole)) mentions.add(message);
      if (isQuestion(whole) && answers.to(whole) === undefined) {
        questions.add(message);
      }
      span = {
        since: Math.min(span?.since ?? timestamp, timestamp),
        until: Math.max(span?.until ?? timestamp, timestamp),
      };
    }
    const most = [...authors.values()].sort((a, b) => b.count - a.count);
    const told = most.slice(0, MOST_TOLD);
    const lasts = this.#options.shown.all(told.map(({ last }) => last));
    return {
      ...{ count, ...span },
      rooms: [...rooms].map(([name, count]) => ({ name, count })),
      authors: {
        count: most.length,
        told: told.map(({ count }, at) => ({ count, last: lasts[at]! })),
      },
      mentions: this.#told(mentions),
      questions: this.#told(questions),
    };
  }

  #told({ count, newest }: Newest): DigestPart {
    return { count, told: this.#options.shown.all(newest) };
  }
}

/** How many there were, and the newest of them, oldest first. */
class Newest {
  count = 0;
  readonly newest: AnyMessage[] = [];

  add(message: AnyMessage): void {
    this.count++;
    this.newest.push(message);
    if (this.newest.length > MOST_TOLD) this.newest.shift();
  }
}

function isQuestion({ kind, text }: AnyMessage): boolean {
  return kind === "question" || (kind === undefined && ASKS.test(text));
}

function withFirstLine(message: AnyMessage): AnyMessage {
  const [line = ""] = message.text.trimStart().split(/[\r\n]/, 1);
  const start = line.slice(0, LINE_UNITS).replace(/[\ud800-\udbff]$/, "");
  const rest = start.length < message.text.trim().length ? "…" : "";
  return { ...message, text: start + rest };
}
