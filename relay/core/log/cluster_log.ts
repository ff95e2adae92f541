import type { StoredView } from "../../store/contract.ts";
import type { Now } from "../events.ts";
import { type Applied, Applier } from "./applier.ts";
import type { ClusterView } from "../../../lib/admin_api/cluster_status.ts";
import { applierView, healthView, submitterView } from "./cluster_view.ts";
import { EntryQueue } from "./entry_queue.ts";
import { FORSAKEN_MS, LogHealth, type Taking } from "./log_health.ts";
import { LogPlace } from "./log_place.ts";
import type { FromLog } from "./log_port.ts";
import { NameWatch } from "./name_watch.ts";
import type { NodeState } from "./nodes.ts";
import { OwnTicks, type OwnTicksOptions } from "./own_ticks.ts";
import type { LogEntry, Op, OpBatch, SeatOp } from "./op.ts";
import type { OpLog } from "./op_log.ts";
import { Standing } from "./standing.ts";
import { type Asked, Submitter } from "./submitter.ts";
import { nameInUse, notApplied, outdated } from "./unfit_words.ts";
import { OTHER_SETTINGS } from "./verdict.ts";
import { ViewRenewal } from "./view_renewal.ts";

/** This relay's own connections, as far as the log is about them. */
export interface ClusterEdge {
  /** Another relay took this in: it counts here too. */
  observed(op: SeatOp, now: Now): void;
  /** What was asked for can't be done just now. */
  takenBack(op: Asked, now: Now): void;
  /** All who are in, or on their way in, are told to go elsewhere. */
  endAll(reason: string, now: Now): void;
}

export interface ClusterLogOptions extends Applied, OwnTicksOptions {
  readonly edge: ClusterEdge;
}

/** What waits for its way into the log, beyond which no more frames are handled; bytes. */
const HIGH_WATER = 8 * 2 ** 20;
/** What could not get into the log for so long is refused. */
const PATIENCE_MS = 20_000;
/** A batch that was longer under way says nothing of clocks. */
const PROMPT_MS = 500;
const OUT_OF_TOUCH = "the relay is out of touch with the others";

/**
 * The log that relays share: what this one submits, and what all of them said, applied in the log's order. Each relay
 * submits a tick a second, by which the others know that it lives, and by which it knows that the log takes what it says.
 */
export class ClusterLog implements OpLog {
  readonly #options: ClusterLogOptions;
  readonly #applier: Applier;
  readonly #health = new LogHealth();
  readonly #ticks: OwnTicks;
  readonly #renewal: ViewRenewal;
  readonly #standing: Standing;
  #submitter: Submitter;
  readonly #entries = new EntryQueue();
  /** The log's name; null until it is known. */
  #log: string | null = null;
  /** The last place that came in. */
  #received = 0;
  readonly #place: LogPlace;
  #isForsaken = false;
  readonly #name = new NameWatch();

