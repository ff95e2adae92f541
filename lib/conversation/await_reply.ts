import type { Clock } from "../clock.ts";
import { defined } from "../defined.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { RoomName } from "../protocol/names.ts";
import type { ReceivedMessage } from "../local_api/types.ts";

/** A question that was sent. */
export interface Question {
  readonly room: RoomName;
  readonly id: string;
  /** The newest cursor before it was sent; where answers carry no mark, the newest after it was taken. */
  readonly after: number;
  /** Whether the relay carries `reply_to`; else the first message after the question that is not late is the reply. */
  readonly exact: boolean;
  /** Whose answer alone counts; anybody's without it. */
  readonly from?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came: the reply or null, and how many other messages of the room, of whom was asked. */
export interface Heard {
  readonly reply: ReceivedMessage | null;
  readonly others: number;
}

/** Waits for the reply to a question, at most as long as it says. */
export async function awaitReply(
  { clock }: { readonly clock: Clock },
  api: Pick<LocalApi, "messages">,
  question: Question,
): Promise<Heard> {
  const { room, id, exact, from, timeoutMs, signal } = question;
  const deadline = clock.monotonic() + timeoutMs;
  let others = 0;
  for (let after = question.after;;) {
    const left = Math.floor(deadline - clock.monotonic());
    if (left <= 0) return { reply: null, others };
    const { messages } = await api.messages(
      { room, after, wait_ms: left, ...defined({ from }) },
      signal,
    );
    const reply = messages.find((one) =>
      exact ? one.reply_to === id : !one.late
    );
    if (reply !== undefined) return { reply, others };
    others += messages.length;
    after = messages.at(-1)?.cursor ?? after;
  }
}
