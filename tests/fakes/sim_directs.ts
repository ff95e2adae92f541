import assert from "node:assert/strict";
import type { Frame } from "./core_bed.ts";
import type { SimLine } from "./sim_line.ts";
import type { SimView } from "./sim_view.ts";

interface Ref {
  readonly from: string;
  readonly id: string;
}

/**
 * The oracle of messages to one agent: what authors were told that is kept, what came to whom, and what each said that it
 * has. Plain lists; nothing is known of who knows whom.
 */
export class SimDirects {
  /** "author id" of those that were acknowledged. */
  readonly acks = new Set<string>();
  /** By agent: what came to it, and what it has signed that it has. */
  readonly #had = new Map<string, Map<string, Ref>>();
  readonly #signed = new Map<string, Set<string>>();
  /** By connection: what came over it. */
  readonly #over = new Map<SimLine, Set<string>>();

  acknowledged(author: string, id: string): void {
    this.acks.add(`${author} ${id}`);
  }

  heard(line: SimLine, { from, id, to }: Frame): void {
    assert.equal(to, line.agent, "a message to another agent");
    const ref = { from: String(from), id: String(id) };
    const key = `${ref.from} ${ref.id}`;
    this.#had.set(
      line.agent,
      (this.#had.get(line.agent) ?? new Map()).set(key, ref),
    );
    this.#over.set(line, (this.#over.get(line) ?? new Set()).add(key));
  }

  /** All that an agent has, which it signs for with this. */
  signed(agent: string): Ref[] {
    const had = [...this.#had.get(agent)?.entries() ?? []];
    const signed = this.#signed.get(agent) ?? new Set();
    for (const [key] of had) signed.add(key);
    this.#signed.set(agent, signed);
    return had.map(([, ref]) => ref);
  }

  /** What was acknowledged waits in every view for who has not signed for it; one message at most of one not known. */
  check(views: readonly SimView[]): void {
    for (const view of views) {
      const rows = view.inbox();
      const waiting = new Set(rows.map(keyOf));
      for (const key of this.acks) {
        const isSigned = [...this.#signed.values()].some((one) => one.has(key));
        assert.ok(isSigned || waiting.has(key), `${key} is lost`);
      }
      const requests = rows.filter(({ request }) =>
        request === 1 || request === 2
      )
        .map(({ recipient, author }) => `${recipient} ${author}`);
      assert.equal(new Set(requests).size, requests.length, "two requests");
    }
  }

  /** Everybody was in: what was acknowledged has come to the one that it is for. */
  checkDelivered(): void {
    for (const key of this.acks) {
      const isHad = [...this.#had.values()].some((one) => one.has(key));
      assert.ok(isHad, `${key} came to nobody`);
    }
  }

  /** Everybody has signed for all, and was in once more since these connections were opened: nothing came again. */
  checkGone(views: readonly SimView[], lines: Iterable<SimLine>): void {
    for (const view of views) {
      const left = view.inbox().filter(({ request }) => request < 2);
      assert.deepEqual(left, [], "what was signed for waits still");
    }
    for (const line of lines) {
      const again = [...this.#over.get(line) ?? []];
      assert.deepEqual(again, [], `came again to ${line.agent}`);
    }
  }
}

function keyOf({ author, id }: { author: string; id: string }): string {
  return `${author} ${id}`;
}
