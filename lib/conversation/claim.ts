import { carriesMarks } from "./carries_marks.ts";
import type { Clock } from "../clock.ts";
import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { HistoryMessage } from "../local_api/types/messages.ts";
import type { SendResult } from "../local_api/types/sends.ts";
import type { MessageText } from "../protocol/message_text.ts";
import type { RoomName } from "../protocol/names.ts";
import { sameWords } from "../text_rules/same_words.ts";
import { LookBack, type LookedAt } from "./look_back.ts";

/** A text that an agent wants to be the first to say in a room. */
export interface ClaimRequest {
  readonly room: RoomName;
  readonly text: MessageText;
  /** Makes a second try safe. */
  readonly id?: string;
  /** Past the brakes. */
  readonly force?: true;
}

/** What became of a claim. */
export interface Claimed {
  readonly room: RoomName;
  readonly text: MessageText;
  /** Null while nobody can know: the claim waits to be sent, or what became of it is unknown. */
  readonly first: HistoryMessage | null;
  /** Whether the first is this agent's. */
  readonly mine: boolean;
  /** What was sent; null where somebody had it already. */
  readonly sent: SendResult | null;
  /** What says who was first: the relay's numbers, or, on one that gives none, the order of its history. */
  readonly by: "seq" | "history";
  /** How far back was looked. */
  readonly looked: Omit<LookedAt, "room">;
  /** Earlier ones of the same words that nobody can check, which count for nothing. */
  readonly unproven: number;
}

type ClaimApi = Pick<LocalApi, "status" | "history" | "message" | "send">;

/**
 * Claims a text in a room: the first to say the same words there, marked as a claim where the relay carries marks, has
 * it, whoever asks and whoever is muted. One that was had already is not sent; one that was sent is looked for once
 * more among what the relay took meanwhile.
 */
export async function claimText(
  { clock }: { readonly clock: Clock },
  api: ClaimApi,
  request: ClaimRequest,
): Promise<Claimed> {
  const { room, text } = request;
  const status = await api.status();
  const { agent_id: me, agent_name } = status;
  const isMarked = carriesMarks(status, room);
  const search = { room, words: sameWords(text), isMarked };
  const before = await firstClaim({ clock }, api, search);
  const { looked, unproven } = before;
  const told = { room, text, looked, unproven } as const;
  if (before.first !== null) {
    const { first } = before;
    return {
      ...told,
      first,
      mine: first.from === me,
      sent: null,
      by: byOf(first),
    };
  }
  const sent = await api.send({ ...request, kind: "claim" });
  if (sent.status !== "accepted") {
    return { ...told, first: null, mine: false, sent, by: byOf(sent) };
  }
  const own: HistoryMessage = {
    ...{ id: sent.id, room, from: me, from_name: agent_name, text },
    ...{ timestamp: clock.wall(), verified: true, you: true, kind: "claim" },
    ...defined({ seq: sent.seq, short_id: sent.short_id }),
  };
  const since = await firstClaim({ clock }, api, {
    ...{ ...search, own },
    ...defined({ after_seq: before.newest }),
  });
  const first = since.first ?? own;
  return {
    ...{ ...told, first, mine: first.from === me, sent, by: byOf(sent) },
    unproven: Math.max(unproven, since.unproven),
  };
}

const byOf = ({ seq }: { readonly seq?: number }) =>
  seq === undefined ? "history" : "seq";

interface ClaimSearch {
  readonly room: RoomName;
  /** As {@link sameWords} has them. */
  readonly words: string;
  /** Whether claims are marked as such; else each message of these words is one. */
  readonly isMarked: boolean;
  /** The claim that was just sent, which needs no other proof. */
  readonly own?: HistoryMessage;
  readonly after_seq?: number;
}

interface Found {
  readonly first: HistoryMessage | null;
  /** The relay's number of the newest message that was looked at. */
  readonly newest: number | undefined;
  readonly looked: Omit<LookedAt, "room">;
  readonly unproven: number;
}

/** The first claim of the same words in what the relay shows of the room: the one of the lowest number, else of place. */
async function firstClaim(
  { clock }: { readonly clock: Clock },
  api: Pick<LocalApi, "history" | "message">,
  { room, words, isMarked, own, after_seq }: ClaimSearch,
): Promise<Found> {
  const back = new LookBack(clock, api);
  let newest: number | undefined;
  let first: HistoryMessage | null = null;
  let unproven = 0;
  for await (const page of back.pages({ room, ...defined({ after_seq }) })) {
    newest ??= page.at(-1)?.seq;
    for (const message of page.toReversed()) {
      if (isMarked && message.kind !== "claim") continue;
      if (sameWords(message.text) !== words) continue;
      const isOwn = message.id === own?.id && message.from === own.from;
      if (!isOwn && !await isProven(api, message)) unproven++;
      else if (first === null || !isBehind(message, first)) first = message;
    }
  }
  const [{ room: _room, ...looked } = NOTHING] = back.looked;
  return { first, newest, looked, unproven };
}

const NOTHING = { room: "", messages: 0, complete: false };

/** Pages come newest first, so of messages without numbers each is before the one had. */
function isBehind(message: HistoryMessage, first: HistoryMessage): boolean {
  return message.seq !== undefined && first.seq !== undefined &&
    message.seq > first.seq;
}

/**
 * Whether its author signed it. A relay that shows its history without signatures is not believed: a message of it is
 * proven where the mailbox had the same one with its signature.
 */
async function isProven(
  api: Pick<LocalApi, "message">,
  { id, from, text, verified }: HistoryMessage,
): Promise<boolean> {
  if (verified) return true;
  if (id === "") return false;
  try {
    const { message } = await api.message({ id, from });
    return message.verified && message.text === text;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === "NOT_FOUND") return false;
    throw thrown;
  }
}
