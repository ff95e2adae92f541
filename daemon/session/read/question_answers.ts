import type {
  Answer,
  AnsweredBy,
  HistoryMessage,
} from "../../../lib/local_api/types/messages.ts";

/** A message that may have been answered. */
type Asked = Pick<HistoryMessage, "room" | "id" | "from">;

/** What was answered, and by whom. */
export class Answers {
  readonly #me: string;
  readonly #by = new Map<string, Set<string>>();

  /** @param me this agent's id */
  constructor(me: string, answers: Iterable<Answer>) {
    this.#me = me;
    this.addAll(answers);
  }

  addAll(answers: Iterable<Answer>): void {
    for (const { room, reply_to, from } of answers) {
      if (reply_to === undefined) continue;
      const key = `${room} ${reply_to}`;
      this.#by.set(key, (this.#by.get(key) ?? new Set()).add(from));
    }
  }

  /** Who answered the message, its author aside: this agent, else somebody; undefined for nobody. */
  to({ room, id, from }: Asked): AnsweredBy | undefined {
    const by = this.#by.get(`${room} ${id}`);
    if (by === undefined) return undefined;
    if (by.has(this.#me) && from !== this.#me) return "you";
    return by.size > 1 || !by.has(from) ? "others" : undefined;
  }
}
