import { carriesMarks } from "./carries_marks.ts";
import type { Clock } from "../clock.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { SendResult } from "../local_api/types/sends.ts";
import type { MessageText } from "../protocol/message_text.ts";
import type { RoomName } from "../protocol/names.ts";
import { Failure } from "../errors.ts";
import { awaitAnswers, type Heard } from "./await_answers.ts";
import { defined } from "../defined.ts";

/** A text that wants an answer. */
export interface AskRequest {
  readonly room: RoomName;
  readonly text: MessageText;
  /** Makes a second try safe. */
  readonly id?: string;
  /** Past the brakes. */
  readonly force?: true;
  /** Whose answer alone counts: an agent id, the start of one, or a name; anybody's without it. */
  readonly from?: string;
  /** How many agents' answers are waited for; one without it. */
  readonly answers?: number;
  /** How long they are waited for. */
  readonly timeoutMs: number;
  /** Ends the waiting; the text may be sent by then. */
  readonly signal?: AbortSignal;
}

/** What became of the question, and what came back if it was accepted. */
export interface Asked extends Heard {
  readonly sent: SendResult;
  /** Whether answers are marked as such on this relay; else the first message after the question counts as one. */
  readonly exact: boolean;
  /** How many agents' answers were waited for. */
  readonly wanted: number;
  /** Who was asked, where no answer came and nobody in the room is called so. */
  readonly absent?: string;
}

type AskApi = Pick<
  LocalApi,
  "status" | "messages" | "count" | "send" | "members"
>;

/**
 * Sends a text, marked as a question, and waits for the answers to it. One that was not accepted is not waited for.
 *
 * @throws {Failure} also USAGE where `from` means nobody for sure, before anything is sent.
 */
export async function askQuestion(
  { clock }: { readonly clock: Clock },
  api: AskApi,
  { timeoutMs, signal, from, answers = 1, ...request }: AskRequest,
): Promise<Asked> {
  const exact = carriesMarks(await api.status(), request.room);
  if (from !== undefined) {
    await api.count({ from, after: Number.MAX_SAFE_INTEGER });
  }
  const before = exact ? await newestCursor(api) : 0;
  const sent = await api.send({
    ...{ ...request, kind: "question", receipt: true },
  });
  if (sent.status !== "accepted") {
    const none = { answers: [], interruption: null, others: 0 };
    return { sent, exact, wanted: answers, ...none };
  }
  // Without a mark, what was there before the question was taken is no answer to it.
  const after = exact ? before : await newestCursor(api);
  const asksOne = from !== undefined || sent.others === 1 ||
    sent.room.startsWith("@");
  const heard = await awaitAnswers({ clock }, api, {
    ...{ sent, after, exact, asksOne, answers, timeoutMs },
    ...defined({ signal, from }),
  });
  const isMissed = from !== undefined && heard.answers.length === 0 &&
    heard.interruption === null && await isAbsent(api, request.room, from);
  return {
    ...{ sent, exact, wanted: answers, ...heard },
    ...(isMissed ? { absent: from } : {}),
  };
}

/** Whether nobody in the room is who is meant; false where that can't be known. */
async function isAbsent(
  api: Pick<LocalApi, "members">,
  room: RoomName,
  who: string,
): Promise<boolean> {
  try {
    const { members } = await api.members({ room });
    return !members.some(({ id, name }) => id.startsWith(who) || name === who);
  } catch (thrown) {
    if (thrown instanceof Failure) return false;
    throw thrown;
  }
}

/**
 * The cursor of the newest message. A page says how many follow its first one, and cursors grow by at least one: two
 * or three small questions find the end.
 */
export async function newestCursor(
  api: Pick<LocalApi, "messages">,
): Promise<number> {
  for (let cursor = 0;;) {
    const page = await api.messages({ after: cursor, limit: 1 });
    const first = page.messages[0];
    if (first === undefined) return cursor;
    cursor = first.cursor + page.remaining;
  }
}
