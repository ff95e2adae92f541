import type { RoomName } from "../../lib/protocol/names.ts";
import { roomNameOf } from "./checked_columns.ts";
import type { MailboxDatabase } from "./database.ts";
import {
  numberOf,
  numberOrNone,
  type SqlRow,
  type Statement,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";

/** A room that this agent is to be in, as it is remembered over restarts. */
export interface RememberedRoom {
  readonly name: RoomName;
  readonly topic: string;
  readonly tags: readonly string[];
  /** Whether this agent made it, and so makes it again when it has ended. */
  readonly createdHere: boolean;
  /** Our wall clock when we first joined: what was said before is not caught up. */
  readonly joinedAt: number;
  /** The relay's number of the last message before which nothing is missing; 0 in a room that was empty. */
  readonly lastSeq: number | undefined;
  /** Our wall clock at the last message had. */
  readonly lastAt: number | undefined;
  /** Why the room is no more; undefined while it is. */
  readonly ended: string | undefined;
  /** How many of its members' keys come before ours, as last known. */
  readonly rank: number | undefined;
}

/** The rooms of one relay, on disk. */
export class RoomMemory {
  readonly #relay: string;
  readonly #all: Statement;
  readonly #save: Statement;
  readonly #mark: Statement;
  readonly #end: Statement;
  readonly #forget: Statement;

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#all = database.prepare(
      "SELECT * FROM rooms WHERE relay = ? ORDER BY joined_at, name",
    );
    this.#save = database.prepare(
      `INSERT OR REPLACE INTO rooms (relay, name, topic, tags, created_here,
         joined_at, last_seq, last_at, ended, rank)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#mark = database.prepare(
      "UPDATE rooms SET last_seq = ?, last_at = ? WHERE relay = ? AND name = ?",
    );
    this.#end = database.prepare(
      "UPDATE rooms SET ended = ? WHERE relay = ? AND name = ?",
    );
    this.#forget = database.prepare(
      "DELETE FROM rooms WHERE relay = ? AND name = ?",
    );
  }

  all(): RememberedRoom[] {
    return this.#all.all(this.#relay).map(roomOf);
  }

  save(room: RememberedRoom): void {
    this.#save.run(
      this.#relay,
      room.name,
      room.topic,
      JSON.stringify(room.tags),
      room.createdHere ? 1 : 0,
      room.joinedAt,
      room.lastSeq ?? null,
      room.lastAt ?? null,
      room.ended ?? null,
      room.rank ?? null,
    );
  }

  /** How far the room's messages were had. */
  mark(
    name: string,
    { lastSeq, lastAt }: Pick<RememberedRoom, "lastSeq" | "lastAt">,
  ): void {
    this.#mark.run(lastSeq ?? null, lastAt ?? null, this.#relay, name);
  }

  end(name: string, reason: string): void {
    this.#end.run(reason, this.#relay, name);
  }

  forget(name: string): void {
    this.#forget.run(this.#relay, name);
  }
}

function roomOf(row: SqlRow): RememberedRoom {
  return {
    name: roomNameOf(row, "name"),
    topic: textOf(row, "topic"),
    tags: JSON.parse(textOf(row, "tags")) as string[],
    createdHere: numberOf(row, "created_here") === 1,
    joinedAt: numberOf(row, "joined_at"),
    lastSeq: numberOrNone(row, "last_seq"),
    lastAt: numberOrNone(row, "last_at"),
    ended: textOrNone(row, "ended"),
    rank: numberOrNone(row, "rank"),
  };
}
