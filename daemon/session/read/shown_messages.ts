import { defined } from "../../../lib/defined.ts";
import type {
  AnsweredMessage,
  HistoryMessage,
} from "../../../lib/local_api/types/messages.ts";
import type { MessagesPage } from "../../../lib/local_api/types/mailbox.ts";
import type { WhoAmI } from "../../../lib/local_api/types/daemon.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import type { SendLog } from "../../mailbox/send_log.ts";
import { shortIdOf, tellingStart } from "../../mailbox/short_ids.ts";
import { Answers } from "./question_answers.ts";
import type { People } from "./people.ts";

/** So much of a message is told where another one answers it, in UTF-16 units. */
const ANSWERED_TEXT = 100;

export interface ShownMessagesOptions {
  readonly me: WhoAmI;
  readonly mailbox: Pick<Mailbox, "finder" | "pages">;
  readonly sends: Pick<SendLog, "byId">;
  readonly people: Pick<People, "marked">;
}

/** A message that another one may answer. */
type Answerable = Omit<HistoryMessage, "answered">;

/** Messages as they are shown: with what is known of their authors, their short ids, and what they answer. */
export class ShownMessages {
  readonly #options: ShownMessagesOptions;

  constructor(options: ShownMessagesOptions) {
    this.#options = options;
  }

  /** One of them; `others` are shown beside it, and are what it may answer too. */
  shown<Message extends HistoryMessage>(
    message: Message,
    others: readonly HistoryMessage[] = [],
  ): Message {
    const marked = this.#marked(message);
    if (marked.reply_to === undefined) return marked;
    const answered = this.#answered(marked.reply_to, marked.room, others);
    return answered === undefined ? marked : { ...marked, answered };
  }

  /** All of a page, each told from the others by its short id. */
  all<Message extends HistoryMessage>(
    messages: readonly Message[],
  ): Message[] {
    const wholes = messages.map((one) => one.short_id);
    const sorted = wholes.filter((one) => one !== undefined).sort();
    const answers = this.#answers(messages);
    return messages.map((one) => {
      const shown = {
        ...this.shown(one, messages),
        ...this.#answeredBy(one, answers),
      };
      if (one.short_id === undefined) return shown;
      const at = sorted.indexOf(one.short_id);
      const behind = sorted.findLastIndex((each) => each === one.short_id) + 1;
      const here = tellingStart(one.short_id, [sorted[at - 1], sorted[behind]]);
      const { short_id = "" } = shown;
      return here.length > short_id.length
        ? { ...shown, short_id: here }
        : shown;
    });
  }

  /** The messages of the mailbox that a query found. */
  page(page: MessagesPage): MessagesPage {
    return { ...page, messages: this.all(page.messages) };
  }

  /** By what an own message is called. */
  ownShortId(id: string): string {
    const { me, mailbox } = this.#options;
    return mailbox.finder.shortIds.shown(shortIdOf({ from: me.id, id }));
  }

  /** The same in full, which needs no file: it is true of every mailbox. */
  wholeShortId(id: string): string {
    return shortIdOf({ from: this.#options.me.id, id });
  }

  /** What was answered, where there is a question among these; all that are kept are looked through for that. */
  #answers(messages: readonly HistoryMessage[]): Answers | null {
    if (!messages.some(({ kind }) => kind === "question")) return null;
    const { me, mailbox } = this.#options;
    const answers = new Answers(me.id, mailbox.pages.answers());
    answers.addAll(messages);
    return answers;
  }

  #answeredBy(
    message: HistoryMessage,
    answers: Answers | null,
  ): Pick<HistoryMessage, "answered_by"> {
    if (message.kind !== "question") return {};
    const id = this.#options.mailbox.finder.oddIds.wireIdOf(message.id);
    return defined({ answered_by: answers?.to({ ...message, id }) });
  }

  #marked<Message extends Answerable>(message: Message): Message {
    const { mailbox, people } = this.#options;
    const { short_id } = message;
    return {
      ...people.marked(message),
      ...(short_id === undefined
        ? {}
        : { short_id: mailbox.finder.shortIds.shown(short_id) }),
    };
  }

  /** What an id names in a room; nothing where that is not one message alone, since anybody can use an id that was seen. */
  #answered(
    id: string,
    room: RoomName,
    others: readonly Answerable[],
  ): AnsweredMessage | undefined {
    const { mailbox } = this.#options;
    const found = onePerAuthor([
      ...mailbox.finder.inRoom(mailbox.finder.oddIds.wireIdOf(id), room),
      ...others.filter((one) => one.id === id && one.room === room),
      ...this.#ownSend(id, room),
    ]);
    const [only] = found;
    if (only === undefined || found.length > 1) return undefined;
    const { from, from_name, text, verified, ...rest } = this.#marked(only);
    return {
      short_id: rest.short_id ?? "",
      ...{ from, from_name, verified, text: startOf(text) },
      ...(rest.you ? { you: true as const } : {}),
      ...(rest.name_conflict === undefined
        ? {}
        : { name_conflict: rest.name_conflict }),
    };
  }

  #ownSend(id: string, room: RoomName): Answerable[] {
    const sent = this.#options.sends.byId(id);
    if (sent === undefined || sent.room !== room) return [];
    const { me } = this.#options;
    return [{
      ...{ id, room, from: me.id, from_name: me.name, text: sent.text },
      ...{ timestamp: sent.createdAt, verified: true },
      short_id: shortIdOf({ from: me.id, id }),
    }];
  }
}

/** One message of each author, verified where one is; none that is not verified beside one that is. */
function onePerAuthor(messages: readonly Answerable[]): Answerable[] {
  const best = new Map<string, Answerable>();
  for (const one of messages) {
    const had = best.get(one.from);
    if (had === undefined || (one.verified && !had.verified)) {
      best.set(one.from, one);
    }
  }
  const all = [...best.values()];
  const sure = all.filter((one) => one.verified);
  return sure.length > 0 ? sure : all;
}

/** The start of a text, without half a character at its end. */
function startOf(text: string): string {
  return text.slice(0, ANSWERED_TEXT).replace(/[\ud800-\udbff]$/, "");
}
