import assert from "node:assert/strict";
import type { Frame } from "./core_bed.ts";
import { SimDirects } from "./sim_directs.ts";
import type { SimLine, Stay } from "./sim_line.ts";
import type { SimView } from "./sim_view.ts";

/**
 * The oracle of the simulation: what agents were told, held against what the views hold at the end. A plain list of all
 * acknowledgements, and for each stay in a room the seqs that were heard.
 */
export class SimLedger {
  /** "agent id" → where it was acknowledged. */
  readonly acks = new Map<string, { room: string; seq: number }>();
  readonly directs = new SimDirects();
  readonly #lines: SimLine[] = [];

  opened(line: SimLine): void {
    this.#lines.push(line);
  }

  /** Whether an agent was told that what it said under the id is kept. */
  isAcknowledged(agent: string, id: string): boolean {
    const key = `${agent} ${id}`;
    return this.acks.has(key) || this.directs.acks.has(key);
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
    else if (frame.type === "direct") this.directs.heard(line, frame);
    else if (frame.type === "marks") this.#marked(line, room, frame);
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

  #marked(line: SimLine, room: string, frame: Frame): void {
    assert.ok(line.stays.has(room), `marks of ${room} to one who is not in it`);
    const nonce = String(frame.nonce);
    assert.ok(!line.marks.has(nonce), "marks came twice");
    line.marks.add(nonce);
  }

  #acked(line: SimLine, frame: Frame): void {
    const id = String(frame.id);
    if (id.startsWith("direct:")) {
      return this.directs.acknowledged(line.agent, id);
    }
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
  check(views: readonly SimView[], endedRooms: ReadonlySet<string>): void {
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
