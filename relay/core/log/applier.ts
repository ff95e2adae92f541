import type { StoredView } from "../../store/contract.ts";
import type { EffectQueue } from "../effects.ts";
import type { Now } from "../events.ts";
import type { RoomsCore } from "../rooms/rooms_core.ts";
import type { Origin } from "../rooms/rooms_state.ts";
import type { BatchRows } from "./batch_rows.ts";
import { Checkpoints } from "./checkpoints.ts";
import { Nodes, type NodeState } from "./nodes.ts";
import { noncesRow } from "./nonces_row.ts";
import type { LogEntry, Op, OpBatch, SeatOp } from "./op.ts";
import { nodesEntry, type Replica } from "./replica.ts";
import { RulesInForce } from "./rules_in_force.ts";
import { ViewWrites, type ViewWritesEvents } from "./view_writes.ts";

/** What the log is applied to. */
export interface Applied {
  readonly rooms: RoomsCore;
  readonly rows: BatchRows;
  readonly replica: Replica;
  readonly effects: EffectQueue;
}

/** Who hears what came of applying. */
export interface ApplierEvents extends ViewWritesEvents {
  /** Whether this run of this relay submitted it. */
  isOwn(batch: OpBatch): boolean;
  /** Another relay took this in. */
  observed(op: SeatOp, now: Now): void;
  /** A batch is in the view. */
  written(
    at: { readonly position: number; readonly gone: readonly string[] },
    now: Now,
  ): void;
}

/** What was observed longer ago counts in no window any more; milliseconds. */
const RECENT_MS = 60_000;

/**
 * Applies the batches of the log, one after the other: the rules, then the view, whole or not at all, then what follows
 * from what the view decided. All relays come to the same by it. Time passes for rooms by the ticks of the first relay that
 * lives, by name: once a second, however many there are.
 */
export class Applier {
  readonly nodes = new Nodes();
  readonly checkpoints = new Checkpoints();
  readonly #rules = new RulesInForce();
  readonly #to: Applied;
  readonly #events: ApplierEvents;
  readonly #writes: ViewWrites;
  #log = "";
  #at = 0;
  #ops = 0;

  constructor(to: Applied, events: ApplierEvents) {
    this.#to = to;
    this.#events = events;
    this.#writes = new ViewWrites(to.effects, events);
  }

  /** Goes on where the view stands. */
  restore(
    { log, position, at, ops, entries }: StoredView,
    nodes: readonly NodeState[],
  ): void {
    this.#writes.restore(position);
    this.nodes.restore(nodes);
    this.#rules.restore(entries);
    this.#log = log;
    this.#at = at;
    this.#ops = ops;
  }

  /** Names the log, which the view notes. */
  set log(name: string) {
    this.#log = name;
  }

  /**
   * Whether an entry may be applied now. What the view decides of messages changes nothing for others: those of several
   * batches go together. Everything else waits for what is on its way, and all wait for it.
   */
  takes({ batch }: LogEntry): boolean {
    if (this.#writes.isIdle) return true;
    if (typeof batch !== "object" || batch === null) return false;
    return this.#areMessages(batch) &&
      this.#writes.takesMessages(batch.ops.length);
  }

  /** Ops applied since the log began. */
  get ops(): number {
    return this.#ops;
  }

  /** The version of the rules that are in force. */
  get rules(): number {
    return this.#rules.version;
  }

  /** Newer rules that all relays know. */
  get dueRules(): number | null {
    return this.#rules.due(this.nodes, this.#at);
  }

  /** The log's time, by which rooms go: one clock for both kinds of time. It never goes back. */
  get time(): Now {
    return { wall: this.#at, mono: this.#at };
  }

  /** Applies a batch that may be applied now. @returns false where it is void */
  apply(
    batch: OpBatch,
    { position, at }: Pick<LogEntry, "position" | "at">,
    now: Now,
  ): boolean {
    this.#at = Math.max(this.#at, at);
    const isMessages = this.#areMessages(batch);
    const taken = this.nodes.take(batch, this.#at);
    if (taken === null) return false;
    const { rooms, rows, replica } = this.#to;
    const { node, ops } = batch;
    rows.begin(this.time);
    if (taken.isNewBoot) rooms.nodeGone(node, this.time);
    const origin = { node, isHere: this.#events.isOwn(batch) };
    const gone = ops.flatMap((op) => this.#applyOp(op, origin, now));
    for (const one of gone) rooms.nodeGone(one, this.time);
    const isTick = ops.some(({ op }) => op === "tick") &&
      this.nodes.alive()[0]?.node === node;
    if (isTick) rooms.tick(this.time);
    this.#ops += ops.length;
    const nonces = noncesRow(ops);
    const rules = this.#rules.version;
    const changed = this.#rules.applied(ops, this.nodes, this.#at);
    const asked = rows.take();
    this.#writes.add({
      batch: {
        ...{ kind: "batch", log: this.#log, position, at: this.#at },
        ...{ ops: this.#ops, rules, isTick },
        rows: nonces === null ? asked.rows : [...asked.rows, nonces],
        entries: [
          ...[nodesEntry(this.nodes.rows()), ...changed],
          ...replica.take(rooms),
        ],
      },
      ...{ size: ops.length, isMessages },
      written: ({ answers, removed, checkpoint }, later) => {
        asked.answered(answers);
        rooms.removed(removed);
        if (checkpoint) this.checkpoints.note(checkpoint);
        this.#events.written({ position, gone }, later);
      },
    });
    return true;
  }

  /** Tries again what the view refused. */
  retry(): void {
    this.#writes.retry();
  }

  /** It has messages alone, and counts without a new boot. */
  #areMessages(batch: OpBatch): boolean {
    return this.nodes.isNext(batch) &&
      batch.ops.every(({ op }) => op === "message");
  }

  /** @returns the relays that are gone by it */
  #applyOp(op: Op, origin: Origin, now: Now): readonly string[] {
    const { rooms } = this.#to;
    if (op.op === "tick") return this.nodes.ticked(origin.node, op);
    if (op.op === "rules") return [];
    rooms.apply(op, origin, this.time);
    const isRecent = now.wall - this.#at < RECENT_MS;
    if ("conn" in op && !origin.isHere && isRecent) {
      this.#events.observed(op, now);
    }
    return [];
  }
}