  constructor(options: ClusterLogOptions) {
    this.#options = options;
    this.#submitter = this.#submitterOf(0);
    this.#place = new LogPlace(options.effects, this.#health);
    this.#applier = new Applier(options, {
      isOwn: (batch) => this.#isOwn(batch),
      observed: (op, now) => options.edge.observed(op, now),
      written: (at, now) => this.#written(at, now),
      viewFault: (reason) => this.#health.viewFault(reason),
      viewLost: (now) => this.#endService(this.#renewal.differs(), now),
    });
    this.#ticks = new OwnTicks(options, this.#applier);
    this.#renewal = new ViewRenewal(options.effects);
    this.#standing = new Standing(options, this.#applier);
  }

  /** Goes on where the view stands. */
  restore(view: StoredView, nodes: readonly NodeState[], now: Now): void {
    this.#applier.restore(view, nodes);
    this.#log = view.log === "" ? null : view.log;
    this.#received = view.position;
    this.#place.restore(view.position);
    this.#renewal.restore(view.position);
    this.#submitter = this.#submitterOf(this.#nextBoot(now));
    const { rules } = this.#applier;
    const { knows } = this.#options;
    if (rules > knows) return this.#condemn(outdated(rules, knows), now);
    this.followAgain();
  }

  submit(op: Op, now: Now): void {
    if (!this.#health.isOut) this.#submitter.submit(op, now);
  }

  time(_now: Now): Now {
    return this.#applier.time;
  }

  /** What the log's worker said. */
  heard(said: FromLog, now: Now): void {
    if (said.type === "link") return;
    if (said.type === "taking_view") return this.#takesView(said, now);
    if (said.type === "opened") {
      this.#log = this.#applier.log = said.log;
      this.#health.takes(null);
      this.#place.opened(said.end);
      this.#submitter.again(now);
    } else {
      this.#entries.add(said.entries);
      this.#received = said.entries.at(-1)?.position ?? this.#received;
    }
    this.#goOn(now);
  }

  /** The log's worker knows nothing: where to begin. */
  followAgain(): void {
    const after = this.#received;
    const message = { type: "follow", after, log: this.#log } as const;
    this.#options.effects.add({ kind: "log", message });
  }

  tick(now: Now): void {
    this.#health.tick(now);
    if (this.#health.isOut) return;
    this.#applier.retry();
    this.#place.tick();
    this.#submitter.tick(now);
    if (this.#standing.tick(now)) this.#claimName(now);
    if (this.#name.tick(now)) this.#begin(now);
    if (!this.#place.isAtEnd || this.#standing.isInDoubt) return;
    if (this.#name.isWatching) return;
    this.#ticks.say(this.#submitter, now);
    for (const op of this.#submitter.takeOld(now.mono - PATIENCE_MS)) {
      this.#options.edge.takenBack(op, now);
    }
    const isForsaken = this.#health.silentMs >= FORSAKEN_MS;
    if (isForsaken && !this.#isForsaken) {
      this.#options.edge.endAll(OUT_OF_TOUCH, now);
    }
    this.#isForsaken = isForsaken;
  }

  /** So much waits, or the log is out of reach: no more frames should be handled. */
  get isFull(): boolean {
    return this.#health.isLost || this.#health.isOut ||
      this.#submitter.waiting.bytes > HIGH_WATER;
  }

  /** Why the relay does not serve; null when it does. */
  get trouble(): string | null {
    return this.#health.trouble;
  }

  view(): ClusterView {
    return {
      node: this.#options.node,
      position: this.#place.position,
      behind: Math.max(this.#entries.length, this.#health.behind),
      ...submitterView(this.#submitter),
      ...healthView(this.#health),
      ...applierView(this.#applier),
    };
  }

  #submitterOf(boot: number): Submitter {
    const { node, effects } = this.#options;
    return new Submitter({
      ...{ node, boot, rules: () => this.#applier.rules },
      publish: (batch) =>
        effects.add({ kind: "log", message: { type: "publish", batch } }),
    });
  }

  #nextBoot({ wall }: Now): number {
    const last = this.#applier.nodes.get(this.#options.node)?.boot ?? 0;
    return Math.max(last + 1, Math.round(wall));
  }

  #isOwn({ node, boot }: OpBatch): boolean {
    return node === this.#options.node && boot === this.#submitter.boot;
  }

  /** Applies what has come, as far as the view keeps up. */
  #goOn(now: Now): void {
    while (!this.#health.isUnfit) {
      const { first } = this.#entries;
      if (first === undefined || !this.#applier.takes(first)) break;
      this.#entries.shift();
      this.#enter(first, now);
    }
    if (!this.#place.reaches()) return;
    const refusal = this.#standing.reached(now);
    if (refusal !== null) return this.#condemn(refusal, now);
    if (!this.#standing.isInDoubt) this.#claimName(now);
  }

  #claimName(now: Now): void {
    const earlier = this.#applier.nodes.get(this.#options.node);
    if (this.#name.isFree(earlier, now)) this.#begin(now);
  }

  /** This relay is one of the cluster from here on. */
  #begin(now: Now): void {
    this.#health.seen(now);
    this.#renewal.begun();
    this.#options.effects.add({ kind: "caught_up" });
    this.#ticks.say(this.#submitter, now);
  }

  #enter(entry: LogEntry, now: Now): void {
    const { batch, position, at } = entry;
    const { knows } = this.#options;
    if (typeof batch === "number") {
      return this.#condemn(outdated(batch, knows), now);
    }
    if (batch === null || !this.#apply(batch, entry, now)) {
      return this.#place.passed(position);
    }
    const { rules } = this.#applier;
    if (rules > knows) return this.#condemn(outdated(rules, knows), now);
    if (this.#isOwn(batch)) this.#seen(batch, at, now);
    if (batch.node === this.#options.node) this.#heardOwnName(batch, now);
  }

  /** What can't be applied to its end leaves no state that could be told from a right one: the service ends. */
  #apply(batch: OpBatch, entry: LogEntry, now: Now): boolean {
    try {
      return this.#applier.apply(batch, entry, now);
    } catch (thrown) {
      this.#condemn(notApplied(entry.position, thrown), now);
      return false;
    }
  }

  /** A batch of this relay's name counts: its own, or that of an earlier run, or of another relay. */
  #heardOwnName({ node, boot }: OpBatch, now: Now): void {
    if (this.#name.heard(now)) return this.#condemn(nameInUse(node), now);
    // One whose clock was ahead: what this run says in its own boot counts for nobody.
    if (boot > this.#submitter.boot) this.#beginBoot(now);
  }

  /** An own batch counts: the next may go, and the log takes what this relay says. */
  #seen(batch: OpBatch, at: number, now: Now): void {
    this.#ticks.seen(batch);
    this.#health.seen(now);
    const flewMs = this.#submitter.seen(batch, now);
    if (flewMs !== null && flewMs < PROMPT_MS) {
      this.#health.measured(batch.at - at);
    }
  }

  #written(
    { position, gone }: { position: number; gone: readonly string[] },
    now: Now,
  ): void {
    this.#place.passed(position);
    const { node } = this.#options;
    const own = this.#applier.nodes.get(node);
    const isThisBoot = own?.boot === this.#submitter.boot;
    if (gone.includes(node) && isThisBoot) this.#beginBoot(now);
    const difference = this.#health.isUnfit ? null : this.#standing.judge();
    if (difference === "settings") this.#condemn(OTHER_SETTINGS, now);
    if (difference === "view") this.#endService(this.#renewal.differs(), now);
    this.#goOn(now);
  }

  /** This relay's seats are gone for all: it begins anew, and its agents come again. */
  #beginBoot(now: Now): void {
    this.#options.edge.endAll(OUT_OF_TOUCH, now);
    this.#submitter.reboot(this.#nextBoot(now));
    this.#ticks.forget();
  }

  #condemn(reason: string, now: Now): void {
    if (this.#health.isUnfit) return;
    this.#endService(reason, now);
    this.#options.effects.add({ kind: "unfit", reason });
  }

  #endService(reason: string, now: Now): void {
    this.#health.condemn(reason);
    this.#options.edge.endAll("the relay is out of service", now);
  }

  /** Until this relay begins anew with it, it is of no use to anybody. */
  #takesView(taking: Taking, now: Now): void {
    if (!this.#health.isTaking) this.#options.edge.endAll(OUT_OF_TOUCH, now);
    this.#health.takes(taking);
  }
}
