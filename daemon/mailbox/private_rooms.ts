import type { RoomName } from "../../lib/protocol/names.ts";
import {
  blobOrNone,
  numberOf,
  type SqlRow,
  type Statement,
  textOf,
  textOrNone,
} from "../../lib/sql/sql.ts";
import { defined } from "../../lib/defined.ts";
import { roomNameOf } from "./checked_columns.ts";
import type { MailboxDatabase } from "./database.ts";

/** A room that is sealed from end to end. */
export interface PrivateRoom {
  /** What it is called here. */
  readonly name: RoomName;
  /** What it is called on the wire. */
  readonly wire: RoomName;
  /** Its first epoch, hex. */
  readonly root: string;
  /** The epoch that is trusted, and all that follows from it; absent until this agent was let in. */
  readonly anchor?: string;
  /** Who made it, or invited us. */
  readonly inviter: string;
  /** The secret of the invitation, until we are let in. */
  readonly seed?: Uint8Array;
  /** Until the relay has our word that we are here, and stay, whatever we said of leaving before. */
  readonly stays?: true;
  /** Our wall clock when we made it, or asked to be let in. */
  readonly joinedAt: number;
}

/** The private rooms at one relay, in memory and on disk, by either name. Every change throws FILE_TROUBLE. */
export class PrivateRooms {
  readonly #relay: string;
  readonly #database: MailboxDatabase;
  readonly #byName = new Map<string, PrivateRoom>();
  readonly #byWire = new Map<string, PrivateRoom>();
  readonly #save: Statement;
  readonly #forget: readonly Statement[];

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#database = database;
    this.#save = database.prepare(
      `INSERT OR REPLACE INTO private_rooms
         (relay, name, wire, root, anchor, inviter, seed, joined_at, stays)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const tables = [
      ...["private_rooms", "epoch_records", "sealed_frames", "sealed_heard"],
      "leave_words",
    ];
    this.#forget = tables.map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE relay = ? AND name = ?`)
    );
    const all = database.prepare("SELECT * FROM private_rooms WHERE relay = ?");
    for (const row of all.all(relay)) this.#remember(roomOf(row));
  }

  all(): PrivateRoom[] {
    return [...this.#byName.values()];
  }

  get(name: string): PrivateRoom | undefined {
    return this.#byName.get(name);
  }

  byWire(wire: string): PrivateRoom | undefined {
    return this.#byWire.get(wire);
  }

  /** What a room of ours is called on the wire; a public one as here. */
  wireOf<Name extends string>(name: Name): Name | RoomName {
    return this.#byName.get(name)?.wire ?? name;
  }

  /** What a room of the wire is called here; one that is not ours, or public, as there. */
  nameOf<Name extends string>(wire: Name): Name | RoomName {
    return this.#byWire.get(wire)?.name ?? wire;
  }

  save(room: PrivateRoom): void {
    const { name, wire, root, anchor, inviter, seed, joinedAt } = room;
    this.#save.run(
      this.#relay,
      ...[name, wire, root, anchor ?? null, inviter],
      seed ?? null,
      ...[joinedAt, room.stays === undefined ? 0 : 1],
    );
    this.#remember(room);
  }

  /** The relay has our word that we are here. */
  saidToStay(name: string): void {
    const room = this.get(name);
    if (room?.stays === undefined) return;
    const { stays: _stays, ...rest } = room;
    this.save(rest);
  }

  /** All that is kept of it but the messages. */
  forget(name: string): void {
    this.#database.transaction(() => {
      for (const statement of this.#forget) statement.run(this.#relay, name);
    });
    const room = this.#byName.get(name);
    this.#byName.delete(name);
    if (room !== undefined) this.#byWire.delete(room.wire);
  }

  #remember(room: PrivateRoom): void {
    this.#byName.set(room.name, room);
    this.#byWire.set(room.wire, room);
  }
}

function roomOf(row: SqlRow): PrivateRoom {
  return {
    name: roomNameOf(row, "name"),
    wire: roomNameOf(row, "wire"),
    root: textOf(row, "root"),
    inviter: textOf(row, "inviter"),
    joinedAt: numberOf(row, "joined_at"),
    ...defined({
      anchor: textOrNone(row, "anchor"),
      seed: blobOrNone(row, "seed"),
      stays: numberOf(row, "stays") === 1 ? true as const : undefined,
    }),
  };
}
