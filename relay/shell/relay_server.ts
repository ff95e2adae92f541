import type { Buffer } from "node:buffer";
import type { Timer } from "../../lib/clock.ts";
import type { CoreEvent, Effect, Now } from "../core/events.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";
import type { StoreAnswer } from "../store/contract.ts";
import { AddressCounts } from "./address_counts.ts";
import { applyEffects, type EffectParts } from "./apply_effects.ts";
import { CommitProbe } from "./commit_probe.ts";
import type { BlobPort } from "./blobs/blob_client.ts";
import { BlobRoutes } from "./blobs/blob_routes.ts";
import { ClientWay } from "./client_way.ts";
import { FairTurns } from "./fair_turns.ts";
import { FrameIntake } from "./frame_intake.ts";
import { HttpFront } from "./http_front.ts";
import { LoopLag } from "./loop_lag.ts";
import { answerOperator } from "./operator_asks.ts";
import type { ListenerNews } from "./worker_messages.ts";
import { memoryFigures } from "./memory_figures.ts";
import { Metrics } from "./metrics.ts";
import { PacedReads } from "./paced_reads.ts";
import { type Accepted, Peer } from "./peer.ts";
import { Peers } from "./peers.ts";
import type { RelayServerOptions } from "./relay_server_options.ts";
import { RelayRest } from "./relay_rest.ts";
import { Watching } from "./watching/watching.ts";
import { Upgrades } from "./upgrades.ts";

const TICK_MS = 1_000;
/** Ticks from one report of the figures in the log, at level debug, to the next. */
const TICKS_A_REPORT = 5;

/** The relay's shell: sockets in and out, the core between them. */
export class RelayServer {
  readonly #options: RelayServerOptions;
  readonly #front: HttpFront;
  readonly #upgrades: Upgrades;
  readonly #peers: Peers;
  readonly #counts = new AddressCounts();
  readonly #turns: FairTurns;
  readonly #intake: FrameIntake;
  readonly #reads: PacedReads;
  readonly #lag: LoopLag;
  readonly #rest: RelayRest;
  readonly #metrics: Metrics;
  readonly #probe: CommitProbe;
  readonly #way: ClientWay;
  readonly #parts: EffectParts;
  readonly #watching: Watching | null;
  readonly #blobs: BlobRoutes;
  #lastConn = 0;
  #ticks = 0;
  #tick: Timer | null = null;

