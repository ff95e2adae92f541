import type { OpBatch, TickOp } from "./op.ts";

/** So many ticks of one relay without a batch of another one, and that one is gone. */
export const MISSED_TICKS = 4;

/** What the log says of a relay that has submitted to it. */
export interface NodeState {
  readonly node: string;
  boot: number;
  /** The last batch of that boot that counted. */
  n: number;
  /** Nothing of that boot counts any more. */
  isGone: boolean;
  /** When its last batch counted; milliseconds since 1970, by the log's clock. */
  lastAt: number;
  /** What its last tick said; absent before it. */
  said?: Pick<TickOp, "knows" | "settings" | "checkpoint">;
  /** Ticks of each other relay since. */
  missed: Record<string, number>;
}

/**
 * The relays that submit, as the log shows them: which batch counts, and who is gone. Liveness goes by the same order as
 * everything else: who can't put its ticks into the log is dead for all by definition, at one place of the log; and a log
 * that stands still makes nobody dead, since then nobody's ticks count.
 */
export class Nodes {
  readonly #nodes = new Map<string, NodeState>();

  /** What {@link Nodes.rows} gave. */
  restore(rows: readonly NodeState[]): void {
    for (const row of rows) this.#nodes.set(row.node, row);
  }

  /** By name. */
  rows(): NodeState[] {
    return [...this.#nodes.values()]
      .sort((a, b) => a.node < b.node ? -1 : a.node > b.node ? 1 : 0);
  }

  get(node: string): NodeState | undefined {
    return this.#nodes.get(node);
  }

  /** Those that are not gone, by name. */
  alive(): NodeState[] {
    return this.rows().filter(({ isGone }) => !isGone);
  }

  /** Whether a batch is the next of a boot that goes on. */
  isNext({ node, boot, n }: OpBatch): boolean {
    const known = this.#nodes.get(node);
    return known?.boot === boot && !known.isGone && n === known.n + 1;
  }

  /**
   * Whether a batch counts: n is one more than the last of its node and boot, which is not gone, or the first of a later
   * boot. What is void is void for all: its node submits it again.
   *
   * @returns null where it is void; else whether the node has begun anew with it
   */
  take(batch: OpBatch, at: number): { readonly isNewBoot: boolean } | null {
    const { node, boot, n } = batch;
    const known = this.#nodes.get(node);
    const isNext = this.isNext(batch);
    const isNewBoot = (known === undefined || boot > known.boot) && n === 1;
    if (!isNext && !isNewBoot) return null;
    const said = isNext ? known?.said : undefined;
    this.#nodes.set(node, {
      ...{ node, boot, n, isGone: false, lastAt: at, missed: {} },
      ...(said === undefined ? {} : { said }),
    });
    return { isNewBoot };
  }

  /** A tick of a node counts. @returns the nodes that are gone by it, by name */
  ticked(node: string, tick: TickOp): string[] {
    const { knows, settings, checkpoint } = tick;
    const own = this.#nodes.get(node);
    if (own !== undefined) own.said = { knows, settings, checkpoint };
    const gone: string[] = [];
    for (const other of this.alive()) {
      if (other.node === node) continue;
      const missed = (other.missed[node] ?? 0) + 1;
      other.missed[node] = missed;
      if (missed < MISSED_TICKS) continue;
      other.isGone = true;
      other.missed = {};
      gone.push(other.node);
    }
    return gone;
  }
}
