import type { Clock } from "../clock.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { ReceivedMessage } from "../local_api/types/messages.ts";
import type { SendResult } from "../local_api/types/sends.ts";

/** A question that was sent, and whose answers are waited for. */
export interface Question {
  readonly sent: Pick<SendResult, "id" | "room" | "seq">;
  /** The newest cursor before it was sent; where answers carry no mark, the newest after it was taken. */
  readonly after: number;
  /** Whether the relay carries `reply_to`; else the first message after the question that is not late is the answer. */
  readonly exact: boolean;
  /** Whose answer alone counts; anybody's without it. */
  readonly from?: string;
  /** Whether one agent alone is asked: the one of `from`, or the only other one in the room. */
  readonly asksOne: boolean;
  /** How many agents' answers are waited for. */
  readonly answers: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** An answer: `likely` where nothing but who said it, and when, makes it one. */
export type Answer = ReceivedMessage & { readonly likely?: true };

/** What came. */
export interface Heard {
  /** In the order in which they came; at most as many as were waited for, but for those that came at once. */
  readonly answers: readonly Answer[];
  /** A question, or a message for this agent, that ended the waiting: its author may wait for us. */
  readonly interruption: ReceivedMessage | null;
  /** Other messages of the room. */
  readonly others: number;
}

/** Waits for the answers to a question, at most as long as it says, or until somebody wants something of this agent. */
export async function awaitAnswers(
  { clock }: { readonly clock: Clock },
  api: Pick<LocalApi, "messages">,
  question: Question,
): Promise<Heard> {
  const deadline = clock.monotonic() + question.timeoutMs;
  const answers: Answer[] = [];
  let others = 0;
  for (let after = question.after;;) {
    const left = Math.floor(deadline - clock.monotonic());
    if (left <= 0) return { answers, interruption: null, others };
    const query = { after, wait_ms: left };
    const { messages } = await api.messages(query, question.signal);
    const asked = await askedOnes(api, question, after);
    const meant = messages.map((message) => ({
      message,
      meaning: meaningOf(message, question, asked(message)),
    }));
    answers.push(...meant.flatMap(answerOf));
    others += meant.filter(({ meaning, message }) =>
      meaning === "none" && message.room === question.sent.room
    ).length;
    if (
      new Set(answers.map(({ from }) =>
        from
      )).size >= question.answers
    ) {
      return { answers, interruption: null, others };
    }
    const first = meant.find(({ meaning }) => meaning === "interrupts");
    if (first !== undefined) {
      return { answers, interruption: first.message, others };
    }
    after = messages.at(-1)?.cursor ?? after;
  }
}

/** Which messages after a cursor are of whom is asked; the daemon knows whom a word means. */
async function askedOnes(
  api: Pick<LocalApi, "messages">,
  { from, sent: { room }, signal }: Question,
  after: number,
): Promise<(message: ReceivedMessage) => boolean> {
  if (from === undefined) return () => true;
  const page = await api.messages({ room, after, from }, signal);
  const cursors = new Set(page.messages.map(({ cursor }) => cursor));
  return ({ cursor }) => cursors.has(cursor);
}

type Meaning = "answer" | "likely" | "interrupts" | "none";

/** What a message is to who asked. @param isAsked whether its author's answer counts */
function meaningOf(
  message: ReceivedMessage,
  { sent, exact, asksOne }: Question,
  isAsked: boolean,
): Meaning {
  const { room, reply_to, kind, mention } = message;
  const isHere = room === sent.room;
  if (exact && reply_to === sent.id) {
    return isHere && isAsked ? "answer" : "none";
  }
  const isPlain = reply_to === undefined && kind === undefined;
  const mayAnswer = isHere && isAsked && isPlain && !message.late &&
    isBehind(message, sent);
  if (mayAnswer && (asksOne || !exact)) return "likely";
  // Of those who wait for each other in a ring, each is asked by one that it waits for.
  const wantsUs = mention || (isHere && isAsked && kind === "question");
  return wantsUs ? "interrupts" : "none";
}

/** What the relay numbered before the question does not answer it. */
function isBehind(
  { seq }: ReceivedMessage,
  sent: Pick<SendResult, "seq">,
): boolean {
  return seq === undefined || sent.seq === undefined || seq > sent.seq;
}

function answerOf(
  { message, meaning }: { message: ReceivedMessage; meaning: Meaning },
): readonly Answer[] {
  if (meaning === "answer") return [message];
  return meaning === "likely" ? [{ ...message, likely: true }] : [];
}