  constructor(options: RelayServerOptions) {
    this.#options = options;
    const { core, clock } = options;
    this.#peers = new Peers(clock);
    this.#turns = new FairTurns({ now: () => clock.monotonic() });
    this.#intake = new FrameIntake({
      ...{ ...options, turns: this.#turns },
      now: () => clock.monotonic(),
      step: (event) => this.#step(event),
      end: (peer, code, reason) => this.#end(peer, code, reason),
    });
    this.#lag = new LoopLag(clock);
    this.#front = new HttpFront({
      ...options,
      turns: this.#turns,
      countAs: (remote) => this.#way.socketKey(remote),
      onUpgrade: (request, socket, head) =>
        this.#upgrades.take(request, socket, head as Buffer),
      onRequest: (request) => {
        this.#lag.worked();
        return this.#rest.answer(request);
      },
    });
    this.#reads = new PacedReads(options.store);
    this.#metrics = new Metrics({
      tally: core.tally,
      figures: () => this.figures(),
      isStoreReady: options.isStoreReady,
      cluster: () => core.cluster(),
    });
    this.#way = new ClientWay(options);
    this.#upgrades = new Upgrades({
      way: this.#way,
      counts: this.#counts,
      isOpen: options.isOpen,
      isBlocked: (address) => core.blockedFor(address, this.#now()) > 0,
      refused: (status) => this.#metrics.answered(status),
      opened: (accepted) => this.#opened(accepted),
    });
    const figures = () => this.figures();
    this.#watching = options.page && new Watching(
      { ...options, ...options.page, figures },
    );
    this.#blobs = new BlobRoutes({
      settings: options.blobs,
      ask: (ask) => this.apply(core.blob(ask, this.#now())),
      want: options.wantBlobs,
      isCurrent: () => core.trouble === null,
      log: options.log,
      now: () => clock.monotonic(),
      answered: (status) => this.#metrics.answered(status),
    });
    this.#probe = new CommitProbe({
      onTime: (seconds) => {
        this.#metrics.committed(seconds);
        this.#watching?.committed(seconds);
      },
      now: () => clock.monotonic(),
    });
    this.#parts = {
      peers: this.#peers,
      counts: this.#counts,
      probe: this.#probe,
      reads: this.#reads,
      watching: this.#watching,
      cluster: options.cluster,
    };
    this.#rest = new RelayRest({
      ...options,
      way: this.#way,
      watching: this.#watching,
      blobs: this.#blobs,
      metrics: this.#metrics,
      turns: this.#turns,
      now: () => this.#now(),
      apply: (effects) => this.apply(effects),
    });
  }

  /** @returns the port that it listens on. */
  async start(): Promise<number> {
    const port = await this.#front.listen();
    this.#lag.start();
    this.begin();
    return port;
  }

  /** Time passes from now on, whether it listens yet or not. */
  begin(): void {
    if (this.#tick === null) this.#schedule();
  }

  /** Tells every peer that the relay goes away (1001), and ends what is left after a moment. */
  async stop(): Promise<void> {
    this.#front.stopListening();
    this.#tick?.cancel();
    this.#lag.stop();
    this.#watching?.feeds.stop();
    this.#blobs.stop();
    await this.#peers.closeAll();
    this.#front.destroy();
  }

  /** The store's answers, in order. */
  answered(answers: readonly StoreAnswer[]): void {
    this.#probe.answered(answers);
    this.#reads.answered(answers);
    for (const answer of answers) this.#step({ kind: "answer", answer });
    this.#turns.release();
  }

  /** The cluster's log, or who starts its worker, said something. */
  logSaid(event: Extract<CoreEvent, { kind: "log" | "log_again" }>): void {
    this.#lag.worked();
    this.#step(event);
    this.#turns.release();
  }

  /** The port to a files' worker that was just started. */
  blobPort = (port: BlobPort) => this.#blobs.connect(port);

  /** Does what the core asks for. */
  apply(effects: readonly Effect[]): void {
    applyEffects(effects, this.#parts);
  }

  /** What the keeper found at the relay's own address. */
  listener = (news: ListenerNews) => this.#front.listener(news);

  /** Does what the operator asks. */
  operator(ask: OperatorAsk): OperatorAnswers[OperatorAsk["kind"]] {
    return answerOperator(ask, {
      core: this.#options.core,
      now: () => this.#now(),
      figures: () => this.figures(),
      apply: (effects) => this.apply(effects),
    });
  }

  /** Figures for whoever watches the relay. */
  figures(): Readonly<Record<string, number>> {
    return {
      ...this.#options.core.sizes(),
      ...this.#options.checks.figures(),
      ...this.#blobs.figures(),
      sockets: this.#front.sockets,
      accepted: this.#front.accepted,
      pending_logins: this.#counts.pending,
      loop_lag_ms: this.#lag.most,
      queue_bytes: this.#peers.waitingBytes,
      ...memoryFigures(),
    };
  }

  #now(): Now {
    const { clock } = this.#options;
    return { wall: clock.wall(), mono: clock.monotonic() };
  }

  #schedule(): void {
    this.#tick = this.#options.clock.after(TICK_MS, () => {
      this.#schedule();
      this.#peers.check();
      this.#options.checks.tick(this.#turns.busyMs);
      this.#intake.sweep(this.#options.clock.monotonic());
      this.#step({ kind: "tick" });
      this.#watching?.check();
      this.#blobs.check();
      if (++this.#ticks % TICKS_A_REPORT === 0) this.#report();
    });
  }

  /** Where the engine was started with --expose-gc, the heap's figure is of what is in use. */
  #report(): void {
    if (!this.#options.reports) return;
    (globalThis as { gc?: () => void }).gc?.();
    this.#options.log.debug("figures", this.figures());
  }

  #step(event: CoreEvent): void {
    this.apply(this.#options.core.step(event, this.#now()));
  }

  #opened(accepted: Accepted): void {
    const { socket, address } = accepted;
    const conn = ++this.#lastConn;
    const peer = new Peer(
      conn,
      { ...accepted, intake: this.#intake },
      this.#options.clock.monotonic(),
    );
    this.#peers.add(peer);
    this.#counts.opened(address);
    socket.on("message", (data, isBinary) => {
      this.#lag.worked();
      peer.heard(data, isBinary);
      this.#turns.add(peer);
    });
    socket.on("ping", (data) => peer.pong(data));
    socket.on("error", (error) => {
      this.#options.log.debug("socket failed", { conn, reason: error.message });
    });
    socket.on("close", () => this.#closed(peer));
    this.#step({ kind: "opened", conn, address });
  }

  #closed(peer: Peer): void {
    this.#peers.remove(peer);
    this.#turns.forget(peer);
    this.#counts.closed(peer.address, peer.agent !== "");
    this.#step({ kind: "closed", conn: peer.id });
  }

  /** Ends a peer from this side; its rooms hear of it now, not when the socket is gone. */
  #end(peer: Peer, code: number, reason: string): void {
    this.#peers.close(peer.id, code, reason);
    this.#step({ kind: "closed", conn: peer.id });
  }
}
