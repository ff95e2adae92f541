import { Failure } from "../../lib/errors.ts";
import type { ReceivedMessage } from "../../lib/local_api/types/messages.ts";
import { shortKey } from "../../lib/protocol/agent_id.ts";
import type { Statement } from "../../lib/sql/sql.ts";
import type { MailboxDatabase } from "./database.ts";
import { messageOf } from "./message_rows.ts";
import { OddIds } from "./odd_ids.ts";
import { onlyOf } from "./same_id.ts";
import { ShortIds } from "./short_ids.ts";

/** So many messages whose short ids start alike are looked at. */
const MOST_ALIKE = 20;
/** So much more than what they share is told of each. */
const TOLD_MORE = 4;

/** Which of several messages that are called the same. */
export interface Whose {
  /** Key of the author, or the start of it; anybody's without it. */
  readonly from?: string | undefined;
  /** The room that it is of; any without it. */
  readonly room?: string | undefined;
}

/** Finds single messages of the mailbox by what they are called. */
export class MessageFinder {
  readonly oddIds: OddIds;
  readonly shortIds: ShortIds;
  readonly #byId: Statement;
  readonly #at: Statement;
  readonly #inRoom: Statement;

  constructor(database: MailboxDatabase) {
    this.oddIds = new OddIds(database);
    this.shortIds = new ShortIds(database);
    this.#byId = database.prepare(
      `SELECT *, max(verified) FROM messages
       WHERE id = ?1 AND substr(author, 1, length(?2)) = ?2
         AND (?3 IS NULL OR room = ?3)
       GROUP BY author ORDER BY cursor LIMIT ?4`,
    );
    this.#at = database.prepare("SELECT * FROM messages WHERE cursor = ?");
    this.#inRoom = database.prepare(
      `SELECT *, max(verified) FROM messages WHERE id = ?1 AND room = ?2
       GROUP BY author ORDER BY cursor LIMIT 3`,
    );
  }

  /** The message of this number; undefined when it is not in the buffer. */
  at(cursor: number): ReceivedMessage | undefined {
    const row = this.#at.get(cursor);
    return row === undefined ? undefined : messageOf(row);
  }

  /**
   * The message of this id; an id is its author's alone, whom `from` tells from another's.
   *
   * @throws Failure NOT_FOUND when it is not in the buffer, ID_AMBIGUOUS when several agents used it.
   */
  byId(id: string, { from = "", room }: Whose = {}): ReceivedMessage {
    const odd = this.oddIds.at(id, from);
    const here = odd === undefined ? undefined : messageOf(odd);
    if (here !== undefined && (room ?? here.room) === here.room) return here;
    return onlyOf(
      id,
      (most) => this.#byId.all(id, from, room ?? null, most).map(messageOf),
    );
  }

  /**
   * The message whose short id starts so; of one that came twice, the one that was verified.
   *
   * @throws Failure ID_AMBIGUOUS with what tells them apart, where it is the start of several.
   */
  byShort(
    start: string,
    { from = "", room }: Whose = {},
  ): ReceivedMessage | undefined {
    const alike = this.shortIds.cursors(start, MOST_ALIKE)
      .flatMap((cursor) => this.at(cursor) ?? [])
      .filter((one) => one.from.startsWith(from))
      .filter((one) => room === undefined || one.room === room);
    return onlyShort(start, alike);
  }

  /** The messages of a room with this id on the wire: at most three, each of another author. */
  inRoom(id: string, room: string): ReceivedMessage[] {
    return this.#inRoom.all(id, room).map(messageOf);
  }
}

/** What is known of a message when it is looked for by its short id. */
interface Short {
  readonly short_id?: string;
  readonly id: string;
  readonly from: string;
  readonly verified: boolean;
}

/** The one of them all, or undefined for none. @throws Failure ID_AMBIGUOUS */
export function onlyShort<Message extends Short>(
  start: string,
  alike: readonly Message[],
): Message | undefined {
  // By author and id, which alone say that it is the same one: two short ids can be made alike in all characters.
  const best = new Map<string, Message>();
  for (const one of alike) {
    const key = `${one.from} ${one.id}`;
    const had = best.get(key);
    if (had === undefined || (one.verified && !had.verified)) {
      best.set(key, one);
    }
  }
  const [first, second] = best.values();
  if (second === undefined) return first;
  const told = [...best.values()].map(({ short_id = "", from }) =>
    `${short_id.slice(0, start.length + TOLD_MORE)} (${shortKey(from)})`
  );
  const who = told.join(", ");
  throw new Failure("SHORT_ID_AMBIGUOUS", { fields: { id: start, who } });
}
