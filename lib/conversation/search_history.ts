import type { Clock } from "../clock.ts";
import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { AnyMessage } from "../local_api/types/messages.ts";
import type { RoomName } from "../protocol/names.ts";
import { wordMatch } from "../text_rules/word_match.ts";
import { backToText, LookBack, type LookedAt } from "./look_back.ts";

/** Words that are looked for in the mailbox and in what relays keep. */
export interface HistorySearch {
  readonly words: string;
  /** Every room that this agent is in without it. */
  readonly room?: RoomName;
  /** Most messages that are wanted, the newest. */
  readonly limit: number;
}

/** What was found. */
export interface FoundInHistory {
  /** Oldest first. */
  readonly messages: readonly AnyMessage[];
  /** How many older ones were found. */
  readonly remaining: number;
  /** How far each room was looked through. */
  readonly looked: readonly LookedAt[];
}

type SearchApi = Pick<LocalApi, "search" | "status" | "history">;

/** Most that the mailbox gives at once. */
const MOST_FOUND = 500;

/**
 * Looks for messages that hold all the words in the mailbox, and in the past of rooms as the relay keeps it, each
 * message checked as in any history: who came late finds what was said before. The rooms share what one command may
 * read.
 *
 * @throws {Failure} where a room that was named has no past to give.
 */
export async function searchHistory(
  { clock }: { readonly clock: Clock },
  api: SearchApi,
  { words, room, limit }: HistorySearch,
): Promise<FoundInHistory> {
  const query = { words, limit: MOST_FOUND, ...defined({ room }) };
  const kept = await api.search(query);
  const rooms = room === undefined ? await ownRooms(api) : [room];
  const back = new LookBack(clock, api);
  const found = new Map<string, AnyMessage>(
    kept.messages.map((one) => [keyOf(one), one]),
  );
  const holds = wordMatch(words);
  for (const [place, each] of rooms.entries()) {
    const share = { rooms: rooms.length - place };
    try {
      for await (const page of back.pages({ room: each, share })) {
        for (const one of page) {
          if (holds(one.text) && !found.has(keyOf(one))) {
            found.set(keyOf(one), one);
          }
        }
      }
    } catch (thrown) {
      if (room !== undefined || !(thrown instanceof Failure)) throw thrown;
      back.looked.push({ room: each, messages: 0, complete: false });
    }
  }
  const all = [...found.values()].sort(byTime);
  const messages = all.slice(-limit);
  const remaining = all.length - messages.length + kept.remaining;
  return { messages, remaining, looked: back.looked };
}

async function ownRooms(
  api: Pick<LocalApi, "status">,
): Promise<readonly RoomName[]> {
  const { rooms } = await api.status();
  return rooms.filter(({ joined }) => joined).map(({ name }) => name);
}

/** A message is its author's: an id alone names none. */
function keyOf({ from, id, room }: AnyMessage): string {
  return `${room} ${from} ${id}`;
}

function byTime(one: AnyMessage, other: AnyMessage): number {
  return one.timestamp - other.timestamp || (one.seq ?? 0) - (other.seq ?? 0);
}

/** Our own lines about how far was looked. */
export function lookedNotes(looked: readonly LookedAt[]): string[] {
  const cut = looked.filter(({ complete }) => !complete);
  const whole = looked.length - cut.length;
  const named = cut.slice(0, MOST_NAMED).map((one) =>
    one.back_to === undefined
      ? `#${one.room} was not looked through`
      : `#${one.room} was looked through for its last ${one.messages} messages${
        backToText(one)
      }: older ones were not looked at`
  );
  const more = cut.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`nor were ${more} other rooms looked through whole`] : []),
    ...(whole > 0
      ? [
        `the relay's history of ${
          whole === 1 ? "1 room" : `${whole} rooms`
        } was looked through whole`,
      ]
      : []),
  ];
}

/** So many rooms are named. */
const MOST_NAMED = 5;
