import type {
  StoreAnswer,
  StoreBatch,
  StoredBatch,
  StoredRoom,
  StoreMessage,
  StoreReady,
} from "../../relay/store/contract.ts";

interface Row {
  readonly seq: number;
  readonly author: string;
  readonly id: string;
  readonly hash: string;
  readonly received_at: number;
}

interface ViewRoom {
  facts: StoredRoom;
  nextSeq: number;
  readonly rows: Row[];
}

type BatchRow = StoreBatch["rows"][number];
type RowOf<K extends BatchRow["kind"]> = Extract<BatchRow, { kind: K }>;

/** A view of a cluster's log over plain maps: no disk, nothing is ever too old. What is in it outlives its relay. */
export class FakeView {
  readonly rooms = new Map<string, ViewRoom>();
  readonly entries = new Map<string, string>();
  readonly #byId = new Map<string, { room: ViewRoom; row: Row }>();
  #closed = new Map<string, number>();
  #nonces: StoreReady["nonces"][number][] = [];
  #floor = 0;
  #place = { log: "", position: 0, at: 0, ops: 0 };

  get position(): number {
    return this.#place.position;
  }

  apply(batch: StoreBatch): StoredBatch {
    const { log, position, at, ops, token } = batch;
    if (position <= this.#place.position) {
      throw new Error(`place ${position} was applied twice`);
    }
    const answers: StoreAnswer[] = [];
    for (const row of batch.rows) {
      const answer = this.#row(row);
      if (answer !== null) answers.push(answer);
    }
    for (const [key, value] of batch.entries) {
      if (value === null) this.entries.delete(key);
      else this.entries.set(key, value);
    }
    this.#place = { log, position, at, ops };
    return { kind: "batch_stored", token, answers, removed: [] };
  }

  start(): StoreReady {
    return {
      kind: "ready",
      rooms: [...this.rooms.values()].map(({ facts }) => facts),
      nonces: this.#nonces,
      closed: [...this.#closed].map(([room, until]) => ({ room, until })),
      view: { ...this.#place, entries: [...this.entries] },
    };
  }

  /** What stands of a message; undefined where it is not there. */
  message(
    author: string,
    id: string,
  ): { room: string; seq: number } | undefined {
    const found = this.#byId.get(`${author} ${id}`);
    return found && { room: found.room.facts.name, seq: found.row.seq };
  }

  /** All that two views of one log must have in common. */
  text(): string {
    const rooms = [...this.rooms.values()]
      .map(({ facts, nextSeq, rows }) => ({ facts, nextSeq, rows }));
    const entries = [...this.entries].filter(([key]) => !key.startsWith("seat"))
      .sort(([a], [b]) => a < b ? -1 : 1);
    const seats = [...this.entries].filter(([key]) => key.startsWith("seat"))
      .map(([key, value]) => [key, Object.keys(JSON.parse(value))]).sort();
    return JSON.stringify(
      { place: this.#place, rooms, entries, seats },
      null,
      1,
    );
  }

  /** @returns what became of a message; null for any other row */
  #row(row: BatchRow): StoreAnswer | null {
    switch (row.kind) {
      case "message":
        return this.#message(row);
      case "room_opened":
        this.#open(row);
        return null;
      case "room_ended":
        this.#end(row.room);
        if (row.closed_until !== undefined) {
          this.#closed.set(row.room, row.closed_until);
        }
        return null;
      case "room_emptied":
        this.#emptied(row);
        return null;
      case "direct":
        return { kind: "stored", token: 0 };
      case "inbox_taken":
        return null;
      case "nonces":
        this.#nonces.push(...row.nonces);
        return null;
    }
  }

  #open(row: RowOf<"room_opened">): void {
    this.#end(row.room);
    this.#closed.delete(row.room);
    const facts = {
      name: row.room,
      topic: row.topic,
      tags: row.tags,
      created_by: row.created_by,
      created_from: row.created_from,
      created_at: row.created_at,
      last_active: row.created_at,
      ...{ messages: 0, bytes: 0 },
    } as StoredRoom;
    const nextSeq = Math.max(row.created_at, this.#floor);
    this.rooms.set(row.room, { facts, nextSeq, rows: [] });
  }

  #end(name: string): void {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    this.#floor = Math.max(this.#floor, room.nextSeq);
    this.rooms.delete(name);
    for (const { author, id } of room.rows) {
      this.#byId.delete(`${author} ${id}`);
    }
  }

  #emptied({ room: name, since }: RowOf<"room_emptied">): void {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    const { empty_since: _, ...facts } = room.facts;
    room.facts = since === null ? facts : { ...facts, empty_since: since };
  }

  #message(message: Omit<StoreMessage, "token">): StoreAnswer {
    const room = this.rooms.get(message.room);
    if (room === undefined) return refused("no_room");
    const { from: author, id, text_hash: hash, received_at } = message;
    const key = `${author} ${id}`;
    const earlier = this.#byId.get(key);
    if (earlier !== undefined) {
      const { row } = earlier;
      if (earlier.room !== room || row.hash !== hash) {
        return refused("conflict");
      }
      const { seq, received_at } = row;
      const duplicate = true;
      return { kind: "stored", token: 0, seq, received_at, duplicate };
    }
    const seq = room.nextSeq++;
    const row = { seq, author, id, hash, received_at };
    room.rows.push(row);
    this.#byId.set(key, { room, row });
    const { messages, bytes } = room.facts;
    room.facts = {
      ...room.facts,
      messages: messages + 1,
      bytes: bytes + new TextEncoder().encode(message.frame).length,
      last_active: Math.max(room.facts.last_active, received_at),
    };
    return { kind: "stored", token: 0, seq, received_at };
  }
}

function refused(why: "no_room" | "conflict"): StoreAnswer {
  return { kind: "failed", token: 0, why, reason: why };
}
