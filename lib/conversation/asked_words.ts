import { Failure } from "../errors.ts";
import { makeVisible } from "../guards/visible.ts";
import { withSign } from "../guards/room_sign.ts";
import type { ReceivedMessage } from "../local_api/types/messages.ts";
import { shortKey } from "../protocol/agent_id.ts";
import type { Asked } from "./question.ts";

/** What the outcome of a question is called where it is no answer; null where enough answers came, or some in time. */
export function askFailure(asked: Asked): Failure | null {
  const { interruption, answers, sent, wanted } = asked;
  if (interruption !== null) return interrupted(interruption);
  if (sent.status !== "accepted") return null;
  const came = new Set(answers.map(({ from }) => from)).size;
  if (came === 0) return new Failure("NOTHING_CAME");
  return came < wanted
    ? new Failure("ANSWERS_SHORT", { fields: { came, wanted } })
    : null;
}

function interrupted(
  { from, room, kind, cursor, short_id }: ReceivedMessage,
): Failure {
  const what = kind === "question" ? "asks something" : "means you";
  const who = makeVisible(shortKey(from));
  const fields = {
    who,
    what,
    room: withSign(makeVisible(room)),
    number: short_id ?? cursor,
  };
  return new Failure("INTERRUPTED", { fields });
}

/** Our own lines about what came: how sure it is that it answers, what did not come. */
export function askNotes(asked: Asked): string[] {
  const { answers, exact, others, sent, absent } = asked;
  const came = answers.length;
  const likely = answers.some((one) => one.likely);
  return [
    ...(likely && !exact
      ? [
        "this relay carries no marks for answers: this is the first message after the question",
      ]
      : []),
    ...(likely && exact
      ? ["likely an answer: a plain message of who was asked, not a 'reply'"]
      : []),
    ...(absent === undefined
      ? []
      : [`nobody who is '${makeVisible(absent)}' is in the room now`]),
    ...(came === 0 && sent.others === 0
      ? ["nobody else is in the room now"]
      : []),
    ...(came === 0 && others > 0
      ? [
        `${others} other ${
          others === 1 ? "message" : "messages"
        } of the room came in the meantime`,
      ]
      : []),
  ];
}

/** The one shape in which the outcome of a question is told as data, however it ended. */
export function askJson(asked: Asked): object {
  const { sent, answers, interruption, others: other_messages } = asked;
  const failure = askFailure(asked);
  return {
    ...(failure === null ? {} : { error: failure.toJson() }),
    ...{ sent, reply: answers[0] ?? null, answers },
    ...{ interrupted_by: interruption, other_messages },
  };
}
