import assert from "node:assert/strict";
import type { Frame } from "./core_bed.ts";
import type { FakeView } from "./fake_view.ts";

/** What one connection heard of one room since it is in it. */
interface Stay {
  /** The last seq that was heard; null before the first. */
  last: number | null;
  readonly ids: Set<string>;
}

/** One connection of an agent, as its own side sees it. */
export class SimLine {
  readonly agent: string;
  readonly relay: string;
  readonly conn: number;
  isIn = false;
  isOpen = true;
  challenge: string | null = null;
  readonly stays = new Map<string, Stay>();
  /** Ids in the order in which they were said first over it, by room. */
  readonly said = new Map<string, string[]>();
  /** Rooms that it asked to be in, and made where there were none. */
  refused: string | null = null;

  constructor(agent: string, relay: string, conn: number) {
    this.agent = agent;
    this.relay = relay;
    this.conn = conn;
  }
}

/**
 * The oracle of the simulation: what agents were told, held against what the views hold at the end. A plain list of all
 * acknowledgements, and for each stay in a room the seqs that were heard.
 */
export class SimLedger {
  /** "agent id" → where it was acknowledged. */
  readonly acks = new Map<string, { room: string; seq: number }>();
  readonly #lines: SimLine[] = [];

  opened(line: SimLine): void {
    this.#lines.push(line);
  }

  heard(line: SimLine, frame: Frame): void {
    assert.ok(line.isOpen, "a frame to a connection that was ended");
    const room = String(frame.room ?? "");
    if (frame.type === "pow.challenge") {
      line.challenge = String(frame.challenge);
    } else if (frame.type === "welcome") line.isIn = true;
    else if (frame.type === "error") this.#refused(line, frame);
    else if (frame.type === "room.joined" && !line.stays.has(room)) {
      line.stays.set(room, { last: null, ids: new Set() });
    } else if (frame.type === "room.closed" || frame.type === "room.left") {
      line.stays.delete(room);
    } else if (frame.type === "message") this.#delivered(line, room, frame);
    else if (frame.type === "message.ack") this.#acked(line, frame);
  }

  /** What is refused and asked for again comes after what was said meanwhile. */
  #refused(line: SimLine, { code, ref }: Frame): void {
    line.refused = String(code);
    for (const [room, ids] of line.said) {
      line.said.set(room, ids.filter((id) => id !== ref));
    }
  }

  #delivered(line: SimLine, room: string, frame: Frame): void {
    const stay = line.stays.get(room);
    assert.ok(stay, `a message of ${room} to one who is not in it`);
    const key = `${frame.from} ${frame.id}`;
    assert.ok(!stay.ids.has(key), `${key} was delivered twice`);
    stay.ids.add(key);
    this.#next(stay, Number(frame.seq));
  }

  #acked(line: SimLine, frame: Frame): void {
    const id = String(frame.id);
    const key = `${line.agent} ${id}`;
    const seq = Number(frame.seq);
    const room = id.split(":")[0] ?? "";
    const earlier = this.acks.get(key);
    if (earlier !== undefined) {
      assert.equal(seq, earlier.seq, `${key} was acknowledged at two places`);
    }
    this.acks.set(key, { room, seq });
    const stay = line.stays.get(room);
    if (stay?.last === undefined || stay.last === null) return;
    if (seq > stay.last) this.#next(stay, seq);
  }

  #next(stay: Stay, seq: number): void {
    if (stay.last !== null) {
      assert.equal(seq, stay.last + 1, "a member misses a message");
    }
    stay.last = seq;
  }

  /** Each acknowledged message is where it was acknowledged, once, in every view; each sender's are in order. */
  check(views: readonly FakeView[], endedRooms: ReadonlySet<string>): void {
    for (const view of views) {
      for (const [key, ack] of this.acks) {
        const [author = "", id = ""] = key.split(" ");
        if (endedRooms.has(ack.room)) continue;
        assert.deepEqual(view.message(author, id), ack, `${key} is lost`);
      }
    }
    for (const line of this.#lines) {
      for (const ids of line.said.values()) this.#checkOrder(line, ids);
    }
  }

  #checkOrder({ agent }: SimLine, ids: readonly string[]): void {
    let last = -1;
    for (const id of ids) {
      const seq = this.acks.get(`${agent} ${id}`)?.seq;
      if (seq === undefined) continue;
      assert.ok(seq > last, `${agent} ${id} was put before an earlier one`);
      last = seq;
    }
  }
}
